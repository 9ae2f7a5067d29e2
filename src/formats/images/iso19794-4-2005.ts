/**
 * The finger image record of ISO/IEC 19794-4:2005, as it stands in the bytes; ANSI INCITS 381-2004 has the same with a product
 * identifier more. Big-endian.
 *
 *     general record header (7.1)                  finger image header (7.2) and image, one after the other
 *     offset  bytes  field                         offset  bytes  field
 *          0      4  format identifier 'FIR\0'          0      4  length of header and image
 *          4      4  version '010\0'                    4      1  finger or palm position
 *          8      6  length of the record               5      1  count of views of it
 *      (  14      4  ANSI alone: product identifier,    6      1  view number
 *                    owner and type )                   7      1  quality, 0 to 100; 254 undefined
 *         14      2  capture device ID                  8      1  impression type
 *         16      2  image acquisition level            9      2  width, px
 *         18      1  count of fingers or palms         11      2  height, px
 *         19      1  scale units, 1 inch, 2 cm         13      1  reserved, 0
 *         20      2  scan resolution in x              14         image
 *         22      2  scan resolution in y
 *         24      2  image resolution in x
 *         26      2  image resolution in y
 *         28      1  bits a pixel, 1 to 16
 *         29      1  compression
 *         30      2  reserved, 0
 */

/** One view of one finger or palm (7.2). */
export interface Iso19794p4v2005Image {
  /** A code of FRICTION_RIDGE_POSITIONS. */
  readonly fingerPosition: number
  /** How many views of this position the record has, 1 to 255. */
  readonly viewCount: number
  /** From 1. */
  readonly viewNumber: number
  /** 0 to 100; 254 where undefined, which is all that the standards had at first. */
  readonly quality: number
  /** As `impressionsOf` the format numbers them. */
  readonly impression: number
  readonly widthPx: number
  readonly heightPx: number
  /** Where it is not 0: against the standard, kept as it is. */
  readonly reservedByte?: number
  /** The image as the record's compression says: not looked into. */
  readonly payload: Uint8Array
}

/** A whole record (7.1). */
export interface Iso19794p4v2005Record {
  /** Given out by the vendor; 0 where not reported. */
  readonly captureDeviceTypeId: number
  /** Image acquisition setting level (table 1): 10, 20, 30, 31, 35, 40, 41, by resolution and the sensor's range of grays. */
  readonly acquisitionLevel: number
  /**
   * Of fingers or palms. Writers differ in whether views of the same one count: what follows is read up to the end of the record,
   * and the count may be either.
   */
  readonly fingerCount: number
  /** Resolutions are pixels an inch (1) or a centimetre (2). */
  readonly scaleUnits: 1 | 2
  /** Of the sensor. */
  readonly xScanResolution: number
  readonly yScanResolution: number
  /** Of the images as they are recorded. */
  readonly xImageResolution: number
  readonly yImageResolution: number
  /** 1 to 16. */
  readonly bitDepth: number
  /** As `compressionsOf` the format numbers them. */
  readonly compression: number
  /** Where they are not 0: against the standard, kept as they are. */
  readonly reservedBytes?: number
  readonly views: readonly Iso19794p4v2005Image[]
}

export const FORMAT_IDENTIFIER = 'FIR\0'
export const VERSION_2005 = '010\0'
export const HEADER_BYTES_2005 = 32
export const IMAGE_HEADER_BYTES_2005 = 14
export const MAX_BIT_DEPTH = 16
