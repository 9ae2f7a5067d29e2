import { describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'
import { BITS, packRow, ROW, writeSigns } from '../../dist/synthesize/code-lanes.js'

describe('rows of two lanes', () => {
  it('add and multiply as their values do', () => {
    const random = new Random(3)
    for (let round = 0; round < 50; round++) {
      const values = Array.from({ length: 3 }, () => Float64Array.from({ length: BITS }, () => random.normal()))
      const rows = new Int32Array(3 * ROW)
      for (const [i, some] of values.entries()) packRow(some, rows, i * ROW)
      const sum = Int32Array.from({ length: ROW }, (_, j) => rows[j] + 2 * rows[ROW + j] - 3 * rows[2 * ROW + j])
      const code = new Uint8Array(16)
      writeSigns(sum, code, 0)
      for (let bit = 0; bit < BITS; bit++) {
        const value = values[0][bit] + 2 * values[1][bit] - 3 * values[2][bit]
        // Six roundings of at most half a step of 1 / 2048.
        if (Math.abs(value) > 0.002) expect((code[bit >> 3] >> (bit & 7)) & 1).toBe(value > 0 ? 1 : 0)
      }
    }
  })
})
