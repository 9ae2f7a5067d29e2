import { whole } from '../../template/ranges.js'
import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import type { ExtensionContext } from './extension-context.js'

/**
 * Quality of the image cell by cell, extension 3 of the ISO records (ISO/IEC 19794-2:2005, 7.5, and :2011).
 *
 *     2005    2011   bytes  field
 *                0      2  vendor of the quality algorithm
 *                2      2  quality algorithm
 *        0       4      1  width of a cell, px
 *        1       5      1  height of a cell, px
 *        2       6      1  bits of a quality, 1 to 8
 *        3       7         qualities row by row, without gaps, most significant bit first; the last byte filled with 0
 */

export interface ZonalQualityExtension {
  readonly kind: 'zonal-quality'
  /** Who made the algorithm and which one it is; in ISO/IEC 19794-2:2011 only. */
  readonly algorithm?: { readonly vendorId: number; readonly id: number }
  readonly cellWidthPx: number
  readonly cellHeightPx: number
  /** 1 to 8. */
  readonly bitsPerCell: number
  /** One a cell, row by row; cells cover the whole image, those at its right and lower edge may reach beyond. */
  readonly qualities: Uint8Array
}

export function readZonalQuality(fields: FieldReader, context: ExtensionContext): ZonalQualityExtension {
  const has2011Header = context.standard === 'iso-19794-2-2011'
  const algorithm = has2011Header
    ? { vendorId: fields.u16('quality vendor'), id: fields.u16('quality algorithm') }
    : null
  const cellWidthPx = fields.u8('cell width', 1)
  const cellHeightPx = fields.u8('cell height', 1)
  const bitsPerCell = fields.u8('bits of a cell', 1, 8)
  const count = cellsOf(cellWidthPx, cellHeightPx, context)
  const bytes = Math.ceil((count * bitsPerCell) / 8)
  if (bytes !== fields.leftBytes) {
    throw fields.corrupt('qualities', fields.offset, `of ${count} cells need ${bytes} bytes, have ${fields.leftBytes}`)
  }
  const dataAt = fields.offset
  const packed = fields.bytes('qualities', bytes)
  const qualities = new Uint8Array(count)
  for (let i = 0; i < count; i++) qualities[i] = bitsAt(packed, i * bitsPerCell, bitsPerCell)
  const unusedBits = bytes * 8 - count * bitsPerCell
  if (bitsAt(packed, count * bitsPerCell, unusedBits) !== 0) {
    throw fields.corrupt('bits after the last cell', dataAt + bytes - 1, 'are not 0')
  }
  return { kind: 'zonal-quality', ...(algorithm && { algorithm }), cellWidthPx, cellHeightPx, bitsPerCell, qualities }
}

export function writeZonalQuality(
  out: FieldWriter,
  { algorithm, cellWidthPx, cellHeightPx, bitsPerCell, qualities }: ZonalQualityExtension,
  path: string,
  context: ExtensionContext,
): void {
  if (context.standard === 'iso-19794-2-2011') {
    out.u16(`${path}.algorithm.vendorId`, algorithm?.vendorId ?? 0)
    out.u16(`${path}.algorithm.id`, algorithm?.id ?? 0)
  } else if (algorithm) {
    throw new RangeError(`${path}.algorithm has no place in ${context.standard}`)
  }
  out.u8(`${path}.cellWidthPx`, cellWidthPx, 1)
  out.u8(`${path}.cellHeightPx`, cellHeightPx, 1)
  out.u8(`${path}.bitsPerCell`, bitsPerCell, 1, 8)
  const count = cellsOf(cellWidthPx, cellHeightPx, context)
  whole(`${path}.qualities.length`, qualities.length, count, count)
  const packed = new Uint8Array(Math.ceil((count * bitsPerCell) / 8))
  qualities.forEach((quality, i) => {
    whole(`${path}.qualities[${i}]`, quality, 0, 2 ** bitsPerCell - 1)
    for (let bit = 0; bit < bitsPerCell; bit++) {
      const at = i * bitsPerCell + bit
      if (quality & (1 << (bitsPerCell - 1 - bit))) packed[at >> 3] |= 0x80 >> (at & 7)
    }
  })
  out.bytes(packed)
}

function cellsOf(cellWidthPx: number, cellHeightPx: number, { widthPx, heightPx }: ExtensionContext): number {
  return Math.ceil(widthPx / cellWidthPx) * Math.ceil(heightPx / cellHeightPx)
}

/** Up to 8 bits from bit `at` on. */
function bitsAt(packed: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let bit = at; bit < at + count; bit++) value = (value << 1) | ((packed[bit >> 3] >> (7 - (bit & 7))) & 1)
  return value
}
