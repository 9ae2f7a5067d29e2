import { MAX_MINUTIAE } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import { type Capture, readCapture, writeCapture } from '../capture.js'
import type { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { type ExtendedData, readExtendedData, writeExtendedData } from './extensions.js'
import { MIN_RESOLUTION_PX_PER_CM } from './iso19794-2-2005.js'
import { type MinutiaLayout, type RecordMinutia, readMinutia, writeMinutia } from './minutia-words.js'
import { readFingerPosition, writeFingerPosition } from './positions.js'

/**
 * One view of one finger (or of several in one image) in ISO/IEC 19794-2:2011.
 *
 *     offset  bytes  field
 *          0      4  length of the representation, these four bytes among them
 *          4      k  how it was captured (capture.ts), at least 15 bytes
 *        4+k      1  finger position
 *        5+k      1  representation number
 *        6+k      2  resolution in x, px per cm
 *        8+k      2  resolution in y, px per cm
 *       10+k      1  impression type
 *       11+k      2  image width, px
 *       13+k      2  image height, px
 *       15+k      1  bytes of a minutia (5 or 6) << 4 | where an ending lies
 *       16+k      1  count of minutiae, n
 *       17+k         minutiae (minutia-words.ts)
 *                    extended data (extensions.ts)
 */
export interface Iso19794p2v2011Representation extends Capture, ExtendedData {
  /** 0 unknown, 1 right thumb to 10 left little; 13 to 15 and 40 to 50 several fingers. */
  readonly fingerPosition: number
  /** Counted for each finger from 0. */
  readonly viewNumber: number
  /** Pixels per centimetre, at least 99 (250 ppi); 197 means 500 ppi. */
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  /**
   * 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled, 4 to 7 latent, 8 swipe, 9 live-scan rolled
   * vertically, 24 live-scan contactless, 28 other, 29 unknown. Others are kept as they are.
   */
  readonly impression: number
  /** Of the image in its own resolution, 1 to 65,535. */
  readonly widthPx: number
  readonly heightPx: number
  /** 5: minutiae have no quality, and each says 254 (not reported). */
  readonly minutiaBytes: 5 | 6
  /** Where a ridge ending lies: 0 where the valley's skeleton forks, 1 where the ridge's skeleton ends. Others are reserved. */
  readonly endingType: number
  /** At most 255. */
  readonly minutiae: readonly RecordMinutia[]
}

const LENGTH_BYTES = 4
const MOST_ENDING_TYPE = 0xf

const layoutOf = (bytes: 5 | 6): MinutiaLayout => ({ anglesPerTurn: 256, hasQualityCodes: true, bytes })

export function readRepresentation(
  record: FieldReader,
  hasCertificationBlocks: boolean,
): Iso19794p2v2011Representation {
  const lengthAt = record.offset
  const length = record.u32('length of a representation')
  if (length < LENGTH_BYTES) throw record.corrupt('length of a representation', lengthAt, `is ${length}`)
  const fields = record.part('a representation', length - LENGTH_BYTES)
  const capture = readCapture(fields, hasCertificationBlocks)
  const header = {
    fingerPosition: readFingerPosition(fields),
    viewNumber: fields.u8('representation number'),
    xResolutionPxPerCm: fields.u16('resolution in x', MIN_RESOLUTION_PX_PER_CM),
    yResolutionPxPerCm: fields.u16('resolution in y', MIN_RESOLUTION_PX_PER_CM),
    impression: fields.u8('impression type'),
    widthPx: fields.u16('image width', 1),
    heightPx: fields.u16('image height', 1),
  }
  const formatAt = fields.offset
  const format = fields.u8('bytes of a minutia and ending type')
  const minutiaBytes = format >> 4
  if (minutiaBytes !== 5 && minutiaBytes !== 6) {
    throw fields.corrupt('bytes of a minutia', formatAt, `are ${minutiaBytes}, not 5 or 6`)
  }
  const minutiaCount = fields.u8('count of minutiae')
  const part = fields.part(`the ${minutiaCount} minutiae of a representation`, minutiaCount * minutiaBytes)
  const layout = layoutOf(minutiaBytes)
  const minutiae = part.several('minutia', minutiaCount, () => readMinutia(part, header, layout))
  const extended = readExtendedData(fields, contextOf(header, minutiaCount))
  if (fields.leftBytes > 0) {
    record.damage('length of a representation', lengthAt, `is ${length}, ${fields.leftBytes} bytes more than it has`)
  }
  return { ...capture, ...header, minutiaBytes, endingType: format & MOST_ENDING_TYPE, minutiae, ...extended }
}

export function writeRepresentation(
  record: FieldWriter,
  view: Iso19794p2v2011Representation,
  path: string,
  hasCertificationBlocks: boolean,
): void {
  const out = new FieldWriter()
  const minutiaCount = whole(`${path}.minutiae.length`, view.minutiae.length, 0, MAX_MINUTIAE)
  writeCapture(out, view, path, hasCertificationBlocks)
  writeFingerPosition(out, `${path}.fingerPosition`, view.fingerPosition)
  out.u8(`${path}.viewNumber`, view.viewNumber)
  out.u16(`${path}.xResolutionPxPerCm`, view.xResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM)
  out.u16(`${path}.yResolutionPxPerCm`, view.yResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM)
  out.u8(`${path}.impression`, view.impression)
  out.u16(`${path}.widthPx`, view.widthPx, 1)
  out.u16(`${path}.heightPx`, view.heightPx, 1)
  const endingType = whole(`${path}.endingType`, view.endingType, 0, MOST_ENDING_TYPE)
  out.u8(path, (whole(`${path}.minutiaBytes`, view.minutiaBytes, 5, 6) << 4) | endingType)
  out.u8(path, minutiaCount)
  const layout = layoutOf(view.minutiaBytes)
  view.minutiae.forEach((minutia, i) => {
    writeMinutia(out, minutia, `${path}.minutiae[${i}]`, view, layout)
  })
  writeExtendedData(out, view, path, contextOf(view, minutiaCount))
  record.u32(`the length of ${path}`, LENGTH_BYTES + out.offset)
  record.bytes(out.finish())
}

function contextOf({ widthPx, heightPx }: Pick<Iso19794p2v2011Representation, 'widthPx' | 'heightPx'>, count: number) {
  return { standard: 'iso-19794-2-2011', widthPx, heightPx, minutiaCount: count } as const
}
