/** Huffman tables of a WSQ stream, and the reading of one run of entropy-coded data with them (IAFIS-IC-0110). */
import { type Segment, wsqCorrupt } from './segment.js'

export const MAX_TABLES = 8

/** Longest code, in bits. */
const MAX_CODE_BITS = 16

/** Entry for each 16 bits that may come next: length of the code they begin with << 8 | its symbol; 0 where none is. */
export type CodeTable = Uint16Array

/** Codes as a stream states them: how many of each length from 1 bit on, and their symbols in the order of the codes. */
export interface HuffmanTable {
  readonly counts: readonly number[]
  readonly symbols: readonly number[]
}

/** All tables of a segment, by number (0 to 7). */
export function readHuffmanTables(segment: Segment): Map<number, HuffmanTable> {
  const tables = new Map<number, HuffmanTable>()
  while (segment.leftBytes > 0) {
    const number = segment.u8()
    if (number >= MAX_TABLES) throw segment.wrong(`has a table ${number}, not 0 to ${MAX_TABLES - 1}`)
    const counts = Array.from({ length: MAX_CODE_BITS }, () => segment.u8())
    const symbols = Array.from({ length: counts.reduce((sum, count) => sum + count, 0) }, () => segment.u8())
    const space = counts.reduce((sum, count, i) => sum + count * 2 ** (MAX_CODE_BITS - 1 - i), 0)
    if (space > 2 ** MAX_CODE_BITS) throw segment.wrong('has more codes than there can be')
    tables.set(number, { counts, symbols })
  }
  return tables
}

export function buildCodeTable({ counts, symbols }: HuffmanTable): CodeTable {
  const entries = new Uint16Array(2 ** MAX_CODE_BITS)
  let from = 0
  let next = 0
  counts.forEach((count, i) => {
    const step = 2 ** (MAX_CODE_BITS - 1 - i)
    for (let code = 0; code < count; code++, from += step) {
      entries.fill(((i + 1) << 8) | symbols[next++], from, from + step)
    }
  })
  return entries
}

/** Takes coefficients as they are read. */
export interface CoefficientSink {
  /** One quantized coefficient. */
  put(value: number): void
  /** A run of zeros. */
  skip(count: number): void
}

/** Symbols: 1 to 100 runs of that many zeros, then six escapes, then 107 to 254 coefficients of -73 to 74. */
const LAST_RUN = 100
const POSITIVE_8 = 101
const NEGATIVE_8 = 102
const POSITIVE_16 = 103
const NEGATIVE_16 = 104
const RUN_8 = 105
const RUN_16 = 106
const ZERO = 180

/**
 * Reads symbols until the data end: at the last whole code, because what fills the last byte is no code.
 *
 * @param data without stuffed bytes
 * @param startAt of the data in the file, for messages
 */
export function decodeSymbols(data: Uint8Array, startAt: number, table: CodeTable, sink: CoefficientSink): void {
  let at = 0
  let window = 0
  let windowBits = 0

  const refill = (): void => {
    while (windowBits <= 16 && at < data.length) {
      window = ((window << 8) | data[at++]) & 0xffffff
      windowBits += 8
    }
  }
  const take = (bits: number): number => {
    refill()
    if (windowBits < bits) throw wsqCorrupt(`the coded data at byte ${startAt} end within a value`)
    windowBits -= bits
    return (window >>> windowBits) & ((1 << bits) - 1)
  }

  for (;;) {
    refill()
    // Ones after the end, which begin no code: no conforming table has a code of ones alone.
    const missing = Math.max(0, MAX_CODE_BITS - windowBits)
    const next = (((window << missing) | ((1 << missing) - 1)) >>> (windowBits + missing - MAX_CODE_BITS)) & 0xffff
    const entry = table[next]
    const bits = entry >>> 8
    if (entry === 0 || bits > windowBits) {
      if (windowBits < 8) return
      throw wsqCorrupt(`the coded data at byte ${startAt} have no code at their byte ${at - Math.ceil(windowBits / 8)}`)
    }
    windowBits -= bits
    const symbol = entry & 0xff
    if (symbol > RUN_16 && symbol < 255) sink.put(symbol - ZERO)
    else if (symbol >= 1 && symbol <= LAST_RUN) sink.skip(symbol)
    else if (symbol === POSITIVE_8) sink.put(take(8))
    else if (symbol === NEGATIVE_8) sink.put(-take(8))
    else if (symbol === POSITIVE_16) sink.put(take(16))
    else if (symbol === NEGATIVE_16) sink.put(-take(16))
    else if (symbol === RUN_8) sink.skip(take(8))
    else if (symbol === RUN_16) sink.skip(take(16))
    else throw wsqCorrupt(`the coded data at byte ${startAt} hold symbol ${symbol}, which means nothing`)
  }
}
