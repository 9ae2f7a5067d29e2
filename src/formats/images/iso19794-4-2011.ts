/**
 * The finger image record of ISO/IEC 19794-4:2011, as it stands in the bytes. Big-endian.
 *
 *     general header                               representation, one after the other
 *     offset  bytes  field                         bytes  field
 *          0      4  format identifier 'FIR\0'         4  length of the representation, these four bytes too
 *          4      4  version '020\0'                   k  how it was captured (capture.ts), at least 15 bytes
 *          8      4  length of the record              1  finger or palm position
 *         12      2  count of representations          1  representation number
 *         14      1  certification flag, 0 or 1        1  scale units, 1 inch, 2 cm
 *         15      1  count of finger positions         4  sampling rate of the capture device in x and y
 *                                                      4  sampling rate of the image in x and y
 *     extended data block                              1  bits a pixel, 1 to 16
 *      bytes  field                                    1  compression
 *          2  type                                     1  impression type
 *          2  length, these four bytes too             4  width and height, px
 *             data                                     4  length of the image
 *                                                         image
 *     of type 1: segmentation                             extended data blocks up to the end
 *          2  vendor of the segmentation
 *          2  its algorithm                        of type 2: annotation
 *          1  quality of the segmentation              1  count, each: position 1, code 1
 *          2  vendor of the segments' quality
 *          2  its algorithm                        of type 3: comment, text up to its end
 *          1  count of segments, each:
 *             position 1, quality 1,
 *             count of corners 1, x 2 and y 2 each,
 *             orientation 1
 */
import type { Capture } from '../capture.js'
import type { ExtendedBlock } from './extended-blocks-2011.js'

/** One image of one finger, palm or several fingers. */
export interface Iso19794p4v2011Representation extends Capture {
  /** A code of FRICTION_RIDGE_POSITIONS. */
  readonly fingerPosition: number
  /** Counted for each position, from 0. */
  readonly viewNumber: number
  /** Sampling rates are pixels an inch (1) or a centimetre (2). */
  readonly scaleUnits: 1 | 2
  readonly xScanResolution: number
  readonly yScanResolution: number
  readonly xImageResolution: number
  readonly yImageResolution: number
  /** 1 to 16. */
  readonly bitDepth: number
  /** As `compressionsOf` the format numbers them. */
  readonly compression: number
  /** As `impressionsOf` the format numbers them. */
  readonly impression: number
  readonly widthPx: number
  readonly heightPx: number
  /** The image as the compression says: not looked into. */
  readonly payload: Uint8Array
  readonly extensions: readonly ExtendedBlock[]
}

/** A whole record. */
export interface Iso19794p4v2011Record {
  /** Whether representations say for what their capture device is certified. */
  readonly hasCertificationBlocks: boolean
  /** Of different positions among the views. */
  readonly positionCount: number
  /** At most 65,535. */
  readonly views: readonly Iso19794p4v2011Representation[]
}

export const VERSION_2011 = '020\0'
