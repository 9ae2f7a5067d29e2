import { readOptions } from '../../options.js'
import { MAX_FINGER_POSITION, MINUTIA_TYPES } from '../../template/minutia-codes.js'
import type { Minutia } from '../../types.js'
import { UNKNOWN_TIME } from '../capture.js'
import { QUALITY_NOT_REPORTED } from '../quality.js'
import type { MinutiaeFormat } from '../record-formats.js'
import { PX_PER_CM_AT_500_PPI } from '../resolution.js'
import type { CardSize } from './iso19794-2-2005-card.js'
import { type MinutiaOrder, sortMinutiae } from './minutia-order.js'
import type { MinutiaTypeCode, RecordMinutia } from './minutia-words.js'
import type { MinutiaeRecord } from './minutiae-record.js'
import { pruneMinutiae } from './prune.js'
import type { MinutiaePrint } from './record-print.js'
import { ANSI_ANGLES, angleOfDirection, COMPACT_CARD_ANGLES, ISO_ANGLES, pxPerUnit } from './units.js'

/** Which record is made of a print, and what such a record states and a print does not. */
export interface RecordOptions {
  readonly format: MinutiaeFormat
  /** Most minutiae that it may have: others are left out as {@link pruneMinutiae} does. All are kept unless given. */
  readonly maxMinutiae?: number
  /** Minutiae stay in their order unless given. */
  readonly order?: MinutiaOrder
  /** Finger position, 0 to 10 (and of several fingers where the format has such); the print's unless given. Not of cards. */
  readonly fingerPosition?: number
  /** Impression type; 0 (live-scan plain) unless given. Not of cards. */
  readonly impression?: number
  /** Capture device type ID, 12 bits, 16 in 2009 and 2011; 0 (not reported) unless given. Not of cards. */
  readonly captureDeviceTypeId?: number
  /** Capture device vendor; 0 (not reported) unless given. ISO/IEC 19794-2:2011. */
  readonly captureDeviceVendorId?: number
  /** Certifications of the capture device; 0 (none) unless given. ISO/IEC 19794-2:2005, ANSI. */
  readonly certifications?: number
  /** CBEFF product identifier of the software, as registered with IBIA; 0 unless given. ANSI. */
  readonly ownerId?: number
  readonly productTypeId?: number
  /** Must be given for a card format. */
  readonly cardSize?: CardSize
  /**
   * Whether minutiae that the format's coordinates do not reach (beyond 25.5 mm, 502 px at 500 ppi, in the compact card
   * format) are left out, before any other is. They are a RangeError unless this is true.
   */
  readonly removeBeyondReach?: boolean
}

const COMMON_OPTIONS = ['format', 'maxMinutiae', 'order', 'removeBeyondReach'] as const
const OF_A_VIEW = ['fingerPosition', 'impression', 'captureDeviceTypeId'] as const
const OPTIONS: Record<MinutiaeFormat, readonly (keyof RecordOptions)[]> = {
  'iso-19794-2-2005': [...OF_A_VIEW, 'certifications'],
  'iso-19794-2-2011': [...OF_A_VIEW, 'captureDeviceVendorId'],
  'ansi-378-2004': [...OF_A_VIEW, 'certifications', 'ownerId', 'productTypeId'],
  'ansi-378-2009': [...OF_A_VIEW, 'certifications', 'ownerId', 'productTypeId'],
  'iso-19794-2-2005-card': ['cardSize'],
}

/** Largest coordinate of a record (14 bits) and of the compact card format (8). */
const REACH = 0x3fff
const COMPACT_REACH = 0xff

/** By ISO/IEC 19794-2:2011: an ending lies where the skeleton of its ridge ends, as the engine finds it. */
const ENDS_WITH_RIDGE = 1

/**
 * The record of one print: one view at 197 px/cm, coordinates as they are, directions rounded to the unit of the format
 * (360/256 degrees in ISO, 2 in ANSI, 5.625 in the compact card format). In a card format positions are rounded to 0.01
 * or 0.1 mm, and qualities, size and finger are lost. Quality 0 of a minutia (not reported) is 254 where the format has
 * that; the quality of the print is one quality block without vendor in ISO/IEC 19794-2:2011. A record of ANSI INCITS
 * 378-2009 is of amendment 1 only where its finger position needs that.
 *
 * From a template and back again, all but cards give the same positions, types and qualities; directions the same by ISO,
 * by ANSI with at most 360/256 degrees of difference.
 *
 * @throws TypeError when the format has no place for an option
 * @throws RangeError when an option is out of range, or a minutia lies beyond the coordinates of the format
 */
export function recordOfMinutiae(print: MinutiaePrint, options: RecordOptions): MinutiaeRecord {
  const { format } = options
  if (!Object.hasOwn(OPTIONS, format))
    throw new RangeError(`format is ${JSON.stringify(format)}, not a minutiae format`)
  readOptions(`a record of ${format}`, options, [...COMMON_OPTIONS, ...OPTIONS[format]])
  return format === 'iso-19794-2-2005-card' ? cardOf(print, options) : recordOf(print, options, format)
}

