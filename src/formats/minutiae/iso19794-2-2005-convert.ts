import { SidikError } from '../../errors.js'
import { codeOfDirection, directionOfCode, MINUTIA_TYPES } from '../../template/minutia-codes.js'
import { decodeTemplate, encodeTemplate } from '../../template/native.js'
import type { Template, TemplateContents } from '../../types.js'
import type { Iso19794p2MinutiaType, Iso19794p2Record } from './iso19794-2-2005.js'
import { readIso19794p2v2005 } from './iso19794-2-2005-read.js'
import { writeIso19794p2v2005 } from './iso19794-2-2005-write.js'

/** What a template holds but for codes: all that a minutiae record can give. */
export type MinutiaePrint = Omit<TemplateContents, 'methodVersion' | 'geometricCodes'>

const CM_PER_INCH = 2.54

/** 500 ppi in whole pixels per centimetre (500 / 2.54 = 196.85). Those who round otherwise write 196 or 198. */
const PX_PER_CM_AT_500_PPI = 197

/** Largest image side a template can state. */
const MAX_SIDE_PX = 0xffff

/** One axis of a record's image: its resolution and the factor that takes its pixels to 500 ppi. */
function axisOf(pxPerCm: number): { ppi: number; scale: number } {
  if (Math.abs(pxPerCm - PX_PER_CM_AT_500_PPI) <= 1) return { ppi: 500, scale: 1 }
  const ppi = pxPerCm * CM_PER_INCH
  return { ppi, scale: 500 / ppi }
}

function sideAt500Ppi(field: string, sidePx: number, scale: number): number {
  const side = Math.max(1, Math.round(sidePx * scale))
  if (side <= MAX_SIDE_PX) return side
  throw new SidikError(
    'RECORD_CORRUPT',
    `${field} of ${sidePx} px is ${side} px at 500 ppi, a template holds ${MAX_SIDE_PX}: check size and resolution`,
  )
}

/**
 * The print of one view of a record, at 500 ppi. A record of 196 to 198 px/cm is taken as 500 ppi, its coordinates
 * untouched; others are scaled and rounded. Directions, types and qualities are the same numbers in both.
 *
 * @param viewIndex position in `record.views`
 * @throws RangeError when `viewIndex` is not that of a view
 * @throws SidikError RECORD_CORRUPT when the image is wider or higher than 65,535 px at 500 ppi
 */
export function isoToMinutiae(record: Iso19794p2Record, viewIndex = 0): MinutiaePrint {
  const view = record.views[viewIndex]
  if (!view) throw new RangeError(`viewIndex is ${viewIndex}, the record has ${record.views.length} views`)
  const xAxis = axisOf(record.xResolutionPxPerCm)
  const yAxis = axisOf(record.yResolutionPxPerCm)
  const widthPx = sideAt500Ppi('widthPx', record.widthPx, xAxis.scale)
  const heightPx = sideAt500Ppi('heightPx', record.heightPx, yAxis.scale)
  return {
    widthPx,
    heightPx,
    sourcePpi: Math.min(Math.round(xAxis.ppi), 0xffff),
    quality: view.quality,
    fingerPosition: view.fingerPosition,
    minutiae: view.minutiae.map(({ type, x, y, angle, quality }) => ({
      xPx: Math.min(Math.round(x * xAxis.scale), widthPx - 1),
      yPx: Math.min(Math.round(y * yAxis.scale), heightPx - 1),
      directionRad: directionOfCode(angle),
      type: MINUTIA_TYPES[type],
      quality,
    })),
  }
}

/**
 * A template of one view of a record. It has no codes yet (methodVersion 0): they are made from its minutiae when it
 * is compared.
 *
 * @throws SidikError RECORD_FORMAT, RECORD_VERSION or RECORD_CORRUPT as {@link readIso19794p2v2005}
 * @throws RangeError when `viewIndex` is not that of a view
 */
export function isoToTemplate(bytes: Uint8Array, viewIndex = 0): Template {
  return encodeTemplate({
    ...isoToMinutiae(readIso19794p2v2005(bytes), viewIndex),
    methodVersion: 0,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  })
}

/** What a record states and a template does not. */
export interface TemplateToIsoOptions {
  /** Capture equipment certifications, 4 bits; 0 (none) unless given. */
  readonly certifications?: number
  /** Capture device type ID, 12 bits; 0 (not reported) unless given. */
  readonly captureDeviceTypeId?: number
  /** Impression type; 0 (live-scan plain) unless given. */
  readonly impression?: number
  /** Finger position, 0 to 10; the template's unless given. */
  readonly fingerPosition?: number
}

/**
 * The record of one template: one view, 197 px/cm, minutiae in the same order with the same numbers; codes are left
 * out, as the standard has no place for them.
 *
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION or TEMPLATE_CORRUPT as {@link decodeTemplate}
 * @throws RangeError when an option is out of range, or a minutia lies beyond the 14 bits of a record's coordinates
 */
export function templateToIso(template: Template, options: TemplateToIsoOptions = {}): Uint8Array {
  const contents = decodeTemplate(template)
  return writeIso19794p2v2005({
    certifications: options.certifications ?? 0,
    captureDeviceTypeId: options.captureDeviceTypeId ?? 0,
    widthPx: contents.widthPx,
    heightPx: contents.heightPx,
    xResolutionPxPerCm: PX_PER_CM_AT_500_PPI,
    yResolutionPxPerCm: PX_PER_CM_AT_500_PPI,
    views: [
      {
        fingerPosition: options.fingerPosition ?? contents.fingerPosition,
        viewNumber: 0,
        impression: options.impression ?? 0,
        quality: contents.quality,
        minutiae: contents.minutiae.map(({ xPx, yPx, directionRad, type, quality }) => ({
          type: MINUTIA_TYPES.indexOf(type) as Iso19794p2MinutiaType,
          x: xPx,
          y: yPx,
          angle: codeOfDirection(directionRad),
          quality,
        })),
        extensions: [],
        extensionLengthsCountHeaders: false,
      },
    ],
  })
}
