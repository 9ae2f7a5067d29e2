import type { ImageInput } from '../../types.js'
import { type AnsiNistCompression, compressionOf } from './compression.js'
import { numberOf, withoutAbsent } from './information.js'
import { resolutionOfFixed, resolutionOfTagged } from './resolution.js'
import {
  type AnsiNistTransaction,
  DATA,
  type FixedImageRecord,
  fieldOf,
  idcOf,
  subfieldsOf,
  type TaggedRecord,
  textOf,
} from './transaction.js'

/** A finger that cannot be there (14.018 AMP): amputated, or unable to print (bandaged). */
export interface MissingFinger {
  readonly position: number
  readonly reason: 'XX' | 'UP'
}

/** Where one finger lies in the image of several (14.021 SEG), pixels of the image from its top left corner. */
export interface FingerSegment {
  readonly position: number
  readonly leftPx: number
  readonly rightPx: number
  readonly topPx: number
  readonly bottomPx: number
}

/** NFIQ of one finger (14.022 NQM): 1 excellent to 5 poor, 254 not to be had, 255 not computed. */
export interface NistQuality {
  readonly position: number
  readonly quality: number
}

/** What a record of types 3 to 6, 10, 13 to 15 or 17 says of its image. */
export interface ImageHeader {
  readonly recordType: number
  readonly idc: number
  /** Types 3 to 6, 13 to 15: the impression type, table 7. */
  readonly impression?: number
  /** Type 10: 'FACE', 'SCAR', 'TATTOO' ... */
  readonly imageType?: string
  /** Codes of `FRICTION_RIDGE_POSITIONS`; the likeliest first where there are several. */
  readonly positions: readonly number[]
  readonly sourceAgency?: string
  /** YYYYMMDD */
  readonly captureDate?: string
  readonly widthPx?: number
  readonly heightPx?: number
  /**
   * Pixels per inch of lines and columns, absent where the record does not state them. 196 to 198
   * px/cm are 500, 393 to 395 are 1,000.
   */
  readonly xPpi?: number
  readonly yPpi?: number
  /** Absent for one that the standard does not know: see `compressionCode`. */
  readonly compression?: AnsiNistCompression
  /** As it stands in the record. */
  readonly compressionCode?: string
  readonly bitsPerPixel?: number
  readonly colourSpace?: string
  readonly comment?: string
  readonly missingFingers: readonly MissingFinger[]
  readonly segments: readonly FingerSegment[]
  readonly nistQualities: readonly NistQuality[]
  /** The image as it stands in the record: a file, or pixels where the compression is NONE. */
  readonly data?: Uint8Array
}

/** An image of friction ridges, ready to be decoded. */
export interface FrictionRidgeImage extends ImageHeader {
  /** Of its record in `transaction.records`. */
  readonly recordIndex: number
  /**
   * A frame of the pixels, or the file as it is; absent where there is no image, or one of a
   * compression that the standard does not know. A file need not state its resolution: give `xPpi`
   * to the decoder, where `yPpi` is the same.
   */
  readonly image?: ImageInput
}

export const FRICTION_RIDGE_TYPES: ReadonlySet<number> = new Set([3, 4, 5, 6, 13, 14, 15])
const IMAGE_TYPES: ReadonlySet<number> = new Set([...FRICTION_RIDGE_TYPES, 10, 17])

/** What the record at `recordIndex` says of its image; undefined for a record of another type. */
export function imageHeader(transaction: AnsiNistTransaction, recordIndex: number): ImageHeader | undefined {
  const record = transaction.records[recordIndex]
  if (record === undefined) throw new RangeError(`recordIndex is ${recordIndex}, of ${transaction.records.length}`)
  if (!IMAGE_TYPES.has(record.type)) return undefined
  if (record.kind === 'fixed-image') return headerOfFixed(record, transaction)
  return record.kind === 'tagged' ? headerOfTagged(record) : undefined
}

/** All images of fingers and palms (types 3 to 6, 13, 14, 15), in their order. */
export function imagesOf(transaction: AnsiNistTransaction): FrictionRidgeImage[] {
  return transaction.records.flatMap((record, recordIndex) => {
    const header = FRICTION_RIDGE_TYPES.has(record.type) ? imageHeader(transaction, recordIndex) : undefined
    if (header === undefined) return []
    const image = decodable(header)
    return [image === undefined ? { ...header, recordIndex } : { ...header, recordIndex, image }]
  })
}