function recordOf(
  print: MinutiaePrint,
  options: RecordOptions,
  format: Exclude<MinutiaeFormat, 'iso-19794-2-2005-card'>,
): MinutiaeRecord {
  const { certifications = 0, captureDeviceTypeId = 0, ownerId = 0, productTypeId = 0 } = options
  const image = {
    widthPx: print.widthPx,
    heightPx: print.heightPx,
    xResolutionPxPerCm: PX_PER_CM_AT_500_PPI,
    yResolutionPxPerCm: PX_PER_CM_AT_500_PPI,
  }
  const isAnsi = format.startsWith('ansi')
  const hasQualityCodes = format === 'iso-19794-2-2011' || format === 'ansi-378-2009'
  const minutiae = keptMinutiae(print.minutiae, options).map((minutia): RecordMinutia => {
    const { xPx: x, yPx: y, directionRad, type, quality } = minutia
    const angle = angleOfDirection(directionRad, isAnsi ? ANSI_ANGLES : ISO_ANGLES)
    const stated = quality === 0 && hasQualityCodes ? QUALITY_NOT_REPORTED : quality
    return { type: codeOf(type), x, y, angle, quality: stated }
  })
  const view = {
    fingerPosition: options.fingerPosition ?? print.fingerPosition,
    viewNumber: 0,
    impression: options.impression ?? 0,
    minutiae: options.order ? sortMinutiae(minutiae, options.order) : minutiae,
    extensions: [],
    extensionLengthsCountHeaders: format !== 'iso-19794-2-2005',
  }
  const { quality } = print
  const product = { ownerId, productTypeId, certifications, captureDeviceTypeId }
  switch (format) {
    case 'iso-19794-2-2005':
      return { format, record: { certifications, captureDeviceTypeId, ...image, views: [{ ...view, quality }] } }
    case 'ansi-378-2004':
      return { format, record: { ...product, ...image, views: [{ ...view, quality }] } }
    case 'ansi-378-2009': {
      const views = [{ ...view, ...image, quality, qualityVendorId: 0, qualityAlgorithmId: 0 }]
      const edition = view.fingerPosition > MAX_FINGER_POSITION ? '2009-amendment-1' : '2009'
      return { format, record: { edition, ...product, views } }
    }
    case 'iso-19794-2-2011': {
      const capture = {
        captureTime: UNKNOWN_TIME,
        captureDeviceTechnology: 0,
        captureDeviceVendorId: options.captureDeviceVendorId ?? 0,
        captureDeviceTypeId,
        qualityBlocks: [{ score: quality, vendorId: 0, algorithmId: 0 }],
        certificationBlocks: [],
      }
      const views = [{ ...capture, ...view, ...image, minutiaBytes: 6, endingType: ENDS_WITH_RIDGE } as const]
      return { format, record: { hasCertificationBlocks: false, views } }
    }
  }
}

function cardOf(print: MinutiaePrint, options: RecordOptions): MinutiaeRecord {
  const { cardSize: size, order } = options
  if (size !== 'normal' && size !== 'compact') {
    throw new RangeError(`cardSize is ${JSON.stringify(size)}, must be 'normal' or 'compact'`)
  }
  const scale = pxPerUnit(size)
  const anglesPerTurn = size === 'normal' ? ISO_ANGLES : COMPACT_CARD_ANGLES
  const minutiae = keptMinutiae(print.minutiae, options).map(({ xPx, yPx, directionRad, type }) => ({
    type: codeOf(type),
    x: Math.round(xPx / scale),
    y: Math.round(yPx / scale),
    angle: angleOfDirection(directionRad, anglesPerTurn),
  }))
  const record = { size, minutiae: order ? sortMinutiae(minutiae, order) : minutiae }
  return { format: 'iso-19794-2-2005-card', record }
}

const codeOf = (type: Minutia['type']) => MINUTIA_TYPES.indexOf(type) as MinutiaTypeCode

/**
 * The minutiae that {@link recordOfMinutiae} writes, in their order: within reach, and no more than
 * may be.
 *
 * @throws RangeError as that does
 */
export function keptMinutiae(minutiae: readonly Minutia[], options: RecordOptions): readonly Minutia[] {
  const { removeBeyondReach = false, maxMinutiae = minutiae.length, format, cardSize } = options
  const pxOfUnit = format === 'iso-19794-2-2005-card' && cardSize !== undefined ? pxPerUnit(cardSize) : 1
  const reach = cardSize === 'compact' ? COMPACT_REACH : REACH
  const isReached = ({ xPx, yPx }: Minutia) => Math.round(Math.max(xPx, yPx) / pxOfUnit) <= reach
  const far = minutiae.findIndex(minutia => !isReached(minutia))
  if (far >= 0 && !removeBeyondReach) {
    const { xPx, yPx } = minutiae[far]
    throw new RangeError(`minutiae[${far}] at ${xPx}, ${yPx} px is beyond the coordinates of ${format}`)
  }
  return pruneMinutiae(minutiae.filter(isReached), maxMinutiae)
}
