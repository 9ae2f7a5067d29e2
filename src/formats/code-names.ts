/** What codes mean that the records of both families have; those of positions are in finger-positions.ts. */
import type { RecordFormat } from './record-formats.js'

/** Capture device technology: ISO/IEC 19794-2:2011 and 19794-4:2011. */
export const CAPTURE_DEVICE_TECHNOLOGIES: ReadonlyMap<number, string> = new Map(
  [
    'unknown or unspecified',
    'white light, optical, total internal reflection',
    'white light, optical, direct view on platen',
    'white light, optical, touchless',
    'monochromatic visible light, optical, total internal reflection',
    'monochromatic visible light, optical, direct view on platen',
    'monochromatic visible light, optical, touchless',
    'monochromatic infrared, optical, total internal reflection',
    'monochromatic infrared, optical, direct view on platen',
    'monochromatic infrared, optical, touchless',
    'multispectral, optical, total internal reflection',
    'multispectral, optical, direct view on platen',
    'multispectral, optical, touchless',
    'electroluminescent',
    'semiconductor, capacitive',
    'semiconductor, radio frequency',
    'semiconductor, thermal',
    'pressure sensitive',
    'ultrasound',
    'mechanical',
    'glass fibre',
  ].entries(),
)

const SCANS: readonly (readonly [code: number, name: string])[] = [
  [0, 'live-scan plain'],
  [1, 'live-scan rolled'],
  [2, 'non-live-scan plain'],
  [3, 'non-live-scan rolled'],
  [8, 'live-scan swipe'],
]

const CONTACTLESS_2004 = [9, 'live-scan contactless'] as const

/** ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004, impression type. */
export const IMAGE_IMPRESSIONS_2005: ReadonlyMap<number, string> = new Map([...SCANS, [7, 'latent'], CONTACTLESS_2004])

/** ISO/IEC 19794-2:2011 (fingers) and 19794-4:2011 (palms too). */
export const IMPRESSIONS_2011: ReadonlyMap<number, string> = new Map([
  ...SCANS,
  [4, 'latent impression'],
  [5, 'latent tracing'],
  [6, 'latent photo'],
  [7, 'latent lift'],
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

/** ANSI INCITS 378-2009: by how the finger met the sensor. */
const ANSI_IMPRESSIONS_2009: ReadonlyMap<number, string> = new Map([
  ...SCANS,
  [20, 'live-scan optical contact plain'],
  [21, 'live-scan optical contact rolled'],
  [22, 'live-scan non-optical contact plain'],
  [23, 'live-scan non-optical contact rolled'],
  [24, 'live-scan optical contactless plain'],
  [25, 'live-scan optical contactless rolled'],
  [26, 'live-scan non-optical contactless plain'],
  [27, 'live-scan non-optical contactless rolled'],
  [28, 'other'],
  [29, 'unknown'],
])

const IMPRESSIONS: Record<RecordFormat, ReadonlyMap<number, string>> = {
  'iso-19794-2-2005': new Map(SCANS),
  'iso-19794-2-2005-card': new Map(),
  'iso-19794-2-2011': IMPRESSIONS_2011,
  'ansi-378-2004': new Map([...SCANS, CONTACTLESS_2004]),
  'ansi-378-2009': ANSI_IMPRESSIONS_2009,
  'iso-19794-4-2005': IMAGE_IMPRESSIONS_2005,
  'iso-19794-4-2011': IMPRESSIONS_2011,
  'ansi-381-2004': IMAGE_IMPRESSIONS_2005,
}

/**
 * Names of impression types by code, in one format: the same number is not always the same thing. A code that is not among them is
 * reserved, or a vendor's own. Empty for card formats, which do not record it.
 */
export function impressionsOf(format: RecordFormat): ReadonlyMap<number, string> {
  return IMPRESSIONS[format]
}
