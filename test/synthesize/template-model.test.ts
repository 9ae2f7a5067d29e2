import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadTemplateModel, readTemplateModel } from '../../dist/synthesize/template-model.js'

const bytes = readFileSync(new URL('../../training/weights/templates-1.bin', import.meta.url))

describe('the model of synthetic templates', () => {
  it('is small, and read as it is', () => {
    expect(bytes.length).toBeLessThan(100_000)
    const { weights, loadings, nearCells, nearPx, directionBins } = loadTemplateModel()
    expect([nearCells, nearPx, directionBins]).toEqual([9, 12, 16])
    expect(weights.every(weight => Math.abs(weight) < 0.8)).toBe(true)
    for (let bit = 0; bit < 128; bit++) {
      const common = loadings.subarray(24 * bit, 24 * bit + 24).reduce((sum, loading) => sum + loading ** 2, 0)
      expect(common).toBeLessThan(1)
    }
  })

  it.each([
    ['nothing', () => new Uint8Array(0)],
    ['another file', () => new Uint8Array(bytes.length)],
    ['a file cut short', () => bytes.subarray(0, -1)],
    ['another version', () => Uint8Array.from(bytes, (byte, i) => (i === 4 ? 9 : byte))],
  ])('refuses %s', (_, make) => {
    expect(() => readTemplateModel(make())).toThrow(expect.objectContaining({ code: 'MODEL_MISSING' }))
  })
})
