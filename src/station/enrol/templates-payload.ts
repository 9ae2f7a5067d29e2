/**
 * The payload 'templates' of a record: the fingers of one person, each with its template or why there is none. Version 1, big-endian:
 *
 *     at 0   'SDKF'
 *        4   version, u16: 1
 *        6   count of fingers, u16: 1 to 10
 *        8   for each finger, in ascending order of position:
 *              position, u8: 1 to 10 (ISO/IEC 19794-2:2005, table 2)
 *              state, u8: 0 a template follows; 1 amputated, 2 bandaged, 3 unreadable, 4 not captured
 *              length of the template, u32; 0 unless the state is 0
 *              template, in its native form (src/template/native-layout.ts)
 *
 * Nothing follows. It has no checksum of its own: a payload is named by its SHA-256, and each template has a CRC-32.
 */
import { SidikError } from '../../errors.js'
import { wholeNumber } from '../../options.js'
import type { MissingReason } from '../../persons/types.js'
import { alikePrints } from '../../template/alike.js'
import { decodeTemplate } from '../../template/native.js'
import { implausibility, samePrints } from '../../template/plausible.js'
import type { Template } from '../../types.js'
import { MISSING_REASONS } from './missing.js'

/** A finger of a record: its template, or why there is none. */
export type RecordedFinger =
  | { readonly position: number; readonly template: Template; readonly missing?: undefined }
  | { readonly position: number; readonly missing: MissingReason; readonly template?: undefined }

const MAGIC = [0x53, 0x44, 0x4b, 0x46]
const VERSION = 1
const HEADER_BYTES = 8
const FINGER_BYTES = 6

/** Far above any template: 255 minutiae with codes of both kinds are 12 kB. */
const MOST_TEMPLATE_BYTES = 65_536

/**
 * @param fingers 1 to 10 in any order, no position twice
 * @throws TypeError, RangeError naming what is not as its type says
 */
export function encodeTemplates(fingers: readonly RecordedFinger[]): Uint8Array {
  wholeNumber('count of fingers', fingers.length, 1, 10)
  const ordered = [...fingers].sort((a, b) => a.position - b.position)
  const size = ordered.reduce((sum, { template }) => sum + FINGER_BYTES + (template?.length ?? 0), HEADER_BYTES)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint16(4, VERSION)
  view.setUint16(6, ordered.length)
  let at = HEADER_BYTES
  ordered.forEach(({ position, template, missing }, i) => {
    if (i > 0 && position === ordered[i - 1].position) throw new RangeError(`fingers has position ${position} twice`)
    const length = template === undefined ? 0 : wholeNumber('template.length', template.length, 1, MOST_TEMPLATE_BYTES)
    view.setUint8(at, wholeNumber('position', position, 1, 10))
    view.setUint8(
      at + 1,
      missing === undefined ? 0 : 1 + wholeNumber('missing', MISSING_REASONS.indexOf(missing), 0, 3),
    )
    view.setUint32(at + 2, length)
    if (template !== undefined) bytes.set(template, at + FINGER_BYTES)
    at += FINGER_BYTES + length
  })
  return bytes
}

/**
 * The fingers in ascending order of position, each of them plausible (see {@link assertPlausible}):
 * of a payload that comes from elsewhere. The templates are copies.
 *
 * @throws SidikError RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT; TEMPLATE_FORMAT,
 *   TEMPLATE_VERSION, TEMPLATE_CORRUPT,
 *   TEMPLATE_IMPLAUSIBLE naming the position
 */
export function decodeTemplates(bytes: Uint8Array): RecordedFinger[] {
  const fingers = readTemplates(bytes)
  assertPlausible(fingers)
  return fingers
}

/**
 * Reads as {@link decodeTemplates} does, from a payload that was taken before: its templates are
 * not looked into. Throws SidikError RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT.
 */
