import { SidikError } from '../../errors.js'
import { MAX_FINGER_POSITION, MAX_QUALITY } from '../../template/minutia-codes.js'
import {
  EXTENSION_HEADER_BYTES,
  FORMAT_IDENTIFIER,
  type Iso19794p2Extension,
  type Iso19794p2Minutia,
  type Iso19794p2MinutiaType,
  type Iso19794p2Record,
  type Iso19794p2View,
  MAX_COORDINATE,
  MAX_VIEWS,
  MIN_RESOLUTION_PX_PER_CM,
  MINUTIA_BYTES,
  RECORD_HEADER_BYTES,
  VERSION_NUMBER,
  VIEW_HEADER_BYTES,
} from './iso19794-2-2005.js'

/** Header of an ANSI INCITS 378-2004 record, which has the same first 8 bytes; 4 more where its length needs 4. */
const ANSI_HEADER_BYTES = 26

/**
 * Reads a finger minutiae record of ISO/IEC 19794-2:2005 (clause 7). Nothing of `bytes` is kept, and
 * `writeIso19794p2v2005` gives the same bytes again.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ANSI INCITS 378 among them), RECORD_VERSION for
 *   another version of the standard, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming
 *   field and offset
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readIso19794p2v2005(bytes: Uint8Array): Iso19794p2Record {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkIdentity(bytes, view)
  const certificationsAndDevice = view.getUint16(12)
  const widthPx = positive(view.getUint16(14), 'image width', 14)
  const heightPx = positive(view.getUint16(16), 'image height', 16)
  const xResolutionPxPerCm = resolution(view, 18, 'x')
  const yResolutionPxPerCm = resolution(view, 20, 'y')
  const viewCount = atMost(view.getUint8(22), MAX_VIEWS, 'count of finger views', 22)
  if (view.getUint8(23) !== 0) throw corrupt('reserved byte', 23, `is ${view.getUint8(23)}, not 0`)
  const views: Iso19794p2View[] = []
  let offset = RECORD_HEADER_BYTES
  for (let i = 0; i < viewCount; i++) {
    const end = endOfView(view, offset, i)
    views.push(readView(view, offset, end, widthPx, heightPx))
    offset = end
  }
  if (offset !== bytes.length) {
    throw corrupt('length of the record', 8, `is ${bytes.length}, its ${viewCount} views end at ${offset}`)
  }
  return {
    certifications: certificationsAndDevice >> 12,
    captureDeviceTypeId: certificationsAndDevice & 0xfff,
    widthPx,
    heightPx,
    xResolutionPxPerCm,
    yResolutionPxPerCm,
    views,
  }
}

/** Whether these bytes are one whole record of this standard and version. */
function checkIdentity(bytes: Uint8Array, view: DataView): void {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== FORMAT_IDENTIFIER) {
    throw new SidikError('RECORD_FORMAT', `${bytes.length} bytes that do not begin with 'FMR': not a minutiae record`)
  }
  if (bytes.length < RECORD_HEADER_BYTES) {
    throw corrupt('record header', 0, `needs ${RECORD_HEADER_BYTES} bytes, there are ${bytes.length}`)
  }
  const version = String.fromCharCode(...bytes.subarray(4, 8))
  if (isAnsi378(version, view)) {
    throw new SidikError(
      'RECORD_FORMAT',
      'a minutiae record of ANSI INCITS 378, not of ISO/IEC 19794-2:2005: convert it before reading it here',
    )
  }
  if (version !== VERSION_NUMBER) {
    throw new SidikError(
      'RECORD_VERSION',
      `a minutiae record of version ${JSON.stringify(version)}, not ${JSON.stringify(VERSION_NUMBER)} ` +
        '(ISO/IEC 19794-2:2005): convert it before reading it here',
    )
  }
  const length = view.getUint32(8)
  if (length !== bytes.length) {
    throw corrupt('length of the record', 8, `says ${length} bytes, there are ${bytes.length}`)
  }
}

/**
 * ANSI INCITS 378-2004 shares the identifier and the version, which some write '020' (FingerprintIO's sample). Its
 * length has 2 bytes, or 2 of zero and then 4, so that it stands in the upper half of what is the length here, where
 * a record of ISO has 26 or more only beyond 26 * 64 KiB.
 */
function isAnsi378(version: string, view: DataView): boolean {
  if (version !== VERSION_NUMBER && version !== '020\0') return false
  if (view.getUint32(8) === view.byteLength) return false
  const shortLength = view.getUint16(8)
  if (shortLength === 0) return view.getUint32(10) === view.byteLength
  return shortLength >= ANSI_HEADER_BYTES
}

