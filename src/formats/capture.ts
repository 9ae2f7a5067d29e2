import { MAX_QUALITY } from '../template/minutia-codes.js'
import { CAPTURE_DEVICE_TECHNOLOGIES } from './code-names.js'
import type { FieldReader } from './field-reader.js'
import type { FieldWriter } from './field-writer.js'
import { QUALITY_FAILED } from './quality.js'

/**
 * How a print was taken: the beginning of a representation by ISO/IEC 19794-1:2011, which the minutiae records of ISO/IEC
 * 19794-2:2011 and the image records of 19794-4:2011 share. Big-endian.
 *
 *     offset  bytes  field
 *          0      2  year, 65,535 when unknown                 quality block, 5 bytes
 *          2      1  month, 255 when unknown                        0  1  score, 0 to 100; 255 failed
 *          3      1  day, likewise                                  1  2  vendor of the algorithm
 *          4      1  hour                                           3  2  algorithm
 *          5      1  minute
 *          6      1  second                                    certification block, 3 bytes
 *          7      2  millisecond, 65,535 when unknown               0  2  certification authority
 *          9      1  capture device technology                      2  1  certification scheme
 *         10      2  capture device vendor
 *         12      2  capture device type
 *         14      1  count of quality blocks, q
 *         15     5q  quality blocks
 *      15+5q      1  count of certification blocks, c: only where the record's header says that there are such
 *      16+5q     3c  certification blocks
 */

/** Universal time, as far as it is known: from some part on all are 255 (year and millisecond 65,535). */
export interface CaptureTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 31. */
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

export interface QualityBlock {
  /** 0 to 100; 255 when it could not be measured. Others are reserved; they are kept as they are. */
  readonly score: number
  /** As registered with IBIA; 0 when not reported. */
  readonly vendorId: number
  readonly algorithmId: number
}

export interface CertificationBlock {
  /** As registered with IBIA. */
  readonly authorityId: number
  /** 1 image quality for AFIS, 2 for personal verification, 3 requirements for optical readers. */
  readonly scheme: number
}

export interface Capture {
  readonly captureTime: CaptureTime
  /** A code of CAPTURE_DEVICE_TECHNOLOGIES; 0 unknown. */
  readonly captureDeviceTechnology: number
  /** As registered with IBIA; 0 when not reported. */
  readonly captureDeviceVendorId: number
  /** Given out by the vendor; 0 when not reported. */
  readonly captureDeviceTypeId: number
  readonly qualityBlocks: readonly QualityBlock[]
  /** None unless the record's header says that there are such. */
  readonly certificationBlocks: readonly CertificationBlock[]
}

/** A time of which nothing is known. */
export const UNKNOWN_TIME: CaptureTime = {
  year: 0xffff,
  month: 0xff,
  day: 0xff,
  hour: 0xff,
  minute: 0xff,
  second: 0xff,
  millisecond: 0xffff,
}

/** Each part of a time: its greatest and least value. 60 is a leap second's. */
const PARTS: readonly (readonly [part: keyof CaptureTime, least: number, most: number])[] = [
  ['year', 0, 0xfffe],
  ['month', 1, 12],
  ['day', 1, 31],
  ['hour', 0, 23],
  ['minute', 0, 59],
  ['second', 0, 60],
  ['millisecond', 0, 999],
]

const widthOf = (part: keyof CaptureTime) => (UNKNOWN_TIME[part] === 0xffff ? 'u16' : 'u8')

/** @param of the name of a field in messages: which representation's it is */
export function readCapture(
  fields: FieldReader,
  hasCertificationBlocks: boolean,
  of = (field: string) => field,
): Capture {
  return {
    captureTime: readTime(fields, of),
    captureDeviceTechnology: fields.code(of('capture device technology'), CAPTURE_DEVICE_TECHNOLOGIES),
    captureDeviceVendorId: fields.u16(of('capture device vendor')),
    captureDeviceTypeId: fields.u16(of('capture device type')),
    qualityBlocks: Array.from({ length: fields.u8(of('count of quality blocks')) }, () => readQualityBlock(fields, of)),
    certificationBlocks: Array.from(
      { length: hasCertificationBlocks ? fields.u8(of('count of certification blocks')) : 0 },
      () => ({ authorityId: fields.u16(of('certification authority')), scheme: fields.u8(of('certification scheme')) }),
    ),
  }
}

/** Codes and scores are written as they are, so that what was read with deviations comes out as it went in. */
export function writeCapture(out: FieldWriter, capture: Capture, path: string, hasCertificationBlocks: boolean): void {
  const { captureTime, qualityBlocks, certificationBlocks } = capture
  for (const [part] of PARTS) out[widthOf(part)](`${path}.captureTime.${part}`, captureTime[part])
  out.u8(`${path}.captureDeviceTechnology`, capture.captureDeviceTechnology)
  out.u16(`${path}.captureDeviceVendorId`, capture.captureDeviceVendorId)
  out.u16(`${path}.captureDeviceTypeId`, capture.captureDeviceTypeId)
  out.u8(`${path}.qualityBlocks.length`, qualityBlocks.length)
  qualityBlocks.forEach(({ score, vendorId, algorithmId }, i) => {
    out.u8(`${path}.qualityBlocks[${i}].score`, score)
    out.u16(`${path}.qualityBlocks[${i}].vendorId`, vendorId)
    out.u16(`${path}.qualityBlocks[${i}].algorithmId`, algorithmId)
  })
  if (!hasCertificationBlocks && certificationBlocks.length > 0) {
    throw new RangeError(`${path}.certificationBlocks has some, hasCertificationBlocks of the record is false`)
  }
  if (!hasCertificationBlocks) return
  out.u8(`${path}.certificationBlocks.length`, certificationBlocks.length)
  certificationBlocks.forEach(({ authorityId, scheme }, i) => {
    out.u16(`${path}.certificationBlocks[${i}].authorityId`, authorityId)
    out.u8(`${path}.certificationBlocks[${i}].scheme`, scheme)
  })
}

/** A part that is known behind one that is not is as much a deviation as one out of range: the first of them is reported. */
function readTime(fields: FieldReader, of: (field: string) => string): CaptureTime {
  let unknown: string | undefined
  const parts = PARTS.map(([part, least, most]) => {
    const field = of(`capture ${part}`)
    const { offset } = fields
    const value = fields[widthOf(part)](field)
    if (value === UNKNOWN_TIME[part]) unknown = part
    else if (value < least || value > most) fields.deviation(field, offset, `is ${value}, not ${least} to ${most}`)
    else if (unknown !== undefined) {
      fields.deviation(field, offset, `is ${value}, the ${unknown} is unknown`)
      unknown = undefined
    }
    return [part, value] as const
  })
  return Object.fromEntries(parts) as Record<keyof CaptureTime, number>
}

function readQualityBlock(fields: FieldReader, of: (field: string) => string): QualityBlock {
  const { offset } = fields
  const score = fields.u8(of('quality score'))
  if (score > MAX_QUALITY && score !== QUALITY_FAILED) {
    fields.deviation(of('quality score'), offset, `is ${score}, not 0 to ${MAX_QUALITY} or ${QUALITY_FAILED}`)
  }
  return { score, vendorId: fields.u16(of('quality vendor')), algorithmId: fields.u16(of('quality algorithm')) }
}
