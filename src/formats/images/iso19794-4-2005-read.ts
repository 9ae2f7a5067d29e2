import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { IMAGE_IMPRESSIONS_2005 } from '../code-names.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { IDENTITY_BYTES } from '../identity.js'
import { QUALITY_NOT_REPORTED } from '../quality.js'
import { checkPayload, MAX_IMAGES, readBitDepth, readScaleUnits } from './checks.js'
import { COMPRESSIONS_2005 } from './compressions.js'
import { checkFormat } from './format-of.js'
import type { ImageResolution } from './image-resolution.js'
import { IMAGE_HEADER_BYTES_2005, type Iso19794p4v2005Image, type Iso19794p4v2005Record } from './iso19794-4-2005.js'
import { POSITIONS_2005 } from './positions.js'

/**
 * Reads a finger image record of ISO/IEC 19794-4:2005. Nothing of `bytes` is kept, and `writeIso19794p4v2005` gives the same bytes
 * again.
 *
 * @param options what the standard does not allow but can only mean one thing (reserved codes and bytes, counts that are not those
 *   of the images, packed rows that are padded) is reported, or thrown where nobody listens; a count is reported after what it counts
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ANSI INCITS 381 among them), RECORD_VERSION for another
 *   edition, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming field and offset
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` not a function
 */
export function readIso19794p4v2005(bytes: Uint8Array, options: ReadOptions = {}): Iso19794p4v2005Record {
  const reader = new FieldReader(bytes, 'ISO/IEC 19794-4:2005 record', options)
  checkFormat(bytes, 'iso-19794-4-2005')
  readIdentityAndLength(reader)
  return readFromDevice(reader)
}

/** Up to the length, which both standards have. */
export function readIdentityAndLength(reader: FieldReader): void {
  reader.bytes('format identifier and version', IDENTITY_BYTES)
  const { offset } = reader
  const length = reader.u48('length of the record')
  if (length !== reader.end) {
    reader.damage('length of the record', offset, `says ${length} bytes, there are ${reader.end}`)
  }
}

/** From the capture device ID on, where the two standards are the same again. */
export function readFromDevice(reader: FieldReader): Iso19794p4v2005Record {
  const captureDeviceTypeId = reader.u16('capture device ID')
  const acquisitionLevel = reader.u16('image acquisition level')
  const countOffset = reader.offset
  const fingerCount = reader.u8('count of fingers')
  const scaleUnits = readScaleUnits(reader)
  const xScanResolution = reader.u16('scan resolution in x')
  const yScanResolution = reader.u16('scan resolution in y')
  const xImageResolution = reader.u16('image resolution in x')
  const yImageResolution = reader.u16('image resolution in y')
  const bitDepth = readBitDepth(reader)
  const compression = reader.code('compression', COMPRESSIONS_2005)
  const reservedOffset = reader.offset
  const reservedBytes = reader.u16('reserved bytes')
  if (reservedBytes !== 0) reader.deviation('reserved bytes', reservedOffset, `is ${reservedBytes}, not 0`)
  const header = { scaleUnits, xImageResolution, yImageResolution, bitDepth, compression }
  const views: Iso19794p4v2005Image[] = []
  while (reader.leftBytes > 0) {
    if (views.length === MAX_IMAGES) {
      throw reader.corrupt(
        'count of fingers',
        countOffset,
        `cannot be that of more than ${MAX_IMAGES} images, which are there`,
      )
    }
    const index = views.length
    views.push(...reader.several(`image ${index}`, 1, () => readImage(reader, index, header)))
  }
  const positions = new Set(views.map(({ fingerPosition }) => fingerPosition)).size
  if (fingerCount !== views.length && fingerCount !== positions) {
    const found = `the record has ${views.length} images of ${positions} positions`
    reader.deviation('count of fingers', countOffset, `is ${fingerCount}, ${found}`)
  }
  return {
    captureDeviceTypeId,
    acquisitionLevel,
    fingerCount,
    scaleUnits,
    xScanResolution,
    yScanResolution,
    xImageResolution,
    yImageResolution,
    bitDepth,
    compression,
    ...(reservedBytes !== 0 && { reservedBytes }),
    views,
  }
}

/** Statements of a record on all of its images. */
type OfAllImages = ImageResolution & Pick<Iso19794p4v2005Record, 'bitDepth' | 'compression'>

function readImage(record: FieldReader, index: number, header: OfAllImages): Iso19794p4v2005Image {
  const of = (field: string) => `${field} of image ${index}`
  const lengthOffset = record.offset
  const length = record.u32(of('length'))
  if (length < IMAGE_HEADER_BYTES_2005) {
    throw record.corrupt(
      of('length'),
      lengthOffset,
      `is ${length}, its header alone has ${IMAGE_HEADER_BYTES_2005} bytes`,
    )
  }
  const reader = record.part(of('header and image'), length - 4)
  const fingerPosition = reader.code(of('finger position'), POSITIONS_2005)
  const viewCountOffset = reader.offset
  const viewCount = reader.u8(of('count of views'))
  if (viewCount === 0) reader.deviation(of('count of views'), viewCountOffset, 'is 0')
  const viewNumber = reader.u8(of('view number'))
  if (viewNumber === 0 || (viewNumber > viewCount && viewCount > 0)) {
    reader.deviation(of('view number'), viewCountOffset + 1, `is ${viewNumber}, not 1 to ${viewCount}`)
  }
  const qualityOffset = reader.offset
  const quality = reader.u8(of('quality'))
  if (quality > MAX_QUALITY && quality < QUALITY_NOT_REPORTED) {
    reader.deviation(of('quality'), qualityOffset, `is ${quality}, not 0 to ${MAX_QUALITY} or ${QUALITY_NOT_REPORTED}`)
  }
  const impression = reader.code(of('impression'), IMAGE_IMPRESSIONS_2005)
  const widthPx = reader.u16(of('width'), 1)
  const heightPx = reader.u16(of('height'), 1)
  const reservedOffset = reader.offset
  const reservedByte = reader.u8(of('reserved byte'))
  if (reservedByte !== 0) reader.deviation(of('reserved byte'), reservedOffset, `is ${reservedByte}, not 0`)
  const payloadOffset = reader.offset
  const shape = { ...header, widthPx, heightPx }
  const payload = reader.bytes(of('pixels'), reader.leftBytes)
  checkPayload(reader, of('pixels'), payloadOffset, COMPRESSIONS_2005.get(header.compression), shape, payload)
  return {
    fingerPosition,
    viewCount,
    viewNumber,
    quality,
    impression,
    widthPx,
    heightPx,
    ...(reservedByte !== 0 && { reservedByte }),
    payload,
  }
}