export function readTemplates(bytes: Uint8Array): RecordedFinger[] {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SidikError('RECORD_FORMAT', 'these bytes are not the templates of a record: they do not begin with SDKF')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view.getUint16(4)
  if (version !== VERSION) {
    const message = `templates of version ${version}, this program reads ${VERSION}`
    throw new SidikError('RECORD_VERSION', message)
  }
  const count = view.getUint16(6)
  if (count < 1 || count > 10) throw corrupt(6, `the count of fingers is ${count}, must be 1 to 10`)
  const fingers: RecordedFinger[] = []
  let at = HEADER_BYTES
  for (let i = 0; i < count; i++) {
    if (bytes.length - at < FINGER_BYTES) throw corrupt(at, `finger ${i + 1} of ${count} is not there`)
    const [position, state, length] = [view.getUint8(at), view.getUint8(at + 1), view.getUint32(at + 2)]
    const least = (fingers.at(-1)?.position ?? 0) + 1
    if (position < least || position > 10) throw corrupt(at, `position is ${position}, must be ${least} to 10`)
    if (state > MISSING_REASONS.length)
      throw corrupt(at + 1, `state is ${state}, must be 0 to ${MISSING_REASONS.length}`)
    if ((state === 0) !== length > 0) throw corrupt(at + 2, `length is ${length} in state ${state}`)
    if (length > Math.min(MOST_TEMPLATE_BYTES, bytes.length - at - FINGER_BYTES)) {
      throw corrupt(at + 2, `length is ${length}, ${bytes.length - at - FINGER_BYTES} bytes are left`)
    }
    at += FINGER_BYTES
    // A copy, also of a Buffer, whose slice is none.
    const template = new Uint8Array(bytes.subarray(at, at + length))
    fingers.push(state === 0 ? { position, template } : { position, missing: MISSING_REASONS[state - 1] })
    at += length
  }
  if (at !== bytes.length) throw corrupt(at, `${bytes.length - at} bytes follow the last finger`)
  return fingers
}

/**
 * Refuses what no person's fingers are: a template with the minutiae of several fingers laid over
 * each other, or one print under two positions, also moved or changed in part. It needs no engine,
 * so that a hub without one can refuse what a kiosk sends. Whether two prints show one finger, the
 * local gallery says.
 *
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT, TEMPLATE_IMPLAUSIBLE
 *   naming the position
 */
export function assertPlausible(fingers: readonly RecordedFinger[]): void {
  const present = plausibleEach(fingers)
  const contents = present.map(({ contents }) => contents)
  const same = samePrints(contents)
  const found = same ?? alikePrints(contents)
  if (found === undefined) return
  const [a, b] = found.map(i => present[i].position)
  const how = same === undefined ? 'nearly the same' : 'the very same'
  throw new SidikError('TEMPLATE_IMPLAUSIBLE', `positions ${a} and ${b} have ${how} print`)
}

/**
 * Reads as {@link decodeTemplates} does, but does not compare the prints with each other: of a
 * payload that was taken before.
 */
export function decodeKeptTemplates(bytes: Uint8Array): RecordedFinger[] {
  const fingers = readTemplates(bytes)
  plausibleEach(fingers)
  return fingers
}

/** The templates that are there, each plausible by itself. Throws as {@link assertPlausible}. */
function plausibleEach(fingers: readonly RecordedFinger[]) {
  return fingers.flatMap(({ position, template }) => {
    if (template === undefined) return []
    const contents = contentsOf(position, template)
    const why = implausibility(contents)
    if (why !== undefined) throw new SidikError('TEMPLATE_IMPLAUSIBLE', `the template of position ${position}: ${why}`)
    return [{ position, contents }]
  })
}

/** The first two positions that have the very same print, or nearly the same. Throws as {@link assertPlausible}. */
export function samePrintPositions(fingers: readonly RecordedFinger[]): readonly [number, number] | undefined {
  const present = fingers.flatMap(({ position, template }) => (template === undefined ? [] : [{ position, template }]))
  const contents = present.map(({ position, template }) => contentsOf(position, template))
  const same = samePrints(contents) ?? alikePrints(contents)
  return same && [present[same[0]].position, present[same[1]].position]
}

function contentsOf(position: number, template: Template) {
  try {
    return decodeTemplate(template)
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    throw new SidikError(error.code, `the template of position ${position}: ${error.message}`, { cause: error })
  }
}

function corrupt(offset: number, message: string): SidikError {
  return new SidikError('RECORD_CORRUPT', `templates of a record, at offset ${offset}: ${message}`)
}
