import { fingerName } from './slaps.js'

export type SlapProblemCode =
  | 'no-finger'
  | 'wrong-count'
  | 'fingers-overlap'
  | 'finger-at-edge'
  | 'hand-mismatch'
  | 'hand-unsure'
  | 'rotated-too-far'

/** One thing about a slap that a person can change at the next try, or should look at. */
export interface SlapProblem {
  readonly code: SlapProblemCode
  readonly message: string
  /** The fingers that it is about, by their place in `fingers`; absent where it is about the whole. */
  readonly fingers?: readonly number[]
}

const counted = (count: number) => (count === 1 ? '1 finger' : `${count} fingers`)

export function noFinger(): SlapProblem {
  return { code: 'no-finger', message: 'no finger was found: lay the fingers flat on the glass and press a little' }
}

export function wrongCount(found: number, expected: number): SlapProblem {
  const hint = found < expected ? 'lay all of them down, or state those that are missing' : 'lift what does not belong'
  return {
    code: 'wrong-count',
    message: `${counted(found)} found where ${expected} ${expected === 1 ? 'was' : 'were'} expected: ${hint}`,
  }
}

/** @param fingers those that touch; none where what is as wide as two was left out */
export function overlap(fingers: readonly number[]): SlapProblem {
  const message = 'fingers touch or overlap: spread them a little'
  return { code: 'fingers-overlap', message, ...(fingers.length > 0 && { fingers }) }
}

export function atEdge(place: number, position: number | undefined): SlapProblem {
  const name = position === undefined ? `finger ${place + 1} from the left` : `the ${fingerName(position)}`
  const message = `${name} is cut off by the edge of the image: lay the hand down further in`
  return { code: 'finger-at-edge', message, fingers: [place] }
}

export function handMismatch(statedName: string, looksLike: string): SlapProblem {
  const message = `this was stated to be the ${statedName} hand, and looks like the ${looksLike} one: check which was laid down`
  return { code: 'hand-mismatch', message }
}

export function handUnsure(): SlapProblem {
  const message = 'which hand this is cannot be told from the image: state it'
  return { code: 'hand-unsure', message }
}

export function rotatedTooFar(degrees: number): SlapProblem {
  const message = `the fingers lean by ${Math.round(Math.abs(degrees))} degrees, more than 45: turn the hand upright`
  return { code: 'rotated-too-far', message }
}
