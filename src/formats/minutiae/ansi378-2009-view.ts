import { MAX_MINUTIAE } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import { type ExtendedData, readExtendedData, writeExtendedData } from './extensions.js'
import {
  type MinutiaLayout,
  type RecordMinutia,
  readMinutia,
  readQuality,
  writeMinutia,
  writeQuality,
} from './minutia-words.js'
import { readFingerPosition, writeFingerPosition } from './positions.js'

/**
 * One view of one finger in ANSI INCITS 378-2009.
 *
 *     offset  bytes  field
 *          0      1  finger position
 *          1      1  view number
 *          2      1  impression type
 *          3      1  finger quality, 0 to 100; 254 not reported, 255 failed
 *          4      2  vendor of the quality algorithm
 *          6      2  quality algorithm
 *          8      2  image width, px
 *         10      2  image height, px
 *         12      2  resolution in x, px per cm
 *         14      2  resolution in y, px per cm
 *         16      1  count of minutiae, n
 *         17     6n  minutiae (minutia-words.ts), angles in units of 2 degrees
 *      17+6n         extended data (extensions.ts)
 */
export interface Ansi378v2009View extends ExtendedData {
  /** 0 unknown, 1 right thumb to 10 left little; 13 to 15 and 40 to 50 several fingers (amendment 1). */
  readonly fingerPosition: number
  /** Counted for each finger from 0. */
  readonly viewNumber: number
  /**
   * 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled, 8 swipe, 20 to 27 by how the finger met
   * the sensor, 28 other, 29 unknown. Others are kept as they are.
   */
  readonly impression: number
  /** 0 to 100; 254 not reported, 255 failed. */
  readonly quality: number
  /** Who made the algorithm of the quality, and which one it is, as registered with IBIA. */
  readonly qualityVendorId: number
  readonly qualityAlgorithmId: number
  /** Of the image in its own resolution, 1 to 65,535. */
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre, 1 to 65,535; 197 means 500 ppi. */
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  /** At most 255. */
  readonly minutiae: readonly RecordMinutia[]
}

const LAYOUT: MinutiaLayout = { anglesPerTurn: 180, hasQualityCodes: true, bytes: 6 }

export function readAnsi378v2009View(fields: FieldReader): Ansi378v2009View {
  const header = {
    fingerPosition: readFingerPosition(fields),
    viewNumber: fields.u8('view number'),
    impression: fields.u8('impression type'),
    quality: readQuality(fields, 'finger quality', true),
    qualityVendorId: fields.u16('quality vendor'),
    qualityAlgorithmId: fields.u16('quality algorithm'),
    widthPx: fields.u16('image width', 1),
    heightPx: fields.u16('image height', 1),
    xResolutionPxPerCm: fields.u16('resolution in x', 1),
    yResolutionPxPerCm: fields.u16('resolution in y', 1),
  }
  const minutiaCount = fields.u8('count of minutiae')
  const part = fields.part(`the ${minutiaCount} minutiae of a view`, minutiaCount * LAYOUT.bytes)
  const minutiae = part.several('minutia', minutiaCount, () => readMinutia(part, header, LAYOUT))
  return { ...header, minutiae, ...readExtendedData(fields, contextOf(header, minutiaCount)) }
}

export function writeAnsi378v2009View(out: FieldWriter, view: Ansi378v2009View, path: string): void {
  const minutiaCount = whole(`${path}.minutiae.length`, view.minutiae.length, 0, MAX_MINUTIAE)
  writeFingerPosition(out, `${path}.fingerPosition`, view.fingerPosition)
  out.u8(`${path}.viewNumber`, view.viewNumber)
  out.u8(`${path}.impression`, view.impression)
  writeQuality(out, `${path}.quality`, view.quality, true)
  out.u16(`${path}.qualityVendorId`, view.qualityVendorId)
  out.u16(`${path}.qualityAlgorithmId`, view.qualityAlgorithmId)
  out.u16(`${path}.widthPx`, view.widthPx, 1)
  out.u16(`${path}.heightPx`, view.heightPx, 1)
  out.u16(`${path}.xResolutionPxPerCm`, view.xResolutionPxPerCm, 1)
  out.u16(`${path}.yResolutionPxPerCm`, view.yResolutionPxPerCm, 1)
  out.u8(path, minutiaCount)
  view.minutiae.forEach((minutia, i) => {
    writeMinutia(out, minutia, `${path}.minutiae[${i}]`, view, LAYOUT)
  })
  writeExtendedData(out, view, path, contextOf(view, minutiaCount))
}

function contextOf({ widthPx, heightPx }: Pick<Ansi378v2009View, 'widthPx' | 'heightPx'>, minutiaCount: number) {
  return { standard: 'ansi-378', widthPx, heightPx, minutiaCount } as const
}
