import { MAX_QUALITY } from '../../template/minutia-codes.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { QUALITY_FAILED } from '../quality.js'
import { checkPayload, readBitDepth, readScaleUnits } from './checks.js'
import { CAPTURE_TECHNOLOGIES_2011, COMPRESSIONS_2011, IMPRESSIONS_2011, POSITIONS_2011 } from './code-names.js'
import { readExtendedBlocks } from './extended-blocks-2011.js'
import { expectFormat } from './identity.js'
import {
  type CaptureDate,
  IDENTITY_BYTES_2011,
  type Iso19794p4v2011Record,
  type Iso19794p4v2011Representation,
  type QualityBlock,
} from './iso19794-4-2011.js'

/** Of a whole record: the standard sets no limit, and no image needs more than a few. */
const MAX_EXTENDED_BLOCKS = 10_000

/** Least and most of each field, in the order of the bytes; all bits 1 is unknown besides. */
const DATE_FIELDS = [
  ['month', 1, 12],
  ['day', 1, 31],
  ['hour', 0, 23],
  ['minute', 0, 59],
  // 60 is a leap second.
  ['second', 0, 60],
] as const
const MAX_MILLISECOND = 999

/**
 * Reads a finger image record of ISO/IEC 19794-4:2011. Nothing of `bytes` is kept, and `writeIso19794p4v2011` gives the same bytes
 * again.
 *
 * @param options what the standard does not allow but can only mean one thing (reserved codes, dates that are none, a count of
 *   positions that is not theirs, packed rows that are padded, extended data that do not read as their type says) is reported,
 *   or thrown where nobody listens; a count is reported after what it counts
 * @throws SidikError RECORD_FORMAT for bytes that are no such record, RECORD_VERSION for another edition, RECORD_CORRUPT for
 *   lengths, counts or values that contradict each other, naming field and offset
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` not a function
 */
export function readIso19794p4v2011(bytes: Uint8Array, options: ReadOptions = {}): Iso19794p4v2011Record {
  const reader = new FieldReader(bytes, 'ISO/IEC 19794-4:2011 record', options)
  expectFormat(bytes, 'iso-19794-4-2011')
  reader.bytes('format identifier and version', IDENTITY_BYTES_2011)
  const lengthOffset = reader.offset
  const length = reader.u32('length of the record')
  if (length !== bytes.length) {
    throw reader.corrupt('length of the record', lengthOffset, `says ${length} bytes, there are ${bytes.length}`)
  }
  const count = reader.u16('count of representations')
  const flagOffset = reader.offset
  const flag = reader.u8('certification flag')
  if (flag > 1) throw reader.corrupt('certification flag', flagOffset, `is ${flag}, neither 0 nor 1`)
  const positionCountOffset = reader.offset
  const positionCount = reader.u8('count of positions')
  const representations: Iso19794p4v2011Representation[] = []
  let blocksLeft = MAX_EXTENDED_BLOCKS
  for (let i = 0; i < count; i++) {
    const representation = readRepresentation(reader, i, flag === 1, blocksLeft)
    representations.push(representation)
    blocksLeft -= representation.extended.length
  }
  if (reader.leftBytes > 0) {
    const problem = `is ${bytes.length}, its ${count} representations end at ${reader.offset}`
    throw reader.corrupt('length of the record', lengthOffset, problem)
  }
  const positions = new Set(representations.map(({ position }) => position)).size
  if (positionCount !== positions) {
    reader.deviation('count of positions', positionCountOffset, `is ${positionCount}, the record has ${positions}`)
  }
  return { certificationFlag: flag === 1, positionCount, representations }
}

