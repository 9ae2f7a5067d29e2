import type { Fingertip } from './fingertip.js'
import { handFit } from './hand-fit.js'
import { handMismatch, handUnsure, noFinger, type SlapProblem, wrongCount } from './problems.js'
import { expectedFingers, SLAP_CODES } from './slaps.js'

/** A hand is named when it is this much surer than its mirror image, and one that was stated is doubted at this much against it. */
const SURE = 0.9
const DOUBT = 0.97

/** Which slap it is. */
export interface ToldSlap {
  /** Its code in FRICTION_RIDGE_POSITIONS. */
  readonly code: number
  /** By whom: the caller, or how the fingers lie. */
  readonly by: 'stated' | 'geometry'
  /** 0.5 to 1: how sure that is; 1 where it was stated. */
  readonly certainty: number
}

/** What fingertips are, as far as that can be said. */
export interface Told {
  readonly slap?: ToldSlap
  /** Of the fingertips, from left to right; absent where they are too many, too few, or of an unknown hand. */
  readonly positions?: readonly number[]
  readonly problems: readonly SlapProblem[]
}

/** Gives the fingertips of a stated slap, from left to right, their positions, if they are as many as expected. */
export function tellStated(
  tips: readonly Fingertip[],
  code: number,
  missing: readonly number[],
  tiltRad: number,
): Told {
  const slap: ToldSlap = { code, by: 'stated', certainty: 1 }
  const { positions } = expectedFingers(code, missing)
  if (tips.length !== positions.length) return { slap, problems: countProblems(tips.length, positions.length) }
  const isHand = code === SLAP_CODES.right || code === SLAP_CODES.left
  if (!isHand || chanceOf(tips, positions, tiltRad) >= 1 - DOUBT) return { slap, positions, problems: [] }
  const [stated, other] = code === SLAP_CODES.right ? ['right', 'left'] : ['left', 'right']
  return { slap, positions, problems: [handMismatch(stated, other)] }
}

/** Tells which four fingers these are, from left to right, by how they lie. */
export function tellHand(tips: readonly Fingertip[], missing: readonly number[], tiltRad: number): Told {
  const hands = [SLAP_CODES.right, SLAP_CODES.left].map(code => expectedFingers(code, missing))
  const fitting = hands.filter(({ positions }) => positions.length === tips.length && tips.length > 0)
  if (fitting.length === 0) {
    const expected = Math.max(...hands.map(({ positions }) => positions.length))
    return { problems: countProblems(tips.length, expected) }
  }
  const [{ code, positions }, certainty] = fitting
    .map(hand => [hand, chanceOf(tips, hand.positions, tiltRad)] as const)
    .reduce((a, b) => (b[1] > a[1] ? b : a))
  if (certainty < SURE) return { problems: [handUnsure()] }
  return { slap: { code, by: 'geometry', certainty }, positions, problems: [] }
}

function countProblems(found: number, expected: number): SlapProblem[] {
  return found === 0 ? [noFinger(), wrongCount(0, expected)] : [wrongCount(found, expected)]
}

/** The chance that fingertips are of these positions of one hand, and not of their mirror image. */
function chanceOf(tips: readonly Fingertip[], positions: readonly number[], tiltRad: number): number {
  const mirrored = positions.map(position => (position > 5 ? position - 5 : position + 5)).reverse()
  return 1 / (1 + Math.exp(handFit(tips, mirrored, tiltRad) - handFit(tips, positions, tiltRad)))
}
