/**
 * The headers of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A), read before a decoder sees it: its size, and how much work
 * and memory it asks for. A codestream is main header, tile-parts, end:
 *
 *     FF4F start  FF51 size  FF52 coding style  FF53 coding style of a component  ...  others, each with its length
 *     FF90 start of a tile-part, with its length  ...  FF93 start of its data, up to that length
 *     FFD9 end
 */
import { SidikError } from '../../errors.js'
import { checkSize, corrupt } from '../pixels.js'
import { type CodingStyle, codingWork, type TileGrid } from './limits.js'

export interface Codestream {
  readonly widthPx: number
  readonly heightPx: number
  /** 1 gray, 3 red, green and blue. */
  readonly components: 1 | 3
  /** Of every component, 1 to 16, unsigned. */
  readonly bitDepth: number
}

const START = 0xff4f
const SIZE = 0xff51
const CODING_STYLE = 0xff52
const COMPONENT_CODING_STYLE = 0xff53
const TILE_PART = 0xff90
const DATA = 0xff93
const END = 0xffd9
/** Of the marker of a tile-part and its fields. */
const TILE_PART_BYTES = 12

/**
 * @throws SidikError IMAGE_CORRUPT where a length or number cannot be, or the codestream was cut short; IMAGE_FORMAT for what is
 *   not read (other than one or three components of 1 to 16 unsigned bits, all of full size); IMAGE_EMPTY, IMAGE_TOO_LARGE,
 *   IMAGE_TOO_SMALL
 */
export function readCodestream(bytes: Uint8Array): Codestream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const u16 = (at: number) => {
    if (at + 2 > bytes.length) throw corrupt('JPEG 2000', `it was cut short, at byte ${bytes.length} of its codestream`)
    return view.getUint16(at)
  }
  if (u16(0) !== START || u16(2) !== SIZE) throw corrupt('JPEG 2000', 'its codestream does not begin with its size')
  const sizeBytes = u16(4)
  if (sizeBytes < 2 || 4 + sizeBytes > bytes.length) throw corrupt('JPEG 2000', 'it ends within its size')
  const { codestream, grid } = readSize(new DataView(bytes.buffer, bytes.byteOffset + 6, sizeBytes - 2))
  checkSize(codestream.widthPx, codestream.heightPx)
  const check = codingWork(grid)
  let hasCodingStyle = false

  /** Markers up to the one that ends a header; gives back where that is. */
  function readHeader(from: number, end: number): number {
    let at = from
    while (u16(at) !== end) {
      const marker = u16(at)
      const segmentBytes = u16(at + 2)
      if (marker < 0xff50 || marker >= TILE_PART || segmentBytes < 2 || at + 2 + segmentBytes > bytes.length) {
        throw corrupt('JPEG 2000', `marker ${marker.toString(16)} at byte ${at} of its codestream cannot be there`)
      }
      const body = bytes.subarray(at + 4, at + 2 + segmentBytes)
      if (marker === CODING_STYLE) check(codingStyle(body))
      if (marker === COMPONENT_CODING_STYLE) check(componentCodingStyle(body))
      hasCodingStyle ||= marker === CODING_STYLE
      at += 2 + segmentBytes
    }
    return at
  }

  let at = readHeader(4 + sizeBytes, TILE_PART)
  if (!hasCodingStyle) throw corrupt('JPEG 2000', 'it does not say how it is coded')
  const tiles = new Set<number>()
  while (u16(at) !== END) {
    if (u16(at) !== TILE_PART || at + TILE_PART_BYTES > bytes.length) {
      throw corrupt('JPEG 2000', `there is no tile where one should begin, at byte ${at} of its codestream`)
    }
    const tile = u16(at + 4)
    if (tile >= grid.tiles) throw corrupt('JPEG 2000', `tile ${tile} is there, of ${grid.tiles}`)
    tiles.add(tile)
    const statedBytes = view.getUint32(at + 6)
    const dataAt = readHeader(at + TILE_PART_BYTES, DATA) + 2
    // 0 in the last one: up to the end of the codestream.
    const end = statedBytes === 0 ? bytes.length - 2 : at + statedBytes
    if (end < dataAt || end > bytes.length)
      throw corrupt('JPEG 2000', 'it was cut short: a tile is longer than the file')
    at = end
  }
  // A decoder would leave them black.
  if (tiles.size < grid.tiles)
    throw corrupt('JPEG 2000', `${grid.tiles - tiles.size} of its ${grid.tiles} tiles are absent`)
  return codestream
}

