/** What the codes in finger image records mean, edition by edition: the same number is not always the same thing. */
import { CAPTURE_DEVICE_TECHNOLOGIES } from '../code-names.js'

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

export type ImageRecordFormat = 'iso-19794-4-2005' | 'iso-19794-4-2011' | 'ansi-381-2004'

const IN_ORDER_2005 = ['raw', 'packed', 'wsq', 'jpeg', 'jpeg2000', 'png'] as const
const IN_ORDER_2011 = ['raw', 'packed', 'wsq', 'jpeg', 'jpeg2000-lossy', 'jpeg2000-lossless', 'png'] as const

/** ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004, compression algorithm. */
export const COMPRESSIONS_2005: ReadonlyMap<number, ImageCompression> = new Map(IN_ORDER_2005.entries())

/** ISO/IEC 19794-4:2011, table of compression algorithms. */
export const COMPRESSIONS_2011: ReadonlyMap<number, ImageCompression> = new Map(IN_ORDER_2011.entries())

const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Codes of FRICTION_RIDGE_POSITIONS that ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004 have: fingers, slaps, palms. */
export const POSITIONS_2005: ReadonlySet<number> = new Set([...codes(0, 10), ...codes(13, 15), ...codes(20, 36)])

/** ISO/IEC 19794-4:2011 has two and three fingers besides (tables 6 to 8). */
export const POSITIONS_2011: ReadonlySet<number> = new Set([...POSITIONS_2005, ...codes(40, 50)])

/** ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004, impression type. */
export const IMPRESSIONS_2005: ReadonlyMap<number, string> = new Map([
  [0, 'live-scan plain'],
  [1, 'live-scan rolled'],
  [2, 'non-live-scan plain'],
  [3, 'non-live-scan rolled'],
  [7, 'latent'],
  [8, 'swipe'],
  [9, 'live-scan contactless'],
])

/** ISO/IEC 19794-4:2011, finger and palm impression codes. */
export const IMPRESSIONS_2011: ReadonlyMap<number, string> = new Map([
  [0, 'live-scan plain'],
  [1, 'live-scan rolled'],
  [2, 'non-live-scan plain'],
  [3, 'non-live-scan rolled'],
  [4, 'latent impression'],
  [5, 'latent tracing'],
  [6, 'latent photo'],
  [7, 'latent lift'],
  [8, 'live-scan swipe'],
  [9, 'live-scan vertical roll'],
  [10, 'live-scan palm'],
  [11, 'non-live-scan palm'],
  [12, 'latent palm impression'],
  [13, 'latent palm tracing'],
  [14, 'latent palm photo'],
  [15, 'latent palm lift'],
  [24, 'live-scan optical contactless plain'],
  [28, 'other'],
  [29, 'unknown'],
])

/** Names by code; a code that is not among them is reserved, or a vendor's own. */
export interface ImageRecordCodeNames {
  readonly compressions: ReadonlyMap<number, ImageCompression>
  readonly impressions: ReadonlyMap<number, string>
  /** Empty for the editions that do not record it. */
  readonly captureDeviceTechnologies: ReadonlyMap<number, string>
}

/** What the codes of one format mean. Finger positions are the same in all: FRICTION_RIDGE_POSITIONS. */
export function imageRecordCodeNames(format: ImageRecordFormat): ImageRecordCodeNames {
  return format === 'iso-19794-4-2011'
    ? {
        compressions: COMPRESSIONS_2011,
        impressions: IMPRESSIONS_2011,
        captureDeviceTechnologies: CAPTURE_DEVICE_TECHNOLOGIES,
      }
    : { compressions: COMPRESSIONS_2005, impressions: IMPRESSIONS_2005, captureDeviceTechnologies: new Map() }
}
