import type { ReadOptions } from '../../formats/deviation.js'
import { readCommentText } from './comment.js'
import { readHuffmanTables } from './huffman.js'
import { intervalsOf, type Part, partsOf, SEGMENT_NAMES } from './parts.js'
import { checkStream, MARKER, type Segment } from './segment.js'
import { readFrame, readQuantizationTable, readTransformTable } from './tables.js'

/** A segment of a WSQ stream, for people to read. */
export interface WsqSegment {
  /** As the standard calls it: SOI, COM, DTT, DQT, SOF, DRT, DHT, SOB, EOI. */
  readonly marker: string
  /** In words: 'frame header'. */
  readonly name: string
  /** Of its marker (and what fills up before it), from the start of the bytes. */
  readonly offset: number
  /** Bytes with its marker; of a block with its coded data. */
  readonly length: number
  /** What it says: numbers, texts, lists of either. */
  readonly fields: Readonly<Record<string, WsqField>>
}

export type WsqField = number | string | readonly number[] | readonly string[]

/** The segments that have parameters, and how they are read. */
const READERS: Record<
  number,
  readonly [marker: string, read: (segment: Segment, bytes: Uint8Array) => WsqSegment['fields']]
> = {
  [MARKER.comment]: ['COM', segment => ({ text: readCommentText(segment) })],
  [MARKER.transformTable]: ['DTT', readFilters],
  [MARKER.quantizationTable]: ['DQT', readBins],
  [MARKER.startOfFrame]: ['SOF', segment => ({ ...readFrame(segment) })],
  [MARKER.restartInterval]: ['DRT', segment => ({ interval: segment.u16() })],
  [MARKER.huffmanTables]: ['DHT', readCodes],
  [MARKER.startOfBlock]: ['SOB', readBlock],
}

/**
 * Lists the segments of a WSQ stream (IAFIS-IC-0110) without decoding it: texts of comments, values of the frame header, what is
 * in the tables, bytes of the blocks. With a listener for deviations it goes on where a stream deviates: no end of image or bytes
 * behind it, more or fewer than three blocks, comments and tables behind the last, parameters that are left over.
 *
 * @throws SidikError IMAGE_FORMAT for bytes that are no WSQ stream, IMAGE_CORRUPT
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
 */
export function inspectWsq(bytes: Uint8Array, options: ReadOptions = {}): WsqSegment[] {
  checkStream(bytes, options)
  return Array.from(partsOf(bytes, options), part => describe(part, bytes))
}

function describe({ marker, offset, segment, end }: Part, bytes: Uint8Array): WsqSegment {
  const length = end - offset
  if (segment === undefined) {
    const [short, name] = marker === MARKER.startOfImage ? ['SOI', 'start of image'] : ['EOI', 'end of image']
    return { marker: short, name, offset, length, fields: {} }
  }
  const [short, read] = READERS[marker]
  // With its coded data it is more than its header.
  const name = marker === MARKER.startOfBlock ? 'block' : SEGMENT_NAMES[marker]
  return { marker: short, name, offset, length, fields: read(segment, bytes) }
}

function readFilters(segment: Segment): WsqSegment['fields'] {
  const { low, high } = readTransformTable(segment)
  // Those of the inverse transform, which has each for the other.
  return { lowPassTaps: high.length, highPassTaps: low.length, inverseLowPass: low, inverseHighPass: high }
}

function readBins(segment: Segment): WsqSegment['fields'] {
  const { binCentre, binWidths, zeroBinWidths } = readQuantizationTable(segment)
  const left = Array.from(binWidths.keys()).filter(subband => binWidths[subband] === 0)
  return { binCentre, binWidths: [...binWidths], zeroBinWidths: [...zeroBinWidths], subbandsLeftOut: left }
}

function readCodes(segment: Segment): WsqSegment['fields'] {
  const tables = [...readHuffmanTables(segment)].map(([number, { counts, symbols }]) => {
    const lengths = counts.flatMap((count, i) => (count > 0 ? [i + 1] : []))
    return `${number}: ${symbols.length} codes of ${lengths[0] ?? 0} to ${lengths.at(-1) ?? 0} bits`
  })
  return { tables }
}

function readBlock(segment: Segment, bytes: Uint8Array): WsqSegment['fields'] {
  let codedBytes = 0
  let intervals = 0
  for (const { start, end } of intervalsOf(bytes, segment.end)) {
    codedBytes += end - start
    intervals++
  }
  return { table: segment.u8(), codedBytes, restartMarkers: intervals - 1 }
}
