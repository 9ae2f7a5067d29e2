import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { paint, TURN } from './pictures.js'
import { StageLab } from './stage-lab.js'

/** Amplitude and phase of the horizontal wave of `periodPx` in rows of an image. */
function waveIn(data: Uint8Array, stridePx: number, widthPx: number, heightPx: number, periodPx: number) {
  let cos = 0
  let sin = 0
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const value = data[y * stridePx + x] - 128
      cos += value * Math.cos((TURN * (x + 0.5)) / periodPx)
      sin += value * Math.sin((TURN * (x + 0.5)) / periodPx)
    }
  }
  const scale = 2 / (widthPx * heightPx)
  return { amplitude: Math.hypot(cos, sin) * scale, phaseRad: Math.atan2(sin, cos) }
}

describe.each(CORE_TARGETS)('resample ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('copies an image at 500 ppi bit for bit and repeats its edges up to whole cells', () => {
    const side = fc.integer({ min: 1, max: 70 })
    fc.assert(
      fc.property(side, side, fc.nat(), (widthPx, heightPx, seed) => {
        const image = paint(widthPx, heightPx, (x, y) => (Math.imul(x + 1, 40_503) ^ Math.imul(y + seed, 9_973)) & 255)
        const stages = lab.after('resample', image)
        expect(stages.widthPx).toBe(Math.max(32, Math.ceil(widthPx / 4) * 4))
        expect(stages.heightPx).toBe(Math.max(32, Math.ceil(heightPx / 4) * 4))
        const expected = paint(stages.widthPx, stages.heightPx, (x, y) => {
          return image.data[Math.min(y, heightPx - 1) * widthPx + Math.min(x, widthPx - 1)]
        })
        expect(stages.gray).toEqual(expected.data)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps a constant, whatever the resolution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 250, max: 1100 }), fc.nat(255), (ppi, gray) => {
        const stages = lab.after('resample', { ...paint(93, 71, () => gray), ppi })
        expect(new Set(stages.gray)).toEqual(new Set([gray]))
      }),
      { numRuns: 60 },
    )
  })

  it.each([250, 333, 500, 569, 700, 1000, 1100])('keeps the place and the period of ridges at %i ppi', ppi => {
    const periodPx = 9
    const step = ppi / 500
    const [widthPx, heightPx] = [Math.round(450 * step), Math.round(36 * step)]
    const image = paint(widthPx, heightPx, x => 128 + 100 * Math.cos((TURN * (x + 0.5)) / (periodPx * step)))
    const { gray, widthPx: stridePx } = lab.after('resample', { ...image, ppi })
    // Whole pixels stretch the print by at most half a one, which is 0.17 rad in the middle.
    const { amplitude, phaseRad } = waveIn(gray, stridePx, 450, 36, periodPx)
    expect(Math.abs(phaseRad)).toBeLessThan(ppi % 50 === 0 ? 0.01 : 0.18)
    expect(amplitude).toBeGreaterThan(85)
    expect(amplitude).toBeLessThan(105)
  })

  it('does not fold what 500 ppi cannot show into ridges', () => {
    const fine = paint(800, 80, x => 128 + 100 * Math.cos((TURN * x) / 2.2))
    const { gray, widthPx } = lab.after('resample', { ...fine, ppi: 1000 })
    const inner = gray.filter((_, i) => i % widthPx >= 4 && i % widthPx < 396)
    expect(Math.max(...inner.map(value => Math.abs(value - 128)))).toBeLessThan(12)
  })

  it('treats rows as it treats columns', () => {
    const image = { ...paint(90, 90, (x, y) => 80 + 90 * ((x * 31 + y * 17 + x * y) % 7 > 3 ? 1 : 0)), ppi: 640 }
    const transposed = { ...paint(90, 90, (x, y) => image.data[x * 90 + y]), ppi: 640 }
    const a = lab.after('resample', image)
    const b = lab.after('resample', transposed)
    let worst = 0
    for (let y = 0; y < 70; y++) {
      for (let x = 0; x < 70; x++) {
        worst = Math.max(worst, Math.abs(a.gray[y * a.widthPx + x] - b.gray[x * b.widthPx + y]))
      }
    }
    // Rounding to 1/256 gray between the two passes.
    expect(worst).toBeLessThanOrEqual(1)
  })
})
