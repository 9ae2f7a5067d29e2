/**
 * The finger image record of ISO/IEC 19794-4:2011, as it stands in the bytes. Big-endian.
 *
 *     general header                               representation, one after the other
 *     offset  bytes  field                         bytes  field
 *          0      4  format identifier 'FIR\0'         4  length of the representation, these four bytes too
 *          4      4  version '020\0'                   9  capture date and time (UTC): year 2, month, day, hour,
 *          8      4  length of the record                 minute, second, milliseconds 2; all bits 1 where unknown
 *         12      2  count of representations          1  capture device technology
 *         14      1  certification flag, 0 or 1        2  capture device vendor
 *         15      1  count of finger positions         2  capture device type
 *                                                      1  count of quality blocks, then 5 bytes each:
 *     extended data block                                 score 1, vendor of the algorithm 2, algorithm 2
 *      bytes  field                                   (1  where the flag is 1: count of certifications, then
 *          2  type                                        3 bytes each: authority 2, scheme 1)
 *          2  length, these four bytes too             1  finger or palm position
 *             data                                     1  representation number
 *                                                      1  scale units, 1 inch, 2 cm
 *     of type 1: segmentation                          4  sampling rate of the capture device in x and y
 *          2  vendor of the segmentation               4  sampling rate of the image in x and y
 *          2  its algorithm                            1  bits a pixel, 1 to 16
 *          1  quality of the segmentation              1  compression
 *          2  vendor of the segments' quality          1  impression type
 *          2  its algorithm                            4  width and height, px
 *          1  count of segments, each:                 4  length of the image
 *             position 1, quality 1,                      image
 *             count of corners 1, x 2 and y 2 each,       extended data blocks up to the end
 *             orientation 1
 *     of type 2: annotation                        of type 3: comment, text up to its end
 *          1  count, each: position 1, code 1
 */
import type { ExtendedBlock } from './extended-blocks-2011.js'

/** UTC; a field is 255 (year and millisecond 65,535) where it is not known. */
export interface CaptureDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

export interface QualityBlock {
  /** 0 to 100; 255 where it could not be computed. */
  readonly score: number
  /** As IBIA numbers them: of the vendor, and of the algorithm by that vendor. */
  readonly vendor: number
  readonly algorithm: number
}

export interface CertificationBlock {
  readonly authority: number
  readonly scheme: number
}

/** One image of one finger, palm or several fingers. */
export interface Iso19794p4v2011Representation {
  readonly captureDate: CaptureDate
  /** A code of CAPTURE_TECHNOLOGIES_2011. */
  readonly captureTechnology: number
  /** 0 where not reported. */
  readonly captureVendor: number
  readonly captureDevice: number
  readonly qualities: readonly QualityBlock[]
  /** Empty where the record's certification flag is not set. */
  readonly certifications: readonly CertificationBlock[]
  /** A code of FRICTION_RIDGE_POSITIONS. */
  readonly position: number
  /** Counted for each position, from 0. */
  readonly representationNumber: number
  /** Sampling rates are pixels an inch (1) or a centimetre (2). */
  readonly scaleUnits: 1 | 2
  readonly xScanResolution: number
  readonly yScanResolution: number
  readonly xImageResolution: number
  readonly yImageResolution: number
  /** 1 to 16. */
  readonly bitDepth: number
  /** A code of COMPRESSIONS_2011. */
  readonly compression: number
  /** A code of IMPRESSIONS_2011. */
  readonly impression: number
  readonly widthPx: number
  readonly heightPx: number
  /** The image as the compression says: not looked into. */
  readonly payload: Uint8Array
  readonly extended: readonly ExtendedBlock[]
}

/** A whole record. */
export interface Iso19794p4v2011Record {
  /** Whether representations say for what their capture device is certified. */
  readonly certificationFlag: boolean
  /** Of different positions among the representations. */
  readonly positionCount: number
  /** At most 65,535. */
  readonly representations: readonly Iso19794p4v2011Representation[]
}

export const VERSION_2011 = '020\0'
export const IDENTITY_BYTES_2011 = 8
