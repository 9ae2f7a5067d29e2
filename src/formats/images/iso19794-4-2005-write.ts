import { FieldWriter } from '../field-writer.js'
import {
  FORMAT_IDENTIFIER,
  type Iso19794p4v2005Image,
  type Iso19794p4v2005Record,
  MAX_BIT_DEPTH,
  VERSION_2005,
} from './iso19794-4-2005.js'

/** Where the low four bytes of the length are; the two before them are 0. */
const LENGTH_OFFSET = 10

/**
 * The bytes of a finger image record of ISO/IEC 19794-4:2005. Codes and counts are written as they are, so that a record which was
 * read with deviations comes out as it went in: a reader without a listener says whether they are the standard's.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeIso19794p4v2005(record: Iso19794p4v2005Record): Uint8Array<ArrayBuffer> {
  return writeRecord(record, () => {})
}

/** @param writeProduct what ANSI INCITS 381-2004 has between the length and the capture device */
export function writeRecord(
  record: Iso19794p4v2005Record,
  writeProduct: (writer: FieldWriter) => void,
): Uint8Array<ArrayBuffer> {
  const writer = new FieldWriter()
  writer.latin1(FORMAT_IDENTIFIER + VERSION_2005)
  writer.u48('length of the record', 0)
  writeProduct(writer)
  writer.u16('captureDeviceTypeId', record.captureDeviceTypeId)
  writer.u16('acquisitionLevel', record.acquisitionLevel)
  writer.u8('fingerCount', record.fingerCount)
  writer.u8('scaleUnits', record.scaleUnits, 1, 2)
  writer.u16('xScanResolution', record.xScanResolution)
  writer.u16('yScanResolution', record.yScanResolution)
  writer.u16('xImageResolution', record.xImageResolution)
  writer.u16('yImageResolution', record.yImageResolution)
  writer.u8('bitDepth', record.bitDepth, 1, MAX_BIT_DEPTH)
  writer.u8('compression', record.compression)
  writer.u16('reservedBytes', record.reservedBytes ?? 0)
  record.views.forEach((image, i) => {
    writeImage(writer, image, `views[${i}]`)
  })
  writer.setU32('length of the record', LENGTH_OFFSET, writer.offset)
  return writer.finish()
}

function writeImage(writer: FieldWriter, image: Iso19794p4v2005Image, path: string): void {
  const lengthOffset = writer.offset
  writer.u32('length', 0)
  writer.u8(`${path}.fingerPosition`, image.fingerPosition)
  writer.u8(`${path}.viewCount`, image.viewCount)
  writer.u8(`${path}.viewNumber`, image.viewNumber)
  writer.u8(`${path}.quality`, image.quality)
  writer.u8(`${path}.impression`, image.impression)
  writer.u16(`${path}.widthPx`, image.widthPx, 1)
  writer.u16(`${path}.heightPx`, image.heightPx, 1)
  writer.u8(`${path}.reservedByte`, image.reservedByte ?? 0)
  writer.bytes(image.payload)
  writer.setU32(`the length of ${path}`, lengthOffset, writer.offset - lengthOffset)
}
