/** How images are compressed, edition by edition: the same number is not always the same thing. */
import type { ImageRecordFormat } from '../record-formats.js'

/** How the pixels of an image lie in its payload. */
export type ImageCompression =
  /** One pixel a byte, or two bytes (high first) where it has more than 8 bits. */
  | 'raw'
  /** Bits of pixels one after the other, most significant first. */
  | 'packed'
  | 'wsq'
  | 'jpeg'
  /** With loss or without: the older editions do not say. */
  | 'jpeg2000'
  | 'jpeg2000-lossy'
  | 'jpeg2000-lossless'
  | 'png'

const IN_ORDER_2005 = ['raw', 'packed', 'wsq', 'jpeg', 'jpeg2000', 'png'] as const
const IN_ORDER_2011 = ['raw', 'packed', 'wsq', 'jpeg', 'jpeg2000-lossy', 'jpeg2000-lossless', 'png'] as const

/** ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004, compression algorithm. */
export const COMPRESSIONS_2005: ReadonlyMap<number, ImageCompression> = new Map(IN_ORDER_2005.entries())

/** ISO/IEC 19794-4:2011, table of compression algorithms. */
export const COMPRESSIONS_2011: ReadonlyMap<number, ImageCompression> = new Map(IN_ORDER_2011.entries())

/** By code, in one format. A code that is not among them is reserved. */
export function compressionsOf(format: ImageRecordFormat): ReadonlyMap<number, ImageCompression> {
  return format === 'iso-19794-4-2011' ? COMPRESSIONS_2011 : COMPRESSIONS_2005
}
