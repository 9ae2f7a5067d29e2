import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { type CaptureTime, type QualityBlock, UNKNOWN_TIME } from '../capture.js'
import { QUALITY_NOT_REPORTED } from '../quality.js'
import type { ImageRecordFormat } from '../record-formats.js'
import { COMPRESSIONS_2005, COMPRESSIONS_2011, type ImageCompression } from './compressions.js'
import type { ImageRecord } from './image-record.js'
import type { Iso19794p4v2005Record } from './iso19794-4-2005.js'
import type { Iso19794p4v2011Record } from './iso19794-4-2011.js'

/** One image for a record: its payload ready-made, and what the record is to say of it. */
export interface RecordImage {
  readonly payload: Uint8Array
  readonly compression: ImageCompression
  readonly widthPx: number
  readonly heightPx: number
  /** A whole number. */
  readonly ppi: number
  /** 8 unless given. */
  readonly bitDepth?: number | undefined
  /** A code of FRICTION_RIDGE_POSITIONS; 0 (unknown) unless given. */
  readonly fingerPosition?: number | undefined
  /** As the format numbers them (`impressionsOf`); 0 (live-scan plain) unless given. */
  readonly impression?: number | undefined
  /** The older editions take the score of the first alone. */
  readonly qualityBlocks?: readonly QualityBlock[] | undefined
}

/** What a record says besides its images; each format takes what it has room for. */
export interface ImageRecordOptions {
  readonly format: ImageRecordFormat
  /** Unknown unless given. ISO/IEC 19794-4:2011 alone. */
  readonly captureTime?: CaptureTime | undefined
  /** A code of CAPTURE_DEVICE_TECHNOLOGIES; 0 (unknown) unless given. ISO/IEC 19794-4:2011 alone. */
  readonly captureDeviceTechnology?: number | undefined
  /** 0 (not reported) unless given. ISO/IEC 19794-4:2011 alone. */
  readonly captureDeviceVendorId?: number | undefined
  /** 0 (not reported) unless given. */
  readonly captureDeviceTypeId?: number | undefined
  /** 30 for 500 ppi and 40 for 1,000 unless given, which claim least of a sensor. The older editions alone. */
  readonly acquisitionLevel?: number | undefined
  /** CBEFF product identifier of the software, as registered with IBIA; 0 unless given. ANSI INCITS 381-2004 alone. */
  readonly ownerId?: number | undefined
  readonly productTypeId?: number | undefined
}

const INCH = 1

/**
 * A record of one or more images.
 *
 * @throws RangeError for no image, for a compression that the format has no code for, and where images differ in what the format
 *   says of all of them at once (resolution, bits, compression: the older editions)
 */
export function imageRecordOf(images: readonly RecordImage[], options: ImageRecordOptions): ImageRecord {
  if (images.length === 0) throw new RangeError('images is empty, a record has at least one')
  const { format } = options
  if (format === 'iso-19794-4-2011') return { format, record: recordOf2011(images, options) }
  const record = recordOf2005(images, options)
  if (format === 'iso-19794-4-2005') return { format, record }
  if (format !== 'ansi-381-2004') throw new RangeError(`format is ${format}, none of a finger image record`)
  const { ownerId = 0, productTypeId = 0 } = options
  return { format, record: { ...record, ownerId, productTypeId } }
}

function recordOf2011(images: readonly RecordImage[], options: ImageRecordOptions): Iso19794p4v2011Record {
  const numberOf = counter()
  return {
    hasCertificationBlocks: false,
    positionCount: new Set(images.map(positionOf)).size,
    views: images.map(image => ({
      captureTime: options.captureTime ?? UNKNOWN_TIME,
      captureDeviceTechnology: options.captureDeviceTechnology ?? 0,
      captureDeviceVendorId: options.captureDeviceVendorId ?? 0,
      captureDeviceTypeId: options.captureDeviceTypeId ?? 0,
      qualityBlocks: image.qualityBlocks ?? [],
      certificationBlocks: [],
      fingerPosition: positionOf(image),
      viewNumber: numberOf(positionOf(image)),
      ...resolutionsOf(image),
      bitDepth: image.bitDepth ?? 8,
      compression: codeOf(image.compression, options.format, COMPRESSIONS_2011),
      impression: image.impression ?? 0,
      widthPx: image.widthPx,
      heightPx: image.heightPx,
      payload: image.payload,
      extensions: [],
    })),
  }
}

function recordOf2005(images: readonly RecordImage[], options: ImageRecordOptions): Iso19794p4v2005Record {
  const [first] = images
  const compression = codeOf(first.compression, options.format, COMPRESSIONS_2005)
  const bitDepth = first.bitDepth ?? 8
  for (const image of images) {
    const isLike =
      image.ppi === first.ppi &&
      (image.bitDepth ?? 8) === bitDepth &&
      codeOf(image.compression, options.format, COMPRESSIONS_2005) === compression
    if (!isLike)
      throw new RangeError(`images of one ${options.format} record must agree in ppi, bitDepth and compression`)
  }
  const numberOf = counter()
  return {
    captureDeviceTypeId: options.captureDeviceTypeId ?? 0,
    acquisitionLevel: options.acquisitionLevel ?? (first.ppi >= 1000 ? 40 : 30),
    fingerCount: images.length,
    ...resolutionsOf(first),
    bitDepth,
    compression,
    views: images.map(image => {
      const fingerPosition = positionOf(image)
      const score = image.qualityBlocks?.[0]?.score
      return {
        fingerPosition,
        viewCount: images.filter(other => positionOf(other) === fingerPosition).length,
        viewNumber: numberOf(fingerPosition) + 1,
        quality: score === undefined || score > MAX_QUALITY ? QUALITY_NOT_REPORTED : score,
        impression: image.impression ?? 0,
        widthPx: image.widthPx,
        heightPx: image.heightPx,
        payload: image.payload,
      }
    }),
  }
}

const positionOf = (image: RecordImage) => image.fingerPosition ?? 0

/** How often each position was asked for before. */
function counter(): (fingerPosition: number) => number {
  const counts = new Map<number, number>()
  return fingerPosition => {
    const count = counts.get(fingerPosition) ?? 0
    counts.set(fingerPosition, count + 1)
    return count
  }
}

function resolutionsOf({ ppi }: RecordImage) {
  const each = { xScanResolution: ppi, yScanResolution: ppi, xImageResolution: ppi, yImageResolution: ppi }
  return { scaleUnits: INCH, ...each } as const
}

/** The older editions have one code for JPEG 2000 with loss and without; the newer none for not saying which. */
function codeOf(
  compression: ImageCompression,
  format: ImageRecordFormat,
  codes: ReadonlyMap<number, ImageCompression>,
): number {
  const name = codes === COMPRESSIONS_2005 && compression.startsWith('jpeg2000') ? 'jpeg2000' : compression
  for (const [code, known] of codes) if (known === name) return code
  throw new RangeError(`compression is ${compression}, for which ${format} has no code`)
}