function decodable(header: ImageHeader): ImageInput | undefined {
  const { compression, data, widthPx, heightPx, bitsPerPixel, xPpi, yPpi } = header
  if (data === undefined || compression === undefined) return undefined
  if (compression !== 'NONE') return data
  if (widthPx === undefined || heightPx === undefined) return undefined
  const pixels = bitsPerPixel === 8 ? data : bitsPerPixel === 16 ? bigEndian16(data) : undefined
  if (pixels?.length !== widthPx * heightPx) return undefined
  const frame = { data: pixels, widthPx, heightPx }
  return xPpi !== undefined && xPpi === yPpi ? { ...frame, ppi: xPpi } : frame
}

function bigEndian16(data: Uint8Array): Uint16Array {
  return Uint16Array.from({ length: data.length >> 1 }, (_, i) => (data[2 * i] << 8) | data[2 * i + 1])
}

function headerOfFixed(record: FixedImageRecord, transaction: AnsiNistTransaction): ImageHeader {
  // Two-level images of types 5 and 6 have compressions of their own (facsimile).
  const isGrey = record.type <= 4
  return withoutAbsent<ImageHeader>({
    recordType: record.type,
    idc: record.idc,
    impression: record.impression,
    positions: record.positions,
    widthPx: record.widthPx,
    heightPx: record.heightPx,
    ...resolutionOfFixed(record, transaction.records[0] as TaggedRecord),
    compression: isGrey ? compressionOf(record.compression) : undefined,
    compressionCode: String(record.compression),
    bitsPerPixel: isGrey ? 8 : 1,
    missingFingers: [],
    segments: [],
    nistQualities: [],
    data: record.data,
  })
}

function headerOfTagged(record: TaggedRecord): ImageHeader {
  const { type } = record
  const text = (number: number) => textOf(record, number)
  const number = (field: number) => numberOf(text(field))
  const isRidges = FRICTION_RIDGE_TYPES.has(type)
  const numbers = (field: number, count: number) => numberSets(record, field, count)
  const data = fieldOf(record, DATA)
  return withoutAbsent<ImageHeader>({
    recordType: type,
    idc: Number(idcOf(record)),
    impression: isRidges ? number(3) : undefined,
    imageType: type === 10 ? text(3) : undefined,
    positions: isRidges ? numbers(13, 1).map(([position]) => position) : [],
    sourceAgency: text(4),
    captureDate: text(5),
    widthPx: number(6),
    heightPx: number(7),
    ...resolutionOfTagged(record),
    compression: compressionOf(text(11)),
    compressionCode: text(11),
    bitsPerPixel: type === 10 ? undefined : number(12),
    colourSpace: type === 10 ? text(12) : type === 17 ? text(13) : undefined,
    comment: text({ 10: 38, 17: 21 }[type] ?? 20),
    missingFingers: type === 14 ? missingFingersOf(record) : [],
    segments:
      type === 14
        ? numbers(21, 5).map(([position, leftPx, rightPx, topPx, bottomPx]) => ({
            position,
            leftPx,
            rightPx,
            topPx,
            bottomPx,
          }))
        : [],
    nistQualities: type === 14 ? numbers(22, 2).map(([position, quality]) => ({ position, quality })) : [],
    data: data !== undefined && 'data' in data ? data.data : undefined,
  })
}

/** Subfields of `count` numbers; others, which deviated when they were read, are left out. */
function numberSets(record: TaggedRecord, field: number, count: number): number[][] {
  return subfieldsOf(record, field)
    .filter(items => items.length === count && items.every(item => /^\d{1,5}$/.test(item)))
    .map(items => items.map(Number))
}

function missingFingersOf(record: TaggedRecord): MissingFinger[] {
  return subfieldsOf(record, 18).flatMap(([position, reason]) =>
    /^\d{1,2}$/.test(position) && (reason === 'XX' || reason === 'UP') ? [{ position: Number(position), reason }] : [],
  )
}
