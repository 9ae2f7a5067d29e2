import { MAX_MINUTIAE } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import {
  MAX_COORDINATE,
  type MinutiaTypeCode,
  type RecordedMinutia,
  readTypeAndPosition,
  writeTypeAndPosition,
} from './minutia-words.js'

/**
 * The card formats of ISO/IEC 19794-2:2005 (clause 8), for comparison on a card: minutiae and nothing else, no size, no
 * resolution, no quality, no header to know them by. Big-endian.
 *
 *     normal size, 5 bytes a minutia               compact size, 3 bytes a minutia
 *     offset  bytes  field                         offset  bytes  field
 *          0      2  type << 14 | x, 0.01 mm            0      1  x, 0.1 mm
 *          2      2  reserved, 0 << 14 | y, 0.01 mm     1      1  y, 0.1 mm
 *          4      1  angle, 256ths of a turn            2      1  type << 6 | angle, 64ths of a turn
 */
export type CardSize = 'normal' | 'compact'

export interface Iso19794p2v2005Card {
  readonly size: CardSize
  /** Units of length from the left and the top: 0.01 mm up to 163.83 mm, in the compact size 0.1 mm up to 25.5 mm. */
  readonly minutiae: readonly RecordedMinutia[]
}

const NORMAL_BYTES = 5
const COMPACT_BYTES = 3
const COMPACT_ANGLES = 64
const COMPACT_TYPE_SHIFT = 6
/** Any 14 bits: card formats know no image. */
const NO_IMAGE = { widthPx: MAX_COORDINATE + 1, heightPx: MAX_COORDINATE + 1 }

/**
 * Reads minutiae in a card format, which must be known: the bytes do not tell.
 *
 * @throws SidikError RECORD_CORRUPT when the bytes are not a whole number of minutiae, up to 255, or one is of type 3; for
 *   reserved bits that are not 0 where nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array
 * @throws RangeError when `size` is none of the two
 */
export function readIso19794p2v2005Card(bytes: Uint8Array, size: CardSize, options?: ReadOptions): Iso19794p2v2005Card {
  const minutiaBytes = bytesOf(size)
  const fields = new FieldReader(bytes, `ISO/IEC 19794-2:2005 card format (${size} size)`, options)
  const count = bytes.length / minutiaBytes
  if (!Number.isInteger(count) || count > MAX_MINUTIAE) {
    const problem = `have ${bytes.length} bytes, not up to ${MAX_MINUTIAE} times ${minutiaBytes}`
    throw fields.corrupt('minutiae', 0, problem)
  }
  const readOne = size === 'normal' ? readNormal : readCompact
  return { size, minutiae: Array.from({ length: count }, () => readOne(fields)) }
}

/**
 * The bytes of minutiae in a card format.
 *
 * @throws RangeError naming the field that the format cannot hold
 */
export function writeIso19794p2v2005Card({ size, minutiae }: Iso19794p2v2005Card): Uint8Array<ArrayBuffer> {
  bytesOf(size)
  whole('minutiae.length', minutiae.length, 0, MAX_MINUTIAE)
  const out = new FieldWriter()
  minutiae.forEach((minutia, i) => {
    const path = `minutiae[${i}]`
    if (size === 'compact') writeCompact(out, minutia, path)
    else {
      writeTypeAndPosition(out, minutia, path, NO_IMAGE)
      out.u8(`${path}.angle`, minutia.angle)
    }
  })
  return out.finish()
}

function bytesOf(size: CardSize): number {
  if (size === 'normal') return NORMAL_BYTES
  if (size === 'compact') return COMPACT_BYTES
  throw new RangeError(`size is ${JSON.stringify(size)}, must be 'normal' or 'compact'`)
}

function readNormal(fields: FieldReader): RecordedMinutia {
  return { ...readTypeAndPosition(fields), angle: fields.u8('minutia angle') }
}

function readCompact(fields: FieldReader): RecordedMinutia {
  const x = fields.u8('minutia x')
  const y = fields.u8('minutia y')
  const offset = fields.offset
  const typeAndAngle = fields.u8('minutia type and angle')
  const type = typeAndAngle >> COMPACT_TYPE_SHIFT
  if (type === 3) fields.damage('minutia type', offset, 'is 3, which is reserved')
  return { type: type as MinutiaTypeCode, x, y, angle: typeAndAngle % COMPACT_ANGLES }
}

function writeCompact(out: FieldWriter, { type, x, y, angle, reservedBits }: RecordedMinutia, path: string): void {
  out.u8(`${path}.x`, x)
  out.u8(`${path}.y`, y)
  whole(`${path}.reservedBits`, reservedBits ?? 0, 0, 0)
  const typeBits = whole(`${path}.type`, type, 0, 2) << COMPACT_TYPE_SHIFT
  out.u8(path, typeBits | whole(`${path}.angle`, angle, 0, COMPACT_ANGLES - 1))
}
