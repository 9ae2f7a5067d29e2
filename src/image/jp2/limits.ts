/**
 * How much a JPEG 2000 codestream may ask of its decoder. A few bytes of header can claim thousands of tiles, a precinct for every
 * pixel, or 65,535 layers of each: memory and time that have nothing to do with the size of the picture or of the file.
 */
import { corrupt } from '../pixels.js'

export interface TileGrid {
  readonly tiles: number
  /** Of the largest tile, within the image. */
  readonly tileWidthPx: number
  readonly tileHeightPx: number
  readonly components: number
}

export interface CodingStyle {
  readonly layers: number
  /** Of the wavelet transform; the resolutions are one more. */
  readonly levels: number
  readonly blockWidthExponent: number
  readonly blockHeightExponent: number
  /** Of width and height, one pair a resolution from the smallest on; empty where a precinct is the whole resolution. */
  readonly precinctExponents: readonly (readonly [number, number])[]
}

/** ISO/IEC 15444-1 table A.15. */
const MAX_LEVELS = 32
/** Tables A.15 and A.18: sides of 4 to 1,024 samples, at most 4,096 samples in all. */
const MAX_BLOCK_EXPONENT = 10
const MAX_BLOCK_EXPONENTS = 12

/** 20 million pixels in tiles of 128 x 128 are 1,221; the decoder keeps some 6 kB for each. */
const MAX_TILES = 4096
/** The same picture in precincts of 128 x 128 and three components has 5,000. */
const MAX_PRECINCTS = 100_000
/** The same in the usual blocks of 64 x 64 has 20,000; in blocks of 32 x 32 80,000. */
const MAX_BLOCKS = 300_000
/** One a layer and precinct. */
const MAX_PACKETS = 1_000_000

/**
 * Checks coding styles as they turn up, one for all components and others for one of them or one tile: the most of each is what
 * the decoder may have to multiply.
 *
 * @returns what to call with each; throws SidikError IMAGE_CORRUPT
 */
export function codingWork(grid: TileGrid): (style: CodingStyle) => void {
  atMost('tiles', grid.tiles, MAX_TILES)
  const copies = grid.tiles * grid.components
  let layers = 1
  let precincts = 0
  return style => {
    checkStyle(style)
    const each = precinctsAndBlocks(style, grid)
    layers = Math.max(layers, style.layers)
    precincts = Math.max(precincts, each.precincts * copies)
    atMost('precincts', precincts, MAX_PRECINCTS)
    atMost('code-blocks', each.blocks * copies, MAX_BLOCKS)
    atMost('packets', precincts * layers, MAX_PACKETS)
  }
}

function checkStyle({ layers, levels, blockWidthExponent, blockHeightExponent }: CodingStyle): void {
  if (levels > MAX_LEVELS) throw corrupt('JPEG 2000', `${levels} levels, more than ${MAX_LEVELS}`)
  const widest = Math.max(blockWidthExponent, blockHeightExponent)
  if (widest > MAX_BLOCK_EXPONENT || blockWidthExponent + blockHeightExponent > MAX_BLOCK_EXPONENTS) {
    throw corrupt('JPEG 2000', 'its code-blocks are larger than the standard allows')
  }
  if (layers === 0) throw corrupt('JPEG 2000', 'it has no layers')
}

/** Of one component of one tile, at most: a tile may begin anywhere, so one more along each axis than fits. */
function precinctsAndBlocks(style: CodingStyle, { tileWidthPx, tileHeightPx }: TileGrid) {
  let precincts = 0
  let blocks = 0
  for (let resolution = 0; resolution <= style.levels; resolution++) {
    const shrink = 2 ** (style.levels - resolution)
    const width = Math.ceil(tileWidthPx / shrink)
    const height = Math.ceil(tileHeightPx / shrink)
    const [widthExponent, heightExponent] = style.precinctExponents[resolution] ?? [15, 15]
    const across = pieces(width, widthExponent)
    const down = pieces(height, heightExponent)
    precincts += across * down
    // A block lies within a precinct of a subband, which has half the sides of the resolution.
    const blockWidth = Math.min(style.blockWidthExponent, Math.max(0, widthExponent - 1))
    const blockHeight = Math.min(style.blockHeightExponent, Math.max(0, heightExponent - 1))
    blocks += pieces(width, blockWidth) * pieces(height, blockHeight)
  }
  return { precincts, blocks }
}

function pieces(sidePx: number, exponent: number): number {
  const side = 2 ** exponent
  return sidePx <= side ? 1 : Math.ceil(sidePx / side) + 1
}

function atMost(what: string, count: number, most: number): void {
  if (count > most)
    throw corrupt('JPEG 2000', `its header asks for ${count} ${what}, more than any print needs (${most})`)
}
