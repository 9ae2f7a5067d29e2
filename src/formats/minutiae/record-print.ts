import { SidikError } from '../../errors.js'
import { MAX_FINGER_POSITION, MAX_QUALITY, MINUTIA_TYPES } from '../../template/minutia-codes.js'
import type { Minutia, TemplateContents } from '../../types.js'
import type { Iso19794p2v2005Card } from './iso19794-2-2005-card.js'
import type { RecordMinutia } from './minutia-words.js'
import type { MinutiaeRecord } from './minutiae-record.js'
import { ANSI_ANGLES, axisOf, COMPACT_CARD_ANGLES, directionOfAngle, ISO_ANGLES, pxPerUnit } from './units.js'

/** What a template holds but for codes: all that a minutiae record can give. */
export type MinutiaePrint = Omit<TemplateContents, 'methodVersion' | 'geometricCodes' | 'learnedCodes'>

/** What every record states of a view, wherever it states it. */
interface CommonView {
  readonly widthPx: number
  readonly heightPx: number
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  readonly fingerPosition: number
  readonly quality: number
  readonly minutiae: readonly RecordMinutia[]
  readonly anglesPerTurn: number
}

/** Largest image side a template can state. */
const MAX_SIDE_PX = 0xffff

/**
 * The print of one view of a record, at 500 ppi. A record of 196 to 198 px/cm is taken as 500 ppi,
 * its coordinates untouched; one of 393 to 395 as 1,000. Others than 500 are scaled and rounded.
 * Directions are those of the record (of ANSI, multiples of 2 degrees), types the same. Qualities
 * are the same numbers; those not reported or failed (254 and 255) are 0, as is the position of an
 * image of several fingers. The quality of ISO/IEC 19794-2:2011 is that of the first quality block.
 *
 * The print of a card format, which knows no image, is as wide and high as its minutiae need, and of
 * unknown resolution, quality and finger (0).
 *
 * @param viewIndex position in `record.views`; 0 for a card format
 * @throws RangeError when `viewIndex` is not that of a view
 * @throws SidikError RECORD_CORRUPT when the image is wider or higher than 65,535 px at 500 ppi
 */
export function minutiaeOfRecord(tagged: MinutiaeRecord, viewIndex = 0): MinutiaePrint {
  const views = tagged.format === 'iso-19794-2-2005-card' ? [tagged.record] : tagged.record.views
  if (!views[viewIndex]) throw new RangeError(`viewIndex is ${viewIndex}, the record has ${views.length} views`)
  if (tagged.format === 'iso-19794-2-2005-card') return printOfCard(tagged.record)
  return printOfView(commonView(tagged, viewIndex))
}

/**
 * The minutiae of {@link minutiaeOfRecord} in their order, at 500 ppi, where the record has them:
 * between pixels, and perhaps outside the image.
 */
export function unroundedMinutiae(tagged: MinutiaeRecord, viewIndex: number): Minutia[] {
  return tagged.format === 'iso-19794-2-2005-card'
    ? minutiaeOfCard(tagged.record)
    : minutiaeOfView(commonView(tagged, viewIndex))
}

function commonView(
  tagged: Exclude<MinutiaeRecord, { format: 'iso-19794-2-2005-card' }>,
  viewIndex: number,
): CommonView {
  switch (tagged.format) {
    case 'iso-19794-2-2005':
      return { ...tagged.record, ...tagged.record.views[viewIndex], anglesPerTurn: ISO_ANGLES }
    case 'ansi-378-2004':
      return { ...tagged.record, ...tagged.record.views[viewIndex], anglesPerTurn: ANSI_ANGLES }
    case 'ansi-378-2009':
      return { ...tagged.record.views[viewIndex], anglesPerTurn: ANSI_ANGLES }
    case 'iso-19794-2-2011': {
      const view = tagged.record.views[viewIndex]
      return { ...view, quality: view.qualityBlocks[0]?.score ?? 0, anglesPerTurn: ISO_ANGLES }
    }
  }
}

function printOfView(view: CommonView): MinutiaePrint {
  const xAxis = axisOf(view.xResolutionPxPerCm)
  const yAxis = axisOf(view.yResolutionPxPerCm)
  const widthPx = sideAt500Ppi('widthPx', view.widthPx, xAxis.scale)
  const heightPx = sideAt500Ppi('heightPx', view.heightPx, yAxis.scale)
  return {
    widthPx,
    heightPx,
    sourcePpi: Math.min(Math.round(xAxis.ppi), 0xffff),
    quality: reported(view.quality),
    fingerPosition: view.fingerPosition <= MAX_FINGER_POSITION ? view.fingerPosition : 0,
    minutiae: minutiaeOfView(view).map(minutia => ({
      ...minutia,
      xPx: Math.min(Math.round(minutia.xPx), widthPx - 1),
      yPx: Math.min(Math.round(minutia.yPx), heightPx - 1),
    })),
  }
}

function minutiaeOfView(view: CommonView): Minutia[] {
  const [xScale, yScale] = [view.xResolutionPxPerCm, view.yResolutionPxPerCm].map(one => axisOf(one).scale)
  return view.minutiae.map(({ type, x, y, angle, quality }) => ({
    xPx: x * xScale,
    yPx: y * yScale,
    directionRad: directionOfAngle(angle, view.anglesPerTurn),
    type: MINUTIA_TYPES[type],
    quality: reported(quality),
  }))
}

function minutiaeOfCard({ size, minutiae }: Iso19794p2v2005Card): Minutia[] {
  const scale = pxPerUnit(size)
  const anglesPerTurn = size === 'normal' ? ISO_ANGLES : COMPACT_CARD_ANGLES
  return minutiae.map(({ type, x, y, angle }) => ({
    xPx: x * scale,
    yPx: y * scale,
    directionRad: directionOfAngle(angle, anglesPerTurn),
    type: MINUTIA_TYPES[type],
    quality: 0,
  }))
}

function printOfCard(card: Iso19794p2v2005Card): MinutiaePrint {
  const minutiae = minutiaeOfCard(card).map(minutia => ({
    ...minutia,
    xPx: Math.round(minutia.xPx),
    yPx: Math.round(minutia.yPx),
  }))
  return {
    widthPx: 1 + Math.max(0, ...minutiae.map(({ xPx }) => xPx)),
    heightPx: 1 + Math.max(0, ...minutiae.map(({ yPx }) => yPx)),
    sourcePpi: 0,
    quality: 0,
    fingerPosition: 0,
    minutiae,
  }
}

const reported = (quality: number) => (quality <= MAX_QUALITY ? quality : 0)

function sideAt500Ppi(field: string, sidePx: number, scale: number): number {
  const side = Math.max(1, Math.round(sidePx * scale))
  if (side <= MAX_SIDE_PX) return side
  throw new SidikError(
    'RECORD_CORRUPT',
    `${field} of ${sidePx} px is ${side} px at 500 ppi, a template holds ${MAX_SIDE_PX}: check size and resolution`,
  )
}
