/** What was given as a person's fingers, checked. */
import { readNamedTemplate } from '../comparer.js'
import { SidikError } from '../errors.js'
import { readOptions, wholeNumber } from '../options.js'
import { LEAST_MINUTIAE, SAME_FINGER_SCORE, sameFingerPairs } from '../same-finger.js'
import type { Template, TemplateContents } from '../types.js'
import type { FingerFeedback, FingerInput, MissingReason, StatedPosition } from './types.js'

export const MOST_FINGERS = 10

const REASONS: readonly MissingReason[] = ['amputated', 'bandaged', 'unreadable', 'not-captured']

export interface ReadFinger {
  /** Which of those given, from 0. */
  readonly index: number
  readonly position: StatedPosition
  readonly missing?: MissingReason | undefined
  readonly template?: Template | undefined
  readonly contents?: TemplateContents | undefined
}

/** A finger that can be compared. */
export type UsableFinger = ReadFinger & { readonly template: Template; readonly contents: TemplateContents }

export function isUsable(finger: ReadFinger): finger is UsableFinger {
  return finger.template !== undefined
}

/**
 * @throws TypeError, RangeError naming the finger: no list, an eleventh, a position twice, neither template nor reason
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT, naming the finger
 */
export function readFingers(call: string, given: { readonly fingers: readonly FingerInput[] }): ReadFinger[] {
  const { fingers } = readOptions(call, given, ['fingers'])
  if (!Array.isArray(fingers)) throw new TypeError('fingers must be an array')
  if (fingers.length > MOST_FINGERS) throw new RangeError(`fingers has ${fingers.length}, may have ${MOST_FINGERS}`)
  const read = fingers.map((finger: FingerInput, index) => readFinger(`fingers[${index}]`, finger, index))
  for (const { position, index } of read) {
    const first = read.findIndex(other => position !== 0 && other.position === position)
    if (position === 0 || first === index) continue
    throw new RangeError(`fingers[${index}] has position ${position}, as has fingers[${first}]`)
  }
  return read
}

function readFinger(name: string, finger: FingerInput, index: number): ReadFinger {
  const given = readOptions(name, finger as { position?: number; template?: Template; missing?: MissingReason }, [
    'position',
    'template',
    'missing',
  ])
  const position = given.position === undefined ? undefined : wholeNumber(`${name}.position`, given.position, 0, 10)
  if (given.missing !== undefined) {
    if (given.template !== undefined) throw new TypeError(`${name} has a template and is called missing`)
    if (!REASONS.includes(given.missing)) throw new RangeError(`${name}.missing must be one of ${REASONS.join(', ')}`)
    if (position === undefined) throw new TypeError(`${name} is missing: its position must be given, 0 if unknown`)
    return { index, position, missing: given.missing }
  }
  const contents = readNamedTemplate(`${name}.template`, given.template as Template)
  return { index, position: position ?? contents.fingerPosition, template: given.template, contents }
}

/**
 * The same fingers, those that show too little marked as unreadable, and what a person can do about these and about a
 * finger that was put down twice.
 *
 * @param match score of two templates
 * @throws SidikError NO_USABLE_FINGER
 */
export function judgeFingers(
  fingers: readonly ReadFinger[],
  match: (a: Template, b: Template) => number,
): { fingers: ReadFinger[]; feedback: FingerFeedback[] } {
  const feedback: FingerFeedback[] = []
  const judged = fingers.map((finger): ReadFinger => {
    const { index, position, contents } = finger
    if (contents === undefined || contents.minutiae.length >= LEAST_MINUTIAE) return finger
    const message = `${contents.minutiae.length} minutiae, ${LEAST_MINUTIAE} are needed: capture this finger again`
    feedback.push({ code: 'too-few-minutiae', fingers: [index], message })
    return { index, position, missing: 'unreadable' }
  })
  const usable = judged.filter(isUsable)
  if (usable.length === 0) {
    throw new SidikError('NO_USABLE_FINGER', `none of the ${fingers.length} fingers can be compared: capture one more`)
  }
  const score = (a: UsableFinger, b: UsableFinger) => match(a.template, b.template)
  for (const [a, b] of sameFingerPairs(usable, score, () => SAME_FINGER_SCORE)) {
    const message = `positions ${a.position} and ${b.position} show one finger: capture the one that is wrong again`
    feedback.push({ code: 'same-finger-twice', fingers: [a.index, b.index], message })
  }
  return { fingers: judged, feedback }
}
