import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions, noise, paint, phaseOf } from './pictures.js'
import { StageLab } from './stage-lab.js'

const print = cleanImpressions(1)[0].image

const WAVE = { angleRad: 0.6, periodPx: 9 }

/** Correlation of an image with the ridges of WAVE, -1 to 1, leaving out the outermost 20 px. */
function likeness(image: Int16Array, widthPx: number, heightPx: number): number {
  let both = 0
  let own = 0
  let true_ = 0
  for (let y = 20; y < heightPx - 20; y++) {
    for (let x = 20; x < widthPx - 20; x++) {
      const value = image[y * widthPx + x]
      const ridge = Math.cos(phaseOf(WAVE, x, y))
      both += value * ridge
      own += value * value
      true_ += ridge * ridge
    }
  }
  return both / Math.sqrt(own * true_)
}

describe.each(CORE_TARGETS)('enhance ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const grain = noise(4, 160, 160)
  const noisy = paint(160, 160, (x, y) => 128 - 60 * Math.cos(phaseOf(WAVE, x, y)) + 60 * grain[y * 160 + x])

  it('finds ridges under noise of twice their energy', () => {
    const { normalized, enhanced, widthPx, heightPx } = lab.after('enhance', noisy)
    expect(likeness(normalized, widthPx, heightPx)).toBeLessThan(0.65)
    expect(likeness(enhanced, widthPx, heightPx)).toBeGreaterThan(0.95)
  })

  it('closes a cut across ridges, but keeps valleys open', () => {
    const cut = paint(160, 160, (x, y) => {
      const along = x * Math.cos(WAVE.angleRad) - y * Math.sin(WAVE.angleRad)
      return Math.abs(along - 45) < 2 ? 228 : 128 - 100 * Math.cos(phaseOf(WAVE, x, y))
    })
    const { enhanced, widthPx, heightPx } = lab.after('refine', cut)
    let wrong = 0
    for (let y = 20; y < heightPx - 20; y++) {
      for (let x = 20; x < widthPx - 20; x++) {
        const ridge = Math.cos(phaseOf(WAVE, x, y))
        if (Math.abs(ridge) > 0.5 && enhanced[y * widthPx + x] > 0 !== ridge > 0) wrong++
      }
    }
    expect(wrong).toBe(0)
  })

  it('makes nothing where there is nothing, the second time nothing outside the mask', () => {
    const half = lab.after(
      'enhance',
      paint(320, 160, (x, y) => (x < 160 ? 128 - 100 * Math.cos(phaseOf(WAVE, x, y)) : 255)),
    )
    const beyond = half.enhanced.filter((_, i) => i % half.widthPx >= 180)
    expect(beyond.every(value => value === 0)).toBe(true)
    expect(half.enhanced.some(value => value !== 0)).toBe(true)
    const { enhanced, mask, widthPx } = lab.after('refine', print)
    const outside = enhanced.filter((_, i) => {
      return !mask[Math.floor(i / widthPx / 4) * (widthPx / 4) + Math.floor((i % widthPx) / 4)]
    })
    expect(outside.length).toBeGreaterThan(10_000)
    expect(outside.every(value => value === 0)).toBe(true)
  })
})
