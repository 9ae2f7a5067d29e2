/** What kind of finger image record some bytes are: three standards share the identifier 'FIR\0'. */
import { beginsAs, expectFormat, type RecordFamily, versionOf } from '../identity.js'
import type { ImageRecordFormat } from '../record-formats.js'
import { HEADER_BYTES_ANSI } from './ansi381-2004.js'
import { FORMAT_IDENTIFIER, HEADER_BYTES_2005, IMAGE_HEADER_BYTES_2005, VERSION_2005 } from './iso19794-4-2005.js'
import { VERSION_2011 } from './iso19794-4-2011.js'

/**
 * Which finger image record these bytes are, by this rule; undefined for anything else (ANSI INCITS 381-2009 among it). Version
 * '020\0' is ISO/IEC 19794-4:2011; '010\0' is ANSI INCITS 381-2004 where the lengths of its images, walked from a header of 36
 * bytes, end where the bytes end and those from a header of 32 bytes do not, and ISO/IEC 19794-4:2005 otherwise. Where neither fits
 * (a damaged record), it is whichever has scale units of 1 or 2 and a bit depth of 1 to 16 where that format keeps them, ISO first.
 *
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function imageRecordFormatOf(bytes: Uint8Array): ImageRecordFormat | undefined {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  if (!beginsAs(bytes, FORMAT_IDENTIFIER)) return undefined
  const version = versionOf(bytes)
  if (version === VERSION_2011) return 'iso-19794-4-2011'
  if (version !== VERSION_2005) return undefined
  const isoFits = imagesFit(bytes, HEADER_BYTES_2005)
  const ansiFits = imagesFit(bytes, HEADER_BYTES_ANSI)
  const isAnsi =
    isoFits || ansiFits ? !isoFits : !isPlausible(bytes, HEADER_BYTES_2005) && isPlausible(bytes, HEADER_BYTES_ANSI)
  return isAnsi ? 'ansi-381-2004' : 'iso-19794-4-2005'
}

export const IMAGE_RECORDS: RecordFamily<ImageRecordFormat> = {
  identifier: FORMAT_IDENTIFIER,
  name: 'a finger image record',
  versions: String.raw`"010\0" and "020\0"`,
  reader: 'readImageRecord',
  formatOf: imageRecordFormatOf,
}

/**
 * That these bytes are a record of one format, for its reader.
 *
 * @throws SidikError RECORD_FORMAT for another standard or no record at all, RECORD_VERSION for another edition, RECORD_CORRUPT
 */
export function checkFormat(bytes: Uint8Array, expected: ImageRecordFormat): void {
  expectFormat(bytes, IMAGE_RECORDS, expected)
}

function imagesFit(bytes: Uint8Array, headerBytes: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = headerBytes
  while (at + IMAGE_HEADER_BYTES_2005 <= bytes.length) {
    const length = view.getUint32(at)
    if (length < IMAGE_HEADER_BYTES_2005) return false
    at += length
  }
  return at === bytes.length
}

/** Whether the header keeps scale units and bit depth where it would if it had this length. */
function isPlausible(bytes: Uint8Array, headerBytes: number): boolean {
  const scaleUnits = bytes[headerBytes - 13]
  const bitDepth = bytes[headerBytes - 4]
  return (scaleUnits === 1 || scaleUnits === 2) && bitDepth >= 1 && bitDepth <= 16
}
