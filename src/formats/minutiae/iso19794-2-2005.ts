/**
 * The finger minutiae record of ISO/IEC 19794-2:2005 (clause 7: the record format, not the card formats of clause 8),
 * as it stands in the bytes: nothing scaled, nothing left out. Big-endian.
 *
 *     record header (7.3)                          finger view (7.4), one after the other
 *     offset  bytes  field                         offset  bytes  field
 *          0      4  format identifier 'FMR\0'          0      1  finger position
 *          4      4  version ' 20\0'                    1      1  view number << 4 | impression type
 *          8      4  length of the record               2      1  finger quality, 0 to 100
 *         12      2  certifications << 12 |             3      1  count of minutiae, n
 *                    capture device type ID             4     6n  minutiae
 *         14      2  image width, px                 4+6n      2  length of the extended data, 0 when none
 *         16      2  image height, px                6+6n         extended data
 *         18      2  resolution in x, px per cm
 *         20      2  resolution in y, px per cm    minutia (7.4.2)
 *         22      1  count of finger views              0      2  type << 14 | x
 *         23      1  reserved, 0                        2      2  reserved, 0 << 14 | y
 *                                                       4      1  angle, 256ths of a turn
 *     extended data (7.5), until its length is used     5      1  quality, 0 to 100; 0 not reported
 *          0      2  type
 *          2      2  length
 *          4         data
 */

/** Type of minutia: 0 other, 1 ridge ending, 2 ridge bifurcation. */
export type Iso19794p2MinutiaType = 0 | 1 | 2

/** A minutia as recorded. */
export interface Iso19794p2Minutia {
  readonly type: Iso19794p2MinutiaType
  /** Pixels of the image from the left, 0 to 16,383. */
  readonly x: number
  /** Pixels of the image from the top, 0 to 16,383. */
  readonly y: number
  /** 0 to 255: 256ths of a turn, counter-clockwise from the right. */
  readonly angle: number
  /** 0 to 100; 0 when not reported. */
  readonly quality: number
}

/** One piece of extended data (7.5), its contents not looked into. */
export interface Iso19794p2Extension {
  /** 1 ridge counts, 2 cores and deltas, 3 zonal quality, 256 and above a vendor's own. */
  readonly type: number
  readonly data: Uint8Array
}

/** One view of one finger (7.4). */
export interface Iso19794p2View {
  /** Table 2: 0 unknown, 1 right thumb to 5 right little, 6 left thumb to 10 left little. */
  readonly fingerPosition: number
  /** 0 to 15, counted for each finger. */
  readonly viewNumber: number
  /**
   * 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled, 8 swipe. The other codes up to 15 are
   * reserved; they are kept as they are, since nothing else in a record depends on them.
   */
  readonly impression: number
  /** 0 to 100. */
  readonly quality: number
  /** At most 255. */
  readonly minutiae: readonly Iso19794p2Minutia[]
  readonly extensions: readonly Iso19794p2Extension[]
  /**
   * Whether the length of an extension counts the four bytes of its type and length too. Writers differ: FingerprintIO
   * counts the data alone (its sample of 2 views shows it), NIST's BiomDI counts all, as ANSI INCITS 378 does. What a
   * record has is found by which of the two fills the extended data exactly, data alone first.
   */
  readonly extensionLengthsCountHeaders: boolean
}

/** A whole record (7.3). */
export interface Iso19794p2Record {
  /** Capture equipment certifications, 4 bits: 8 is EFTS/F appendix F. */
  readonly certifications: number
  /** Capture device type ID, 12 bits, given out by the vendor; 0 when not reported. */
  readonly captureDeviceTypeId: number
  /** Of the image in its own resolution, 1 to 65,535. */
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre, at least 99 (250 ppi); 197 means 500 ppi. */
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  /** At most 176: 11 finger positions of 16 views. */
  readonly views: readonly Iso19794p2View[]
}

export const FORMAT_IDENTIFIER = 'FMR\0'
export const VERSION_NUMBER = ' 20\0'
export const RECORD_HEADER_BYTES = 24
export const VIEW_HEADER_BYTES = 4
export const MINUTIA_BYTES = 6
export const EXTENSION_HEADER_BYTES = 4
export const MAX_VIEWS = 176
/** Pixels per centimetre, 7.3. */
export const MIN_RESOLUTION_PX_PER_CM = 99
/** 14 bits. */
export const MAX_COORDINATE = 0x3fff
