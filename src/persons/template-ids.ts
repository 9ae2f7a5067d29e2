/**
 * Ids of a person's templates in a gallery, from which the whole set of persons is read back:
 *
 *     <person>/f1:<fingers>/<n>        3276012304560001/f1:1,2,3a,4,5,6,7,8,9,10/2
 *
 * `f1` is the version of this form. `fingers` lists all of the person's, in their order: the stated position (0 unknown), and
 * a letter where there is no template (a amputated, b bandaged, u unreadable, n not captured). `n` is the place in that
 * list, from 1, of the finger that the template is of. So every template says how many others the person has: a person of
 * whom some are absent was not enrolled, or not removed, to the end. The two last parts hold no slash, so that the person's
 * id may be any text, slashes and all of this form included.
 */
import { galleryId, MAX_ID_BYTES } from '../options.js'
import type { MissingReason, StatedPosition } from './types.js'

const FORM = /^(.+)\/f1:((?:0|[1-9]|10)[abun]?(?:,(?:0|[1-9]|10)[abun]?){0,9})\/([1-9]|10)$/s

const LETTERS: Readonly<Record<MissingReason, string>> = {
  amputated: 'a',
  bandaged: 'b',
  unreadable: 'u',
  'not-captured': 'n',
}

/** '/f1:', ten positions (one of two digits), a letter each, nine commas, '/10'. */
const MOST_SUFFIX_BYTES = 4 + 11 + 10 + 9 + 3

/** Longest id of a person, in bytes of UTF-8. */
export const MAX_PERSON_ID_BYTES = MAX_ID_BYTES - MOST_SUFFIX_BYTES

/** A finger as the ids say it: its position, and why there is no template if there is none. */
export interface ListedFinger {
  readonly position: StatedPosition
  readonly missing?: MissingReason | undefined
}

/** @throws TypeError when it is no string that UTF-8 can carry, RangeError when it is empty or too long */
export function personId(value: unknown): string {
  const id = galleryId(value)
  if (id.length * 3 <= MAX_PERSON_ID_BYTES || new TextEncoder().encode(id).length <= MAX_PERSON_ID_BYTES) return id
  throw new RangeError(`id is longer than ${MAX_PERSON_ID_BYTES} bytes of UTF-8`)
}

/** The list in the ids: '1,2,3a'. */
export function encodeFingers(fingers: readonly ListedFinger[]): string {
  return fingers.map(({ position, missing }) => `${position}${missing === undefined ? '' : LETTERS[missing]}`).join(',')
}

export function decodeFingers(list: string): ListedFinger[] {
  const reasons = Object.keys(LETTERS) as MissingReason[]
  return list.split(',').map(entry => {
    const missing = reasons.find(reason => entry.endsWith(LETTERS[reason]))
    return { position: Number.parseInt(entry, 10), ...(missing !== undefined && { missing }) }
  })
}

/** @param index of the finger in the list, from 0 */
export function templateId(person: string, list: string, index: number): string {
  return `${person}/f1:${list}/${index + 1}`
}

/** Undefined for an id that is not of this form: a template that no person has. */
export function readTemplateId(id: string): { person: string; list: string; index: number } | undefined {
  const found = FORM.exec(id)
  if (found === null) return undefined
  const [, person, list, place] = found
  const index = Number(place) - 1
  const entry = list.split(',')[index]
  // A template of a finger that the list does not have, or calls missing, is of no person.
  return entry !== undefined && /\d$/.test(entry) ? { person, list, index } : undefined
}
