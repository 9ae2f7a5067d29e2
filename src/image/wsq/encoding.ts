import type { WsqCore, WsqMeasures } from '../../core/wsq-core.js'
import type { GrayImage } from '../../types.js'
import { BinAllocation, ZERO_BIN_RATIO } from './allocation.js'
import { analysisBank } from './bank.js'
import { nistComment } from './comment.js'
import { codesOf, type HuffmanTable } from './huffman.js'
import { buildHuffmanTable } from './huffman-build.js'
import { MARKER } from './segment.js'
import { BLOCK_STARTS, type Layout, layoutSubbands, SUBBANDS } from './subbands.js'
import {
  type AnalysisFilters,
  blockHeader,
  comment,
  type Decimal,
  decimal,
  frameHeader,
  huffmanTable,
  marker,
  quantizationTable,
  transformTable,
} from './write-tables.js'

/** The bank of 9 and 7 taps (Cohen, Daubechies and Feauveau 1992), from the middle on. */
const FILTERS: AnalysisFilters = {
  low: [0.8526986790094034, 0.3774028556126538, -0.11062440441842342, -0.02384946501938, 0.03782845550699546],
  high: [0.7884856164056644, -0.4180922732222122, -0.04068941760955844, 0.06453888262893845],
}
const BANK = analysisBank(FILTERS.low, FILTERS.high)

/** Where within its bin a value is put back, as a share of the bin. */
const BIN_CENTRE = decimal(0.44)

/** Where the low subbands vary more than this in sum, variances are taken in the middle of the image (the standard's rule). */
const CENTRAL_VARIANCE = 20_000

/** An image whose coefficients are in the core, to be written on any scale. */
export class Encoding {
  readonly allocation: BinAllocation
  readonly pixels: number
  readonly #core: WsqCore
  readonly #image: GrayImage
  readonly #comments: readonly string[]
  readonly #layout: Layout
  readonly #shift: Decimal
  readonly #scale: Decimal

  constructor(core: WsqCore, image: GrayImage, comments: readonly string[]) {
    const { data, widthPx, heightPx } = image
    this.#core = core
    this.#image = image
    this.#comments = comments
    this.#layout = layoutSubbands(widthPx, heightPx)
    this.pixels = widthPx * heightPx
    core.open(widthPx, heightPx)
    core.pixels = data
    const { mean, least, most } = core.measureGrays()
    this.#shift = decimal(mean)
    const reach = Math.max(this.#shift.value - least, most - this.#shift.value)
    // One gray alone has no scale.
    this.#scale = decimal(least === most ? 1 : reach / 128)
    const splits = [...this.#layout.joins].reverse()
    core.analyze(BANK, splits, this.#shift.value, this.#scale.value)
    this.allocation = new BinAllocation(this.#measure())
  }

  scaleOf(bitRate: number): number {
    return this.allocation.isEmpty ? 1 : this.allocation.scaleOf(bitRate)
  }

  /** The whole stream. `bitRate` is what it says of itself. */
  write(scale: number, bitRate: number): Uint8Array<ArrayBuffer> {
    const { widthPx, heightPx, ppi } = this.#image
    const bins = this.allocation.widthsAt(scale).map(width => {
      const written = decimal(width)
      return { width: written, zeroWidth: decimal(written.value * ZERO_BIN_RATIO) }
    })
    const isThere = bins.map(({ width }) => width.digits > 0)
    this.#core.quantize(
      this.#layout.subbands,
      bins.map(({ width, zeroWidth }) => ({ width: width.value, offset: zeroWidth.value / 2 })),
    )
    return concat([
      marker(MARKER.startOfImage),
      ...[nistComment(widthPx, heightPx, ppi, bitRate), ...this.#comments].map(comment),
      transformTable(FILTERS),
      quantizationTable(BIN_CENTRE, bins),
      frameHeader(widthPx, heightPx, this.#shift, this.#scale),
      ...this.#writeBlocks(isThere),
      marker(MARKER.endOfImage),
    ])
  }

  /** The first block has a table of its own, the two others share one. */
  #writeBlocks(isThere: readonly boolean[]): Uint8Array[] {
    const counts = this.#layout.subbands.map(({ width, height }, i) => (isThere[i] ? width * height : 0))
    const starts = [0, ...BLOCK_STARTS, SUBBANDS]
    const ends = { coefficient: 0, token: 0 }
    const findSymbols = (block: number) => {
      const count = counts.slice(starts[block], starts[block + 1]).reduce((sum, each) => sum + each, 0)
      const from = ends.token
      ends.token = this.#core.findSymbols(ends.coefficient, count, from)
      ends.coefficient += count
      return { from, to: ends.token }
    }
    const first = findSymbols(0)
    const lowTable = buildHuffmanTable(this.#core.counts)
    this.#core.clearCounts()
    const others = [findSymbols(1), findSymbols(2)]
    const highTable = buildHuffmanTable(this.#core.counts)
    return [
      huffmanTable(0, lowTable),
      ...this.#writeBlock(0, lowTable, first),
      huffmanTable(1, highTable),
      ...others.flatMap(tokens => this.#writeBlock(1, highTable, tokens)),
    ]
  }

  #writeBlock(number: number, table: HuffmanTable, tokens: { from: number; to: number }): Uint8Array[] {
    return [blockHeader(number), this.#core.writeCodes(tokens.from, tokens.to, codesOf(table))]
  }

  #measure(): WsqMeasures[] {
    const { subbands } = this.#layout
    const whole = subbands.map(subband => this.#core.measure(subband))
    const central = subbands.map(({ x, y, width, height }) => ({
      x: x + Math.floor(width / 8),
      y: y + Math.floor((9 * height) / 32),
      width: Math.floor((3 * width) / 4),
      height: Math.floor((7 * height) / 16),
    }))
    // In the smallest images there is no middle.
    if (central.some(({ width, height }) => width * height < 2)) return whole
    const variances = central.map(rectangle => this.#core.measure(rectangle).variance)
    const lowest = variances.slice(0, 4).reduce((sum, variance) => sum + variance, 0)
    return lowest < CENTRAL_VARIANCE ? whole : whole.map((measures, i) => ({ ...measures, variance: variances[i] }))
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((at, part) => {
    whole.set(part, at)
    return at + part.length
  }, 0)
  return whole
}
