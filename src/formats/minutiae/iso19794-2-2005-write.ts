import { MAX_FINGER_POSITION, MAX_MINUTIAE, MAX_QUALITY } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import {
  EXTENSION_HEADER_BYTES,
  FORMAT_IDENTIFIER,
  type Iso19794p2Minutia,
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

/**
 * The bytes of a finger minutiae record (ISO/IEC 19794-2:2005, clause 7).
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeIso19794p2v2005(record: Iso19794p2Record): Uint8Array {
  const lengths = record.views.map((view, i) => lengthOfView(view, `views[${i}]`))
  const length = lengths.reduce((sum, viewLength) => sum + viewLength, RECORD_HEADER_BYTES)
  const bytes = new Uint8Array(length)
  const out = new DataView(bytes.buffer)
  const certifications = whole('certifications', record.certifications, 0, 0xf)
  bytes.set(new TextEncoder().encode(FORMAT_IDENTIFIER + VERSION_NUMBER))
  out.setUint32(8, length)
  out.setUint16(12, (certifications << 12) | whole('captureDeviceTypeId', record.captureDeviceTypeId, 0, 0xfff))
  out.setUint16(14, whole('widthPx', record.widthPx, 1, 0xffff))
  out.setUint16(16, whole('heightPx', record.heightPx, 1, 0xffff))
  out.setUint16(18, whole('xResolutionPxPerCm', record.xResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM, 0xffff))
  out.setUint16(20, whole('yResolutionPxPerCm', record.yResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM, 0xffff))
  out.setUint8(22, whole('views.length', record.views.length, 0, MAX_VIEWS))
  let offset = RECORD_HEADER_BYTES
  record.views.forEach((view, i) => {
    writeView(bytes, out, offset, view, `views[${i}]`, record)
    offset += lengths[i]
  })
  return bytes
}

function lengthOfView(view: Iso19794p2View, path: string): number {
  const count = whole(`${path}.minutiae.length`, view.minutiae.length, 0, MAX_MINUTIAE)
  return VIEW_HEADER_BYTES + MINUTIA_BYTES * count + 2 + lengthOfExtensions(view, path)
}

function lengthOfExtensions({ extensions }: Iso19794p2View, path: string): number {
  const length = extensions.reduce((sum, { data }) => sum + EXTENSION_HEADER_BYTES + data.length, 0)
  return whole(`the length of all ${path}.extensions`, length, 0, 0xffff)
}

function writeView(
  bytes: Uint8Array,
  out: DataView,
  offset: number,
  view: Iso19794p2View,
  path: string,
  image: Iso19794p2Record,
): void {
  const viewNumber = whole(`${path}.viewNumber`, view.viewNumber, 0, 0xf)
  const impression = whole(`${path}.impression`, view.impression, 0, 0xf)
  out.setUint8(offset, whole(`${path}.fingerPosition`, view.fingerPosition, 0, MAX_FINGER_POSITION))
  out.setUint8(offset + 1, (viewNumber << 4) | impression)
  out.setUint8(offset + 2, whole(`${path}.quality`, view.quality, 0, MAX_QUALITY))
  out.setUint8(offset + 3, view.minutiae.length)
  const minutiaeAt = offset + VIEW_HEADER_BYTES
  view.minutiae.forEach((minutia, i) => {
    writeMinutia(out, minutiaeAt + MINUTIA_BYTES * i, minutia, `${path}.minutiae[${i}]`, image)
  })
  const lengthAt = minutiaeAt + MINUTIA_BYTES * view.minutiae.length
  out.setUint16(lengthAt, lengthOfExtensions(view, path))
  writeExtensions(bytes, out, lengthAt + 2, view, path)
}

function writeMinutia(
  out: DataView,
  offset: number,
  minutia: Iso19794p2Minutia,
  path: string,
  { widthPx, heightPx }: Iso19794p2Record,
): void {
  const type = whole(`${path}.type`, minutia.type, 0, 2)
  const x = whole(`${path}.x`, minutia.x, 0, Math.min(widthPx - 1, MAX_COORDINATE))
  out.setUint16(offset, (type << 14) | x)
  out.setUint16(offset + 2, whole(`${path}.y`, minutia.y, 0, Math.min(heightPx - 1, MAX_COORDINATE)))
  out.setUint8(offset + 4, whole(`${path}.angle`, minutia.angle, 0, 0xff))
  out.setUint8(offset + 5, whole(`${path}.quality`, minutia.quality, 0, MAX_QUALITY))
}

function writeExtensions(bytes: Uint8Array, out: DataView, start: number, view: Iso19794p2View, path: string): void {
  const counted = view.extensionLengthsCountHeaders ? EXTENSION_HEADER_BYTES : 0
  let offset = start
  view.extensions.forEach(({ type, data }, i) => {
    out.setUint16(offset, whole(`${path}.extensions[${i}].type`, type, 0, 0xffff))
    out.setUint16(offset + 2, data.length + counted)
    bytes.set(data, offset + EXTENSION_HEADER_BYTES)
    offset += EXTENSION_HEADER_BYTES + data.length
  })
}
