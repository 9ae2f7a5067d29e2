/** What kind of finger image record some bytes are: three standards share the identifier 'FIR\0'. */
import { SidikError } from '../../errors.js'
import { HEADER_BYTES_ANSI } from './ansi381-2004.js'
import type { ImageRecordFormat } from './code-names.js'
import { FORMAT_IDENTIFIER, HEADER_BYTES_2005, IMAGE_HEADER_BYTES_2005, VERSION_2005 } from './iso19794-4-2005.js'
import { VERSION_2011 } from './iso19794-4-2011.js'

/**
 * The format of a record, by this rule: version '020\0' is ISO/IEC 19794-4:2011; '010\0' is ANSI INCITS 381-2004 where the lengths
 * of its images, walked from a header of 36 bytes, end where the bytes end and those from a header of 32 bytes do not, and
 * ISO/IEC 19794-4:2005 otherwise. Where neither fits (a damaged record), it is whichever has scale units of 1 or 2 and a bit
 * depth of 1 to 16 where that format keeps them, ISO first.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no finger image record, RECORD_VERSION for another version (ANSI INCITS
 *   381-2009 among them)
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function imageRecordFormatOf(bytes: Uint8Array): ImageRecordFormat {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  const head = String.fromCharCode(...bytes.subarray(0, 8))
  if (!head.startsWith(FORMAT_IDENTIFIER)) {
    throw new SidikError(
      'RECORD_FORMAT',
      `${bytes.length} bytes that do not begin with 'FIR': not a finger image record`,
    )
  }
  const version = head.slice(4)
  if (version === VERSION_2011) return 'iso-19794-4-2011'
  if (version !== VERSION_2005) {
    throw new SidikError(
      'RECORD_VERSION',
      `a finger image record of version ${JSON.stringify(version)}, neither ${JSON.stringify(VERSION_2005)} (ISO/IEC ` +
        `19794-4:2005, ANSI INCITS 381-2004) nor ${JSON.stringify(VERSION_2011)} (ISO/IEC 19794-4:2011): convert it first`,
    )
  }
  const isoFits = imagesFit(bytes, HEADER_BYTES_2005)
  const ansiFits = imagesFit(bytes, HEADER_BYTES_ANSI)
  const isAnsi =
    isoFits || ansiFits ? !isoFits : !isPlausible(bytes, HEADER_BYTES_2005) && isPlausible(bytes, HEADER_BYTES_ANSI)
  return isAnsi ? 'ansi-381-2004' : 'iso-19794-4-2005'
}

/** @throws SidikError RECORD_FORMAT, RECORD_VERSION where these bytes are a record of another standard than `expected` */
export function expectFormat(bytes: Uint8Array, expected: ImageRecordFormat): void {
  const found = imageRecordFormatOf(bytes)
  if (found === expected) return
  const versions = [found, expected].map(format => format === 'iso-19794-4-2011')
  throw new SidikError(
    versions[0] === versions[1] ? 'RECORD_FORMAT' : 'RECORD_VERSION',
    `a finger image record of ${STANDARDS[found]}, not of ${STANDARDS[expected]}: read it as what it is`,
  )
}

const STANDARDS: Record<ImageRecordFormat, string> = {
  'iso-19794-4-2005': 'ISO/IEC 19794-4:2005',
  'iso-19794-4-2011': 'ISO/IEC 19794-4:2011',
  'ansi-381-2004': 'ANSI INCITS 381-2004',
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
