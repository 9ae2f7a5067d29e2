/** WSQ, the FBI's format for gray fingerprints (IAFIS-IC-0110, WSQ Gray-Scale Fingerprint Image Compression). */
import { checkSize, type DecodedImage, type StatedResolution } from '../pixels.js'
import { CoefficientPlane } from './coefficients.js'
import { readCommentResolution } from './comment.js'
import { buildCodeTable, decodeSymbols, type HuffmanTable, readHuffmanTables } from './huffman.js'
import { MARKER, readCodedData, readMarker, Segment, wsqCorrupt } from './segment.js'
import { type Layout, layoutSubbands, SUBBANDS } from './subbands.js'
import { synthesize } from './synthesis.js'
import {
  type Frame,
  type QuantizationTable,
  readFrame,
  readQuantizationTable,
  readTransformTable,
  type SynthesisFilters,
} from './tables.js'

/** Each has at least one subband, or is for subbands that are all left out. */
const MAX_BLOCKS = SUBBANDS

/**
 * Decodes any conforming stream: filters of odd and of even length, several Huffman tables, restart markers. Also taken
 * is what scanners write beyond that: comments and tables where a block should follow, no mark at the end, and an end
 * of image after one or two of the three blocks (the finer detail is missing then, as it is in what was sent).
 *
 * @param bytes that begin with the marker for the start of image
 * @throws SidikError IMAGE_CORRUPT, IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export function decodeWsq(bytes: Uint8Array): DecodedImage {
  return new Decoder(bytes).decode()
}

/** What has been read of a stream so far. */
class Decoder {
  readonly #bytes: Uint8Array
  readonly #huffmanTables = new Map<number, HuffmanTable>()
  #filters: SynthesisFilters | undefined
  #quantization: QuantizationTable | undefined
  #resolution: StatedResolution | undefined
  #frame: (Frame & Layout) | undefined
  /** From the first block on. */
  #plane: CoefficientPlane | undefined
  #blocks = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  decode(): DecodedImage {
    const endIsMarked = this.#readParts()
    if (this.#frame === undefined || this.#plane === undefined) throw wsqCorrupt('it ends before its first block')
    if (!this.#plane.isFull && !(endIsMarked && this.#plane.isBetweenBlocks)) {
      throw wsqCorrupt(`it ends before its last coefficient, in ${this.#plane.place}`)
    }
    if (this.#filters === undefined) throw wsqCorrupt('it has no transform table')
    const { widthPx, heightPx, shift, scale, joins } = this.#frame
    synthesize(this.#plane.values, widthPx, joins, this.#filters)
    return { data: toGray(this.#plane.values, shift, scale), widthPx, heightPx, resolution: this.#resolution }
  }

  /** @returns whether the stream says that it ends, and does not just stop */
  #readParts(): boolean {
    let at = 2 // after the start of image
    for (;;) {
      const found = readMarker(this.#bytes, at)
      if (found === undefined) return false
      if (found.marker === MARKER.endOfImage) return true
      at = this.#readPart(found.marker, found.bodyAt)
    }
  }

  /** @returns where the next marker begins */
  #readPart(marker: number, bodyAt: number): number {
    const name = NAMES[marker]
    if (name === undefined) {
      throw wsqCorrupt(`the marker 0x${(0xff00 | marker).toString(16)} before byte ${bodyAt} has no meaning there`)
    }
    const segment = new Segment(this.#bytes, bodyAt, name)
    if (marker === MARKER.startOfFrame) this.#readFrame(segment)
    else if (marker === MARKER.transformTable) this.#filters = readTransformTable(segment)
    else if (marker === MARKER.quantizationTable) this.#readQuantization(segment)
    else if (marker === MARKER.huffmanTables) {
      for (const [number, table] of readHuffmanTables(segment)) this.#huffmanTables.set(number, table)
    } else if (marker === MARKER.comment) this.#resolution ??= readCommentResolution(segment)
    else if (marker === MARKER.startOfBlock) return this.#readBlock(segment)
    // What is left says how long the intervals between restart markers are; the markers themselves show it.
    return segment.end
  }

  #readFrame(segment: Segment): void {
    if (this.#frame !== undefined) throw segment.wrong('is a second one')
    const frame = readFrame(segment)
    checkSize(frame.widthPx, frame.heightPx)
    this.#frame = { ...frame, ...layoutSubbands(frame.widthPx, frame.heightPx) }
  }

  #readQuantization(segment: Segment): void {
    this.#quantization = readQuantizationTable(segment)
    if (this.#plane !== undefined) this.#plane.quantization = this.#quantization
  }

  /** @returns where the coded data end */
  #readBlock(segment: Segment): number {
    const number = segment.u8()
    const table = this.#huffmanTables.get(number)
    if (table === undefined) throw segment.wrong(`wants Huffman table ${number}, which is not there`)
    if (this.#frame === undefined) throw segment.wrong('comes before the frame header')
    if (this.#quantization === undefined) throw segment.wrong('comes before the quantization table')
    if (++this.#blocks > MAX_BLOCKS) throw segment.wrong(`is one more than the ${MAX_BLOCKS} that there can be`)
    const { widthPx, heightPx, subbands } = this.#frame
    this.#plane ??= new CoefficientPlane(widthPx, heightPx, subbands, this.#quantization)
    if (!this.#plane.isBetweenSubbands) throw segment.wrong(`cuts short the one before it, in ${this.#plane.place}`)

    const codes = buildCodeTable(table)
    let at = segment.end
    for (;;) {
      const { data, end } = readCodedData(this.#bytes, at)
      decodeSymbols(data, at, codes, this.#plane)
      const next = readMarker(this.#bytes, end)
      // After a restart marker, codes begin anew at a whole byte; nothing else depends on it.
      if (next === undefined || next.marker < MARKER.firstRestart || next.marker > MARKER.lastRestart) return end
      at = next.bodyAt
    }
  }
}

/** Segments with parameters, for messages. */
const NAMES: Record<number, string> = {
  [MARKER.startOfFrame]: 'frame header',
  [MARKER.startOfBlock]: 'block header',
  [MARKER.transformTable]: 'transform table',
  [MARKER.quantizationTable]: 'quantization table',
  [MARKER.huffmanTables]: 'Huffman table',
  [MARKER.restartInterval]: 'restart interval',
  [MARKER.comment]: 'comment',
}

/** Rounded, and black or white where the filters overshoot. */
function toGray(plane: Float32Array, shift: number, scale: number): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(plane.length)
  for (let pixel = 0; pixel < gray.length; pixel++) {
    const value = plane[pixel] * scale + shift + 0.5
    // Written so that what is no number, from tables beyond all sense, is black.
    gray[pixel] = value > 0 ? Math.min(value, 255) : 0
  }
  return gray
}
