import { CLASS_FREQUENCIES, type PatternClass } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'
import { makeOrientationField, type OrientationField } from '../../dist/synthesize/orientation-field.js'

const WIDTH = 416
const HEIGHT = 560
const POINTS: Record<PatternClass, [cores: number, deltas: number]> = {
  arch: [0, 0],
  'tented-arch': [1, 1],
  'left-loop': [1, 1],
  'right-loop': [1, 1],
  whorl: [2, 2],
}
const classes = Object.keys(POINTS) as PatternClass[]
const field = (seed: number, patternClass: PatternClass) =>
  makeOrientationField(new Random(seed), patternClass, WIDTH, HEIGHT)

/** Half turns of the orientation on the way round a point: 1 at a core, -1 at a delta, 0 elsewhere (Poincare). */
function halfTurns(at: OrientationField['at'], xPx: number, yPx: number, radiusPx: number): number {
  let sum = 0
  let previous = at(xPx + radiusPx, yPx)
  for (let i = 1; i <= 360; i++) {
    const angle = (i * Math.PI) / 180
    const next = at(xPx + radiusPx * Math.cos(angle), yPx - radiusPx * Math.sin(angle))
    const step = next - previous
    sum += step - Math.PI * Math.round(step / Math.PI)
    previous = next
  }
  // Plus 0: a sum just below 0 rounds to -0.
  return Math.round(sum / Math.PI) + 0
}

describe('makeOrientationField', () => {
  it.each(classes)('gives a finger of class %s its cores and deltas', patternClass => {
    for (let seed = 0; seed < 12; seed++) {
      const { singularPoints, at } = field(seed, patternClass)
      const count = (kind: string) => singularPoints.filter(point => point.kind === kind).length
      expect([count('core'), count('delta')]).toEqual(POINTS[patternClass])
      for (const { kind, xPx, yPx } of singularPoints) {
        expect(halfTurns(at, xPx, yPx, 3)).toBe(kind === 'core' ? 1 : -1)
      }
    }
  })

  it.each(classes)('has no further singular point in a %s', patternClass => {
    const { at } = field(3, patternClass)
    const [cores, deltas] = POINTS[patternClass]
    expect(halfTurns(at, WIDTH / 2, HEIGHT / 2, 205)).toBe(cores - deltas)
  })

  it('opens a left loop to the left: its delta lies to the right of its core, and the other way round', () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const [patternClass, side] of [['left-loop', 1] as const, ['right-loop', -1] as const]) {
        const [core, delta] = field(seed, patternClass).singularPoints
        expect(Math.sign(delta.xPx - core.xPx)).toBe(side)
        expect(delta.yPx).toBeGreaterThan(core.yPx)
      }
    }
  })

  it('stays in [0, pi)', () => {
    const { at } = field(1, 'whorl')
    for (let y = 0; y < HEIGHT; y += 13) {
      for (let x = 0; x < WIDTH; x += 11) {
        expect(at(x, y)).toBeGreaterThanOrEqual(0)
        expect(at(x, y)).toBeLessThan(Math.PI)
      }
    }
  })

  it('is drawn with the frequencies of nature, which add up to 1', () => {
    const total = Object.values(CLASS_FREQUENCIES).reduce((a, b) => a + b)
    expect(total).toBeCloseTo(1, 10)
    const fingers = 6000
    const counts = new Map<PatternClass, number>()
    for (let i = 0; i < fingers; i++) {
      const drawn = new Random(9).child('finger').child(i).child('class').pick(CLASS_FREQUENCIES)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    for (const [name, share] of Object.entries(CLASS_FREQUENCIES) as [PatternClass, number][]) {
      // Four standard errors.
      const bound = 4 * Math.sqrt((share * (1 - share)) / fingers)
      expect(Math.abs((counts.get(name) ?? 0) / fingers - share)).toBeLessThan(bound)
    }
  })
})
