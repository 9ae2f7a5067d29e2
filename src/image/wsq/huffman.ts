/** Huffman tables of a WSQ stream, as it states them and as the core reads with them (IAFIS-IC-0110). */
import type { Segment } from './segment.js'

export const MAX_TABLES = 8

/** Longest code, in bits. */
export const MAX_CODE_BITS = 16

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

/** Bits that are looked up at once (WSQ_LOOKUP_BITS of assembly/memory-wsq.ts, which says what lies where). */
const LOOKUP_BITS = 10
const LENGTHS = MAX_CODE_BITS + 1
const MOST_SYMBOLS = 4096

/** What the core reads codes with. */
export function buildCodeTable({ counts, symbols }: HuffmanTable): Uint8Array {
  const lookup = new Uint16Array(2 ** LOOKUP_BITS)
  const [ends, starts, symbolsAt] = [new Uint32Array(LENGTHS), new Uint32Array(LENGTHS), new Uint32Array(LENGTHS)]
  const inOrder = new Uint8Array(MOST_SYMBOLS)
  inOrder.set(symbols)
  let from = 0
  let next = 0
  counts.forEach((count, i) => {
    const bits = i + 1
    starts[bits] = from
    symbolsAt[bits] = next
    for (let code = 0; bits <= LOOKUP_BITS && code < count; code++) {
      const at = (from >> (MAX_CODE_BITS - LOOKUP_BITS)) + (code << (LOOKUP_BITS - bits))
      lookup.fill((bits << 8) | symbols[next + code], at, at + 2 ** (LOOKUP_BITS - bits))
    }
    next += count
    from += count * 2 ** (MAX_CODE_BITS - bits)
    ends[bits] = from
  })
  const parts = [lookup, ends, starts, symbolsAt, inOrder].map(({ buffer }) => new Uint8Array(buffer))
  const table = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((at, part) => {
    table.set(part, at)
    return at + part.length
  }, 0)
  return table
}

/** What the core writes codes with: by symbol, code << 8 | its length in bits. */
export function codesOf({ counts, symbols }: HuffmanTable): Uint32Array {
  const codes = new Uint32Array(256)
  let code = 0
  let next = 0
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) codes[symbols[next++]] = (code++ << 8) | (i + 1)
    code *= 2
  })
  return codes
}
