/**
 * A WSQ stream from marker to marker, its parts not looked into (IAFIS-IC-0110):
 *
 *     SOI, then in front of the frame header and of each block header: transform, quantization and Huffman tables, restart
 *     interval, comments; the frame header; three blocks, each a header and coded data; EOI
 */
import type { ReadOptions } from '../../formats/deviation.js'
import { isRestart, MARKER, readMarker, reportDeviation, Segment, wsqCorrupt } from './segment.js'

const BLOCKS = 3

/** Markers of a stream, those between intervals of coded data apart. NIST's encoder writes 12. */
const MOST_SEGMENTS = 1000

/** Limit for all comments together; one alone may have 64 KiB. NIST's encoder writes 150 bytes. */
const MOST_COMMENT_BYTES = 1024 * 1024

/** One marker with what belongs to it. */
export interface Part {
  readonly marker: number
  /** Of the marker, from the start of the bytes. */
  readonly offset: number
  /** Its parameters; none of the start and the end of the image. */
  readonly segment?: Segment
  /** Where the next part begins; of a block, behind its coded data. */
  readonly end: number
}

/** Segments with parameters, for people. */
export const SEGMENT_NAMES: Record<number, string> = {
  [MARKER.startOfFrame]: 'frame header',
  [MARKER.startOfBlock]: 'block header',
  [MARKER.transformTable]: 'transform table',
  [MARKER.quantizationTable]: 'quantization table',
  [MARKER.huffmanTables]: 'Huffman table',
  [MARKER.restartInterval]: 'restart interval',
  [MARKER.comment]: 'comment',
}

/**
 * All parts in their order, one at a time; who takes one reads all of its parameters. Deviations that are reported: parameters
 * that are left over; no end of image, or bytes behind it; more or fewer than three blocks (some scanners end after one or two of
 * them); tables and comments behind the last block.
 *
 * @throws SidikError IMAGE_CORRUPT, also for more than 1,000 segments, and for comments of more than 1 MiB together
 */
export function* partsOf(bytes: Uint8Array, options: ReadOptions): Generator<Part> {
  yield { marker: MARKER.startOfImage, offset: 0, end: 2 }
  let at = 2
  let segments = 1
  let commentBytes = 0
  let blocks = 0
  let behindBlock: Part | undefined
  for (;;) {
    const found = readMarker(bytes, at)
    if (found === undefined || found.marker === MARKER.endOfImage) {
      if (blocks > 0 && behindBlock !== undefined) {
        const { marker, offset } = behindBlock
        reportDeviation(options, SEGMENT_NAMES[marker], offset, 'stands where a block should follow')
      }
      if (blocks !== BLOCKS) reportDeviation(options, 'block', at, `number ${blocks} is the last one, not ${BLOCKS}`)
      if (found === undefined) return reportDeviation(options, 'end of image', bytes.length, 'is missing')
      yield { marker: found.marker, offset: at, end: found.bodyAt }
      const behind = bytes.length - found.bodyAt
      if (behind > 0) reportDeviation(options, 'end of image', found.bodyAt, `has ${behind} bytes behind it`)
      return
    }
    if (++segments > MOST_SEGMENTS) throw wsqCorrupt(`it has more than ${MOST_SEGMENTS} segments`)
    const part = readPart(bytes, at, found.marker, found.bodyAt)
    if (part.marker === MARKER.comment) commentBytes += part.segment.leftBytes
    if (commentBytes > MOST_COMMENT_BYTES) {
      throw wsqCorrupt(`its comments have more than ${MOST_COMMENT_BYTES} bytes together`)
    }
    yield part
    if (part.segment.leftBytes > 0) {
      const name = SEGMENT_NAMES[part.marker]
      reportDeviation(options, name, part.offset, `has ${part.segment.leftBytes} bytes more than it needs`)
    }
    if (part.marker === MARKER.startOfBlock) {
      blocks++
      behindBlock = undefined
    } else {
      behindBlock ??= part
    }
    at = part.end
  }
}

function readPart(bytes: Uint8Array, offset: number, marker: number, bodyAt: number): Part & { segment: Segment } {
  const name = SEGMENT_NAMES[marker]
  if (name === undefined) {
    throw wsqCorrupt(`the marker 0x${(0xff00 | marker).toString(16)} before byte ${bodyAt} has no meaning there`)
  }
  const segment = new Segment(bytes, bodyAt, name)
  const end = marker === MARKER.startOfBlock ? endOfBlock(bytes, segment.end) : segment.end
  return { marker, offset, segment, end }
}

function endOfBlock(bytes: Uint8Array, from: number): number {
  let at = from
  for (const interval of intervalsOf(bytes, from)) at = interval.end
  return at
}

/** Coded data between restart markers, up to the next marker of another kind. Codes begin anew at each. */
export function* intervalsOf(bytes: Uint8Array, from: number): Generator<{ start: number; end: number }> {
  for (let start = from; ; ) {
    let end = start
    while (end < bytes.length && (bytes[end] !== 0xff || bytes[end + 1] === 0)) end += bytes[end] === 0xff ? 2 : 1
    yield { start, end }
    const next = readMarker(bytes, end)
    if (next === undefined || !isRestart(next.marker)) return
    start = next.bodyAt
  }
}