/** The end of the view that begins at `offset`, found from its counts and checked against the end of the record. */
function endOfView(view: DataView, offset: number, index: number): number {
  const available = view.byteLength
  const minutiaeAt = offset + VIEW_HEADER_BYTES
  if (minutiaeAt > available) throw corrupt(`header of view ${index}`, offset, `passes the end at ${available}`)
  const count = view.getUint8(offset + 3)
  const lengthAt = minutiaeAt + MINUTIA_BYTES * count
  if (lengthAt + 2 > available) {
    throw corrupt(`count of minutiae of view ${index}`, offset + 3, `is ${count}, which passes the end at ${available}`)
  }
  const end = lengthAt + 2 + view.getUint16(lengthAt)
  if (end > available) {
    const length = view.getUint16(lengthAt)
    throw corrupt(
      `extended data length of view ${index}`,
      lengthAt,
      `is ${length}, which passes the end at ${available}`,
    )
  }
  return end
}

function readView(view: DataView, offset: number, end: number, widthPx: number, heightPx: number): Iso19794p2View {
  const count = view.getUint8(offset + 3)
  const minutiaeAt = offset + VIEW_HEADER_BYTES
  const minutiae: Iso19794p2Minutia[] = []
  for (let i = 0; i < count; i++) minutiae.push(readMinutia(view, minutiaeAt + MINUTIA_BYTES * i, widthPx, heightPx))
  return {
    fingerPosition: atMost(view.getUint8(offset), MAX_FINGER_POSITION, 'finger position', offset),
    viewNumber: view.getUint8(offset + 1) >> 4,
    impression: view.getUint8(offset + 1) & 0xf,
    quality: atMost(view.getUint8(offset + 2), MAX_QUALITY, 'finger quality', offset + 2),
    minutiae,
    ...readExtensions(view, minutiaeAt + MINUTIA_BYTES * count + 2, end),
  }
}

function readMinutia(view: DataView, offset: number, widthPx: number, heightPx: number): Iso19794p2Minutia {
  const typeAndX = view.getUint16(offset)
  const reservedAndY = view.getUint16(offset + 2)
  const type = typeAndX >> 14
  const x = typeAndX & MAX_COORDINATE
  const y = reservedAndY & MAX_COORDINATE
  if (type === 3) throw corrupt('minutia type', offset, 'is 3, which is reserved')
  if (reservedAndY >> 14 !== 0) throw corrupt('reserved bits before y', offset + 2, 'are not 0')
  if (x >= widthPx) throw corrupt('minutia x', offset, `is ${x}, the image is ${widthPx} px wide`)
  if (y >= heightPx) throw corrupt('minutia y', offset + 2, `is ${y}, the image is ${heightPx} px high`)
  return {
    type: type as Iso19794p2MinutiaType,
    x,
    y,
    angle: view.getUint8(offset + 4),
    quality: atMost(view.getUint8(offset + 5), MAX_QUALITY, 'minutia quality', offset + 5),
  }
}

function readExtensions(view: DataView, start: number, end: number) {
  for (const extensionLengthsCountHeaders of [false, true]) {
    const extensions = splitExtensions(view, start, end, extensionLengthsCountHeaders ? EXTENSION_HEADER_BYTES : 0)
    if (extensions) return { extensions, extensionLengthsCountHeaders }
  }
  throw corrupt('extended data', start, `has lengths that do not fill its ${end - start} bytes`)
}

/** The extensions, or null when their lengths, less `counted` bytes of header, do not end where the area ends. */
function splitExtensions(view: DataView, start: number, end: number, counted: number): Iso19794p2Extension[] | null {
  const extensions: Iso19794p2Extension[] = []
  let offset = start
  while (offset < end) {
    const dataAt = offset + EXTENSION_HEADER_BYTES
    if (dataAt > end) return null
    const dataLength = view.getUint16(offset + 2) - counted
    if (dataLength < 0 || dataAt + dataLength > end) return null
    const data = new Uint8Array(view.buffer, view.byteOffset + dataAt, dataLength).slice()
    extensions.push({ type: view.getUint16(offset), data })
    offset = dataAt + dataLength
  }
  return extensions
}

function resolution(view: DataView, offset: number, axis: string): number {
  const value = view.getUint16(offset)
  if (value >= MIN_RESOLUTION_PX_PER_CM) return value
  throw corrupt(`resolution in ${axis}`, offset, `is ${value} px/cm, below ${MIN_RESOLUTION_PX_PER_CM}`)
}

function positive(value: number, field: string, offset: number): number {
  if (value > 0) return value
  throw corrupt(field, offset, 'is 0')
}

function atMost(value: number, most: number, field: string, offset: number): number {
  if (value <= most) return value
  throw corrupt(field, offset, `is ${value}, above ${most}`)
}

function corrupt(field: string, offset: number, problem: string): SidikError {
  return new SidikError(
    'RECORD_CORRUPT',
    `ISO/IEC 19794-2:2005 record damaged: ${field} (offset ${offset}) ${problem}; use another copy of the record`,
  )
}
