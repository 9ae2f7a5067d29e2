import { SidikError } from '../../errors.js'
import { checkIdentifier, FORMAT_IDENTIFIER } from './header.js'

/** The record formats that bytes can be told by; card formats have nothing to tell them by. */
export type DetectableFormat = 'iso-19794-2-2005' | 'iso-19794-2-2011' | 'ansi-378-2004' | 'ansi-378-2009'

const STANDARDS: Record<DetectableFormat, string> = {
  'iso-19794-2-2005': 'ISO/IEC 19794-2:2005',
  'iso-19794-2-2011': 'ISO/IEC 19794-2:2011',
  'ansi-378-2004': 'ANSI INCITS 378-2004',
  'ansi-378-2009': 'ANSI INCITS 378-2009',
}

/** Header of an ANSI INCITS 378-2004 record; 4 more where its length needs 6 bytes. */
const ANSI_2004_HEADER_BYTES = 26
const ISO_2005_HEADER_BYTES = 24
/** Before the first representation of an ISO/IEC 19794-2:2011 record. */
const ISO_2011_HEADER_BYTES = 15
/** Of a representation without quality blocks, certification blocks, minutiae and extended data. */
const ISO_2011_LEAST_REPRESENTATION_BYTES = 34

/**
 * Which minutiae record these bytes are, by what their header says; undefined for anything else. Nothing behind the header
 * is checked. The card formats of ISO/IEC 19794-2 have no header, so no bytes are ever told to be one of them.
 *
 * All begin with 'FMR\0' and a version, which ISO and ANSI share:
 *
 * - ' 20\0' (some write '020\0'): in ISO records the length that follows has 4 bytes; in ANSI records 2, or 2 of zero and
 *   then 4. The one that is the count of bytes decides. Where none is (a damaged record): upper half 26 or more, or 0 with
 *   a lower half below 24, is ANSI.
 * - '030\0': an ISO record goes on with representations that each begin with their length; where all these lengths add
 *   up to the record it is ISO, otherwise ANSI.
 * - '035\0': ANSI INCITS 378-2009 with its amendment 1.
 */
export function minutiaeFormatOf(bytes: Uint8Array): DetectableFormat | undefined {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  const head = String.fromCharCode(...bytes.subarray(0, 8))
  if (!head.startsWith(FORMAT_IDENTIFIER)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (head.slice(4)) {
    case ' 20\0':
    case '020\0':
      return hasAnsi2004Length(view) ? 'ansi-378-2004' : 'iso-19794-2-2005'
    case '030\0':
      return hasRepresentationLengths(view) ? 'iso-19794-2-2011' : 'ansi-378-2009'
    case '035\0':
      return 'ansi-378-2009'
    default:
      return undefined
  }
}

/**
 * That these bytes are a record of one format, for its reader.
 *
 * @throws SidikError RECORD_FORMAT for another standard or no record at all, RECORD_VERSION for another version
 */
export function checkFormat(bytes: Uint8Array, wanted: DetectableFormat): void {
  checkIdentifier(bytes)
  const found = minutiaeFormatOf(bytes)
  if (found === wanted || bytes.length < 8) return
  const standard = STANDARDS[wanted]
  if (found === undefined) {
    const version = JSON.stringify(String.fromCharCode(...bytes.subarray(4, 8)))
    throw new SidikError('RECORD_VERSION', `a minutiae record of version ${version}, not one of ${standard}`)
  }
  const code = found.slice(0, 4) === wanted.slice(0, 4) ? 'RECORD_VERSION' : 'RECORD_FORMAT'
  throw new SidikError(
    code,
    `what looks like a minutiae record of ${STANDARDS[found]} (version ${JSON.stringify(String.fromCharCode(...bytes.subarray(4, 8)))}), ` +
      `not of ${standard}: read it with readMinutiaeRecord, which reads all of them`,
  )
}

function hasAnsi2004Length(view: DataView): boolean {
  const length = view.byteLength
  if (length < ISO_2005_HEADER_BYTES) return false
  if (view.getUint32(8) === length) return false
  const upper = view.getUint16(8)
  if (upper === length || (upper === 0 && view.getUint32(10) === length)) return true
  return upper === 0 ? view.getUint16(10) < ISO_2005_HEADER_BYTES : upper >= ANSI_2004_HEADER_BYTES
}

/** Whether lengths of representations fit the record; of those beyond the end of a record that was cut, nothing is said. */
function hasRepresentationLengths(view: DataView): boolean {
  const bytes = view.byteLength
  if (bytes < ISO_2011_HEADER_BYTES) return true
  const stated = view.getUint32(8)
  const count = view.getUint16(12)
  if (view.getUint8(14) > 1) return false
  let end = ISO_2011_HEADER_BYTES
  for (let i = 0; i < count; i++) {
    if (end + 4 > bytes) return end <= stated && bytes < stated
    const length = view.getUint32(end)
    if (length < ISO_2011_LEAST_REPRESENTATION_BYTES) return false
    end += length
  }
  return end === stated || end === bytes
}
