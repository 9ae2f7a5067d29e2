import { beginsAs, expectFormat, type RecordFamily, versionOf } from '../identity.js'
import type { DetectableFormat } from '../record-formats.js'
import { FORMAT_IDENTIFIER } from './header.js'

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
 *   up to the record it is ISO, otherwise ANSI INCITS 378-2009 or NIST's layout of it (ansi378-2009-edition.ts).
 * - '035\0': ANSI INCITS 378-2009 with its amendment 1.
 */
export function minutiaeFormatOf(bytes: Uint8Array): DetectableFormat | undefined {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  if (!beginsAs(bytes, FORMAT_IDENTIFIER)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (versionOf(bytes)) {
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

export const MINUTIAE_RECORDS: RecordFamily<DetectableFormat> = {
  identifier: FORMAT_IDENTIFIER,
  name: 'a minutiae record',
  versions: String.raw`" 20\0", "030\0" and "035\0"`,
  reader: 'readMinutiaeRecord',
  formatOf: minutiaeFormatOf,
}

/**
 * That these bytes are a record of one format, for its reader.
 *
 * @throws SidikError RECORD_FORMAT for another standard or no record at all, RECORD_VERSION for another version, RECORD_CORRUPT
 */
export function checkFormat(bytes: Uint8Array, expected: DetectableFormat): void {
  expectFormat(bytes, MINUTIAE_RECORDS, expected)
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
