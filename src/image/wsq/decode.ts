/** WSQ, the FBI's format for gray fingerprints (IAFIS-IC-0110, WSQ Gray-Scale Fingerprint Image Compression). */
import type { WsqCore, WsqStop } from '../../core/wsq-core.js'
import type { ReadOptions } from '../../formats/deviation.js'
import { checkSize } from '../pixels.js'
import { type SynthesisFilters, synthesisBank } from './bank.js'
import { CoefficientOrder } from './coefficients.js'
import { readCommentPpi } from './comment.js'
import { buildCodeTable, type HuffmanTable, readHuffmanTables } from './huffman.js'
import { intervalsOf, type Part, partsOf } from './parts.js'
import { checkStream, MARKER, type Segment, wsqCorrupt } from './segment.js'
import { type Layout, layoutSubbands, SUBBANDS } from './subbands.js'
import { type Frame, type QuantizationTable, readFrame, readQuantizationTable, readTransformTable } from './tables.js'
import { withWsqCore } from './with-core.js'

/** Each has at least one subband, or is for subbands that are all left out. */
const MAX_BLOCKS = SUBBANDS

/**
 * The longest code and value, all of their bytes followed by zeros, and a restart marker behind each: what is longer is no image, and
 * is not copied.
 */
const MOST_BYTES_A_COEFFICIENT = 12

/** The pixels of a WSQ stream: 8-bit gray, row by row, in a buffer of its own. */
export interface DecodedWsq {
  readonly data: Uint8Array<ArrayBuffer>
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per inch as stated in the NIST comment; undefined where none is stated. */
  readonly ppi: number | undefined
}

/**
 * Decodes any conforming stream: filters of odd and of even length, several Huffman tables, restart markers. With a listener for
 * deviations also what scanners write beyond that: comments and tables where a block should follow, no mark at the end or bytes
 * behind it, and an end of image after one or two of the three blocks (the finer detail is missing then, as it is in what was
 * sent). Time and memory are bounded by the size that the frame header states: 13 bytes a pixel, and about 10 ms a megapixel (25 with
 * the longest filters).
 *
 * @throws SidikError IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_EMPTY, IMAGE_TOO_LARGE (over 20 million pixels), IMAGE_TOO_SMALL (under
 *   32 a side), CORE_MISSING
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
 */
export async function decodeWsq(bytes: Uint8Array, options: ReadOptions = {}): Promise<DecodedWsq> {
  checkStream(bytes, options)
  return withWsqCore(core => decodeWsqWith(core, bytes, options))
}

/** The same with a core at hand. */
export function decodeWsqWith(core: WsqCore, bytes: Uint8Array, options: ReadOptions): DecodedWsq {
  return new Decoder(core, bytes).decode(options)
}

/** What has been read of a stream so far. */
class Decoder {
  readonly #core: WsqCore
  readonly #bytes: Uint8Array
  readonly #huffmanTables = new Map<number, HuffmanTable>()
  #filters: SynthesisFilters | undefined
  #quantization: QuantizationTable | undefined
  #ppi: number | undefined
  #frame: (Frame & Layout) | undefined
  /** From the first block on. */
  #order: CoefficientOrder | undefined
  #blocks = 0
  #endIsMarked = false

  constructor(core: WsqCore, bytes: Uint8Array) {
    this.#core = core
    this.#bytes = bytes
  }

