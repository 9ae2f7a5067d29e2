import { MAX_FINGER_POSITION, MAX_MINUTIAE, MAX_QUALITY } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import { type ExtendedData, readExtendedData, writeExtendedData } from './extensions.js'
import { type ImageSize, type MinutiaLayout, type RecordMinutia, readMinutia, writeMinutia } from './minutia-words.js'

/**
 * One view of one finger, the same in ISO/IEC 19794-2:2005 (7.4) and ANSI INCITS 378-2004 but for the unit of angles.
 *
 *     offset  bytes  field
 *          0      1  finger position
 *          1      1  view number << 4 | impression type
 *          2      1  finger quality, 0 to 100
 *          3      1  count of minutiae, n
 *          4     6n  minutiae (minutia-words.ts)
 *       4+6n         extended data (extensions.ts)
 */
export interface FingerView extends ExtendedData {
  /** Table 2: 0 unknown, 1 right thumb to 5 right little, 6 left thumb to 10 left little. */
  readonly fingerPosition: number
  /** 0 to 15, counted for each finger. */
  readonly viewNumber: number
  /**
   * 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled, 8 swipe, 9 live contactless (ANSI). The
   * other codes up to 15 are reserved; they are kept as they are, since nothing else in a record depends on them.
   */
  readonly impression: number
  /** 0 to 100. */
  readonly quality: number
  /** At most 255. */
  readonly minutiae: readonly RecordMinutia[]
}

const ISO_LAYOUT: MinutiaLayout = { anglesPerTurn: 256, hasQualityCodes: false, bytes: 6 }
const ANSI_LAYOUT: MinutiaLayout = { anglesPerTurn: 180, hasQualityCodes: false, bytes: 6 }

export type FingerViewStandard = 'iso-19794-2-2005' | 'ansi-378'

const layoutOf = (standard: FingerViewStandard) => (standard === 'ansi-378' ? ANSI_LAYOUT : ISO_LAYOUT)

export function readFingerView(fields: FieldReader, image: ImageSize, standard: FingerViewStandard): FingerView {
  const layout = layoutOf(standard)
  const fingerPosition = fields.u8('finger position', 0, MAX_FINGER_POSITION)
  const viewNumberAndImpression = fields.u8('view number and impression type')
  const quality = fields.u8('finger quality', 0, MAX_QUALITY)
  const minutiaCount = fields.u8('count of minutiae')
  const part = fields.part(`the ${minutiaCount} minutiae of a view`, minutiaCount * layout.bytes)
  const minutiae = part.several('minutia', minutiaCount, () => readMinutia(part, image, layout))
  return {
    fingerPosition,
    viewNumber: viewNumberAndImpression >> 4,
    impression: viewNumberAndImpression & 0xf,
    quality,
    minutiae,
    ...readExtendedData(fields, { ...sizeOf(image), standard, minutiaCount }),
  }
}

export function writeFingerView(
  out: FieldWriter,
  view: FingerView,
  path: string,
  image: ImageSize,
  standard: FingerViewStandard,
): void {
  const { minutiae, viewNumber, impression } = view
  const layout = layoutOf(standard)
  const minutiaCount = whole(`${path}.minutiae.length`, minutiae.length, 0, MAX_MINUTIAE)
  out.u8(`${path}.fingerPosition`, view.fingerPosition, 0, MAX_FINGER_POSITION)
  out.u8(path, (whole(`${path}.viewNumber`, viewNumber, 0, 0xf) << 4) | whole(`${path}.impression`, impression, 0, 0xf))
  out.u8(`${path}.quality`, view.quality, 0, MAX_QUALITY)
  out.u8(path, minutiaCount)
  minutiae.forEach((minutia, i) => {
    writeMinutia(out, minutia, `${path}.minutiae[${i}]`, image, layout)
  })
  writeExtendedData(out, view, path, { ...sizeOf(image), standard, minutiaCount })
}

const sizeOf = ({ widthPx, heightPx }: ImageSize) => ({ widthPx, heightPx })
