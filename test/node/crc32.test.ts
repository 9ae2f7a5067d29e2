import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../dist/node/crc32.js'
import { crc32 as byTables } from '../../dist/template/crc32.js'

describe('crc32 of node', () => {
  it('is that of any Node, for pieces of every length, chained or not', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3_000 })
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(), fc.nat(0xffffffff), (bytes, a, b, previous) => {
        const [start, end] = [a, b].map(at => at % (bytes.length + 1)).sort((p, q) => p - q)
        expect(crc32(bytes, start, end, previous)).toBe(byTables(bytes, start, end, previous))
        expect(crc32(bytes)).toBe(byTables(bytes))
      }),
    )
  })
})