function readRepresentation(
  record: FieldReader,
  index: number,
  certified: boolean,
  blocksLeft: number,
): Iso19794p4v2011Representation {
  const path = `representation ${index}`
  const of = (field: string) => `${field} of ${path}`
  const lengthOffset = record.offset
  const length = record.u32(of('length'))
  if (length < 4) throw record.corrupt(of('length'), lengthOffset, `is ${length}, itself alone has 4 bytes`)
  const reader = record.part(path, length - 4)
  const captureDate = readDate(reader, path)
  const captureTechnology = reader.code(of('capture device technology'), CAPTURE_TECHNOLOGIES_2011)
  const captureVendor = reader.u16(of('capture device vendor'))
  const captureDevice = reader.u16(of('capture device type'))
  const qualities = listOf(reader, of('count of quality blocks'), () => readQuality(reader, path))
  const certifications = certified
    ? listOf(reader, of('count of certifications'), () => ({
        authority: reader.u16(of('certification authority')),
        scheme: reader.u8(of('certification scheme')),
      }))
    : []
  const position = reader.code(of('position'), POSITIONS_2011)
  const representationNumber = reader.u8(of('representation number'))
  const scaleUnits = readScaleUnits(reader)
  const xScanResolution = reader.u16(of('scan resolution in x'))
  const yScanResolution = reader.u16(of('scan resolution in y'))
  const xImageResolution = reader.u16(of('image resolution in x'))
  const yImageResolution = reader.u16(of('image resolution in y'))
  const bitDepth = readBitDepth(reader)
  const compression = reader.code(of('compression'), COMPRESSIONS_2011)
  const impression = reader.code(of('impression'), IMPRESSIONS_2011)
  const widthPx = reader.u16(of('width'), 1)
  const heightPx = reader.u16(of('height'), 1)
  const payloadLength = reader.u32(of('length of the image'))
  const payloadOffset = reader.offset
  const payload = reader.bytes(of('image'), payloadLength)
  const shape = { widthPx, heightPx, bitDepth }
  checkPayload(reader, of('image'), payloadOffset, COMPRESSIONS_2011.get(compression), shape, payloadLength)
  return {
    captureDate,
    captureTechnology,
    captureVendor,
    captureDevice,
    qualities,
    certifications,
    position,
    representationNumber,
    scaleUnits,
    xScanResolution,
    yScanResolution,
    xImageResolution,
    yImageResolution,
    bitDepth,
    compression,
    impression,
    widthPx,
    heightPx,
    payload,
    extended: readExtendedBlocks(reader, path, blocksLeft),
  }
}

function listOf<T>(reader: FieldReader, field: string, readOne: () => T): T[] {
  return Array.from({ length: reader.u8(field) }, readOne)
}

function readDate(reader: FieldReader, path: string): CaptureDate {
  const year = reader.u16(`capture year of ${path}`)
  const [month, day, hour, minute, second] = DATE_FIELDS.map(([name, least, most]) => {
    const field = `capture ${name} of ${path}`
    const { offset } = reader
    const value = reader.u8(field)
    const unknown = value === 0xff
    if (!unknown && (value < least || value > most)) {
      reader.deviation(field, offset, `is ${value}, not ${least} to ${most}`)
    }
    return value
  })
  const { offset } = reader
  const millisecond = reader.u16(`capture millisecond of ${path}`)
  if (millisecond > MAX_MILLISECOND && millisecond !== 0xffff) {
    reader.deviation(`capture millisecond of ${path}`, offset, `is ${millisecond}, above ${MAX_MILLISECOND}`)
  }
  return { year, month, day, hour, minute, second, millisecond }
}

function readQuality(reader: FieldReader, path: string): QualityBlock {
  const { offset } = reader
  const score = reader.u8(`quality score of ${path}`)
  if (score > MAX_QUALITY && score !== QUALITY_FAILED) {
    reader.deviation(`quality score of ${path}`, offset, `is ${score}, not 0 to ${MAX_QUALITY} or ${QUALITY_FAILED}`)
  }
  return {
    score,
    vendor: reader.u16(`vendor of the quality of ${path}`),
    algorithm: reader.u16(`algorithm of the quality of ${path}`),
  }
}