  decode(options: ReadOptions): DecodedWsq {
    for (const part of partsOf(this.#bytes, options)) this.#readPart(part)
    const { frame, order } = this.#checkEnd()
    if (this.#filters === undefined) throw wsqCorrupt('it has no transform table')
    const { widthPx, heightPx, shift, scale, joins, subbands } = frame
    this.#core.clearCoefficients(order.filled, order.capacity)
    this.#core.synthesize(synthesisBank(this.#filters), subbands, order.bins, joins, shift, scale)
    return { data: this.#core.pixels, widthPx, heightPx, ppi: this.#ppi }
  }

  #checkEnd(): { frame: Frame & Layout; order: CoefficientOrder } {
    const frame = this.#frame
    const order = this.#order
    if (frame === undefined || order === undefined) throw wsqCorrupt('it ends before its first block')
    if (!order.isFull && !(this.#endIsMarked && order.isBetweenBlocks)) {
      throw wsqCorrupt(`it ends before its last coefficient, in ${order.place}`)
    }
    return { frame, order }
  }

  #readPart({ marker, segment, end }: Part): void {
    if (marker === MARKER.endOfImage) this.#endIsMarked = true
    if (segment === undefined) return
    if (marker === MARKER.startOfFrame) this.#readFrame(segment)
    else if (marker === MARKER.transformTable) this.#filters = readTransformTable(segment)
    else if (marker === MARKER.quantizationTable) this.#readQuantization(segment)
    else if (marker === MARKER.huffmanTables) {
      for (const [number, table] of readHuffmanTables(segment)) this.#huffmanTables.set(number, table)
    } else if (marker === MARKER.comment) this.#readComment(segment)
    else if (marker === MARKER.startOfBlock) this.#readBlock(segment, end)
    // How long the intervals between restart markers are: the markers themselves show it.
    else segment.u16()
  }

  /** The first resolution that is stated holds. */
  #readComment(segment: Segment): void {
    const ppi = readCommentPpi(segment)
    this.#ppi ??= ppi
  }

  #readFrame(segment: Segment): void {
    if (this.#frame !== undefined) throw segment.wrong('is a second one')
    const frame = readFrame(segment)
    checkSize(frame.widthPx, frame.heightPx)
    this.#frame = { ...frame, ...layoutSubbands(frame.widthPx, frame.heightPx) }
  }

  #readQuantization(segment: Segment): void {
    this.#quantization = readQuantizationTable(segment)
    if (this.#order !== undefined) this.#order.quantization = this.#quantization
  }

  #readBlock(segment: Segment, dataEnd: number): void {
    const number = segment.u8()
    const table = this.#huffmanTables.get(number)
    if (table === undefined) throw segment.wrong(`wants Huffman table ${number}, which is not there`)
    if (this.#frame === undefined) throw segment.wrong('comes before the frame header')
    if (this.#quantization === undefined) throw segment.wrong('comes before the quantization table')
    if (++this.#blocks > MAX_BLOCKS) throw segment.wrong(`is one more than the ${MAX_BLOCKS} that there can be`)
    this.#order ??= this.#begin(this.#frame, this.#quantization)
    if (!this.#order.isBetweenSubbands) throw segment.wrong(`cuts short the one before it, in ${this.#order.place}`)

    const most = MOST_BYTES_A_COEFFICIENT * (this.#order.capacity + 1)
    if (dataEnd - segment.end > most) throw segment.wrong(`has more data behind it than the ${most} bytes it can need`)

    this.#core.codeTable = buildCodeTable(table)
    this.#core.data = this.#bytes.subarray(segment.end, dataEnd)
    for (const { start, end } of intervalsOf(this.#bytes, segment.end)) {
      const { filled, capacity } = this.#order
      const read = this.#core.readCodes(start - segment.end, end - start, filled, capacity)
      if (typeof read === 'object') {
        throw wsqCorrupt(`the coded data at byte ${start} ${WRONG[read.stop]} at byte ${start + read.used}`)
      }
      this.#order.filled = read
    }
  }

  #begin({ widthPx, heightPx, subbands }: Frame & Layout, table: QuantizationTable): CoefficientOrder {
    this.#core.open(widthPx, heightPx)
    return new CoefficientOrder(subbands, table)
  }
}

const WRONG: Record<WsqStop, string> = {
  'no-code': 'have no code',
  'cut-short': 'end within a value',
  'no-meaning': 'hold a symbol which means nothing',
  'too-many': 'hold more coefficients than its size has,',
}