/** The size segment (A.5.1), from the capabilities on. */
function readSize(view: DataView): { codestream: Codestream; grid: TileGrid } {
  const FIXED_BYTES = 36
  if (view.byteLength < FIXED_BYTES) throw corrupt('JPEG 2000', 'its size is cut short')
  const [x1, y1, x0, y0, tileWidth, tileHeight, tileX, tileY] = Array.from({ length: 8 }, (_, i) =>
    view.getUint32(2 + 4 * i),
  )
  const components = view.getUint16(34)
  if (view.byteLength !== FIXED_BYTES + 3 * components) {
    throw corrupt('JPEG 2000', `its size is that of another count of components than ${components}`)
  }
  const outside = x1 <= x0 || y1 <= y0 || tileX > x0 || tileY > y0
  if (outside || tileWidth === 0 || tileHeight === 0 || tileX + tileWidth <= x0 || tileY + tileHeight <= y0) {
    throw corrupt('JPEG 2000', 'its image and its tiles lie outside each other')
  }
  if (components !== 1 && components !== 3) throw unread(`${components} components`)
  const bitDepth = (view.getUint8(FIXED_BYTES) & 0x7f) + 1
  for (let c = 0; c < components; c++) {
    const at = FIXED_BYTES + 3 * c
    if (view.getUint8(at) & 0x80) throw unread('signed samples')
    if (view.getUint8(at) !== bitDepth - 1 || bitDepth > 16)
      throw unread('more than 16 bits, or different numbers of them')
    if (view.getUint8(at + 1) !== 1 || view.getUint8(at + 2) !== 1) throw unread('components of different sizes')
  }
  const widthPx = x1 - x0
  const heightPx = y1 - y0
  const tilesAcross = Math.ceil((x1 - tileX) / tileWidth)
  const tilesDown = Math.ceil((y1 - tileY) / tileHeight)
  return {
    codestream: { widthPx, heightPx, components, bitDepth },
    grid: {
      tiles: tilesAcross * tilesDown,
      tileWidthPx: Math.min(tileWidth, widthPx),
      tileHeightPx: Math.min(tileHeight, heightPx),
      components,
    },
  }
}

/** A.6.1: style, order, layers, mixing of components; then what {@link codingOfBlocks} reads. */
function codingStyle(body: Uint8Array): CodingStyle {
  if (body.length < 5) throw corrupt('JPEG 2000', 'its coding style is cut short')
  return { layers: body[2] * 256 + body[3], ...codingOfBlocks(body.subarray(5), (body[0] & 1) !== 0) }
}

/** A.6.2: component (one byte, for fewer than 257 of them), style; then what {@link codingOfBlocks} reads. */
function componentCodingStyle(body: Uint8Array): CodingStyle {
  if (body.length < 2) throw corrupt('JPEG 2000', 'the coding style of a component is cut short')
  // How many layers there are only the coding style of all says.
  return { layers: 1, ...codingOfBlocks(body.subarray(2), (body[1] & 1) !== 0) }
}

/** Levels, code-block width and height as exponents less 2, style, transformation, precincts: one byte each. */
function codingOfBlocks(body: Uint8Array, hasPrecincts: boolean): Omit<CodingStyle, 'layers'> {
  const levels = body[0]
  if (body.length !== 5 + (hasPrecincts ? levels + 1 : 0)) {
    throw corrupt('JPEG 2000', 'its coding style has another length than its levels ask for')
  }
  return {
    levels,
    blockWidthExponent: body[1] + 2,
    blockHeightExponent: body[2] + 2,
    precinctExponents: hasPrecincts ? Array.from(body.subarray(5), byte => [byte & 15, byte >> 4] as const) : [],
  }
}

function unread(what: string): SidikError {
  return new SidikError(
    'IMAGE_FORMAT',
    `this is a JPEG 2000 image with ${what}, which is not read: save it as 8-bit gray, or as PNG`,
  )
}
