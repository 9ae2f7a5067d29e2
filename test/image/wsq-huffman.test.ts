import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codesOf } from '../../dist/image/wsq/huffman.js'
import { buildHuffmanTable } from '../../dist/image/wsq/huffman-build.js'

function lengthsOf(uses: Uint32Array): Map<number, number> {
  const table = buildHuffmanTable(uses)
  const codes = codesOf(table)
  return new Map(table.symbols.map(symbol => [symbol, codes[symbol] & 255]))
}

function bitsOf(uses: Uint32Array): number {
  return [...lengthsOf(uses)].reduce((sum, [symbol, bits]) => sum + uses[symbol] * bits, 0)
}

describe('Huffman tables that are written', () => {
  const manyUses = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(1_000_000)), { minLength: 256, maxLength: 256 })

  it('have a code for each symbol in use, none the beginning of another, none of ones alone, of 16 bits at most', () => {
    fc.assert(
      fc.property(manyUses, values => {
        const uses = Uint32Array.from(values)
        const { counts, symbols } = buildHuffmanTable(uses)
        const used = values.flatMap((count, symbol) => (count > 0 ? [symbol] : []))
        expect([...symbols].sort((a, b) => a - b)).toEqual(used.length === 0 ? [1] : used)
        expect(counts).toHaveLength(16)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(symbols.length)
        // Less than all that there is room for: what is left has the code of ones.
        expect(counts.reduce((sum, count, i) => sum + count / 2 ** (i + 1), 0)).toBeLessThan(1)
        const codes = codesOf({ counts, symbols })
        for (const symbol of symbols) {
          const bits = codes[symbol] & 255
          expect(codes[symbol] >> 8).toBeLessThan(2 ** bits - 1)
        }
      }),
    )
  })

  it('are as short as can be, but for the code that is left out', () => {
    fc.assert(
      fc.property(manyUses, values => {
        const uses = Uint32Array.from(values)
        const total = values.reduce((sum, count) => sum + count, 0)
        if (total === 0) return
        const entropy = values.reduce((sum, count) => (count === 0 ? sum : sum - count * Math.log2(count / total)), 0)
        expect(bitsOf(uses)).toBeGreaterThanOrEqual(entropy - 1e-6 * entropy)
        expect(bitsOf(uses)).toBeLessThanOrEqual(entropy + total)
      }),
    )
  })

  it('stay within 16 bits where a tree would be deeper', () => {
    const uses = new Uint32Array(256)
    for (let i = 0, [a, b] = [1, 1]; i < 40; i++, [a, b] = [b, a + b]) uses[i + 1] = a
    const lengths = lengthsOf(uses)
    expect(Math.max(...lengths.values())).toBe(16)
    expect(lengths.get(40)).toBe(1)
  })

  it('have one code where nothing, or one thing, is coded', () => {
    expect(buildHuffmanTable(new Uint32Array(256))).toMatchObject({ symbols: [1] })
    const one = new Uint32Array(256)
    one[180] = 7
    expect([...lengthsOf(one)]).toEqual([[180, 1]])
  })
})
