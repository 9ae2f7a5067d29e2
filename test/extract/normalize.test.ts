import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { grating, noise, paint, placed, regrayed } from './pictures.js'
import { StageLab } from './stage-lab.js'

const RADIUS = 12
const AMPLITUDE = 400
const CLIP = 1600

/** The definition, window by window. */
function normalizedAt(gray: Uint8Array, widthPx: number, heightPx: number, x: number, y: number): number {
  let n = 0
  let sum = 0
  let square = 0
  for (let j = Math.max(0, y - RADIUS); j <= Math.min(heightPx - 1, y + RADIUS); j++) {
    for (let i = Math.max(0, x - RADIUS); i <= Math.min(widthPx - 1, x + RADIUS); i++) {
      n++
      sum += gray[j * widthPx + i]
      square += gray[j * widthPx + i] ** 2
    }
  }
  const mean = sum / n
  const deviation = Math.max(3, Math.sqrt(square / n - mean * mean))
  const value = ((mean - gray[y * widthPx + x]) * AMPLITUDE) / deviation
  return Math.min(Math.max(value, -CLIP), CLIP)
}

describe.each(CORE_TARGETS)('normalize ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('divides what differs from the mean of 25 x 25 px by their deviation, also at the edges', () => {
    const grain = noise(1, 68, 52, 1)
    const image = paint(68, 52, (x, y) => 90 + 30 * grain[y * 68 + x] + 60 * Math.sin(x / 9))
    const { normalized, widthPx, heightPx } = lab.after('normalize', image)
    const errors = Array.from(normalized, (value, i) => {
      return Math.abs(value - normalizedAt(image.data, widthPx, heightPx, i % widthPx, Math.floor(i / widthPx)))
    })
    expect(Math.max(...errors)).toBeLessThanOrEqual(1)
  })

  it('makes ridges positive, and prints of any contrast and brightness alike', () => {
    const strong = grating({ angleRad: 0.7, periodPx: 9 })
    const faint = regrayed(strong, gray => 0.2 * gray + 150)
    const a = lab.after('normalize', strong).normalized
    const b = lab.after('normalize', faint).normalized
    expect(Math.min(...a.filter((_, i) => strong.data[i] < 60))).toBeGreaterThan(300)
    expect(Math.max(...a.filter((_, i) => strong.data[i] > 196))).toBeLessThan(-300)
    // Half a gray level of the faint print's deviation of 14.
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(20)
  })

  it('leaves flat areas, and so the step at their edge, at nothing', () => {
    for (const gray of [0, 128, 255]) {
      const { normalized, widthPx } = lab.after(
        'normalize',
        placed(grating({ angleRad: 1, periodPx: 9 }), 240, 208, 60, 52, gray),
      )
      const within = (rimPx: number) => (_: number, i: number) => {
        const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
        return x >= 60 + rimPx && y >= 52 + rimPx && x < 180 - rimPx && y < 156 - rimPx
      }
      expect(new Set(normalized.filter((value, i) => !within(0)(value, i)))).toEqual(new Set([0]))
      const inside = normalized.filter(within(12))
      const deviation = Math.sqrt(inside.reduce((sum, value) => sum + value ** 2, 0) / inside.length)
      expect(Math.abs(deviation / AMPLITUDE - 1)).toBeLessThan(0.05)
    }
  })

  it('does not blow up what is fainter than a sensor, and cuts off specks', () => {
    const ghost = lab.after(
      'normalize',
      regrayed(grating({ angleRad: 0, periodPx: 9 }), gray => 200 + gray / 50),
    )
    expect(Math.max(...ghost.normalized)).toBeLessThan(AMPLITUDE)
    const grain = noise(2, 100, 100)
    const speck = lab.after(
      'normalize',
      paint(100, 100, (x, y) => (x === 50 && y === 50 ? 0 : 150 + 6 * grain[y * 100 + x])),
    )
    expect(speck.normalized[50 * 100 + 50]).toBe(CLIP)
  })
})
