import fc from 'fast-check'
import type { Minutia, TemplateContents } from 'sidik'
import { describe, expect, it } from 'vitest'
import { Matcher } from '../../dist/core/matcher.js'
import { CORE_TARGETS } from '../core-targets.js'
import { random, randomMinutiae, secondImpression } from '../support/random-templates.js'

const TURN = 2 * Math.PI

function contents(minutiae: readonly Minutia[]): TemplateContents {
  return {
    widthPx: 320,
    heightPx: 400,
    sourcePpi: 500,
    quality: 60,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  }
}

/** Turned about (2000, 2000) and shifted; positions stay positive. */
function moved(minutiae: readonly Minutia[], angle: number, dx: number, dy: number): Minutia[] {
  return minutiae.map(minutia => {
    const [x, y] = [minutia.xPx - 160, minutia.yPx - 200]
    return {
      ...minutia,
      xPx: Math.round(2000 + x * Math.cos(angle) + y * Math.sin(angle) + dx),
      yPx: Math.round(2000 - x * Math.sin(angle) + y * Math.cos(angle) + dy),
      directionRad: (minutia.directionRad + angle + TURN) % TURN,
    }
  })
}

const seeds = { numRuns: 12 }

describe.each(CORE_TARGETS)('comparison ($target)', ({ module }) => {
  const matcher = new Matcher(module)
  const score = (a: readonly Minutia[], b: readonly Minutia[]) => matcher.match(contents(a), contents(b))

  it('is the same whichever is named first, bit for bit', () => {
    fc.assert(
      fc.property(fc.nat(), key => {
        const next = random(key)
        const a = randomMinutiae(next)
        for (const b of [randomMinutiae(next), secondImpression(next, a)]) expect(score(a, b)).toBe(score(b, a))
      }),
      seeds,
    )
  })

  it('does not see a shift at all, and of a turn only the rounding and the loss for turned prints', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: TURN, noNaN: true }), (key, angle) => {
        const a = randomMinutiae(random(key))
        const self = score(a, a)
        expect(score(a, moved(a, 0, 37, -211))).toBe(score(a, moved(a, 0, 0, 0)))
        expect(score(a, moved(a, 0, 37, -211))).toBeCloseTo(self, 3)
        // A finger is rarely put on upside down: up to ROTATION_LIMIT the value falls, by less than half of it.
        const turned = score(a, moved(a, angle, 0, 0))
        expect(turned).toBeGreaterThan(0.5 * self)
        expect(turned).toBeLessThanOrEqual(self * 1.02)
      }),
      seeds,
    )
  })

  it('tells another impression from another finger', () => {
    const next = random(5)
    for (let k = 0; k < 12; k++) {
      const a = randomMinutiae(next, 40)
      expect(score(a, secondImpression(next, a))).toBeGreaterThan(40)
      expect(score(a, randomMinutiae(next, 40))).toBeLessThan(30)
    }
  })

  it('gives nothing for prints without minutiae, little for a handful, and takes 255', () => {
    const next = random(6)
    const full = Array.from({ length: 255 }, (_, i) => randomMinutiae(next, 1)[0] ?? expect.fail(`${i}`))
    expect(score([], [])).toBe(0)
    expect(score([], full)).toBe(0)
    expect(Number.isFinite(score(full, full))).toBe(true)
    for (let k = 0; k < 20; k++) expect(score(randomMinutiae(next, 5), randomMinutiae(next, 40))).toBeLessThan(30)
  })

  it('explains a score by pairs that are there, each minutia once', () => {
    const next = random(7)
    const a = randomMinutiae(next, 40)
    const b = secondImpression(next, a)
    const { score: explained, pairs } = matcher.explain(contents(a), contents(b))
    expect(explained).toBe(score(a, b))
    expect(pairs.length).toBeGreaterThan(b.length / 2)
    for (const side of [0, 1] as const) expect(new Set(pairs.map(pair => pair[side])).size).toBe(pairs.length)
    for (const [i, j] of pairs) {
      expect(i).toBeLessThan(a.length)
      expect(j).toBeLessThan(b.length)
    }
  })
})

it('describes and compares alike on both builds', () => {
  const [release, debug] = CORE_TARGETS.map(({ module }) => new Matcher(module))
  const next = random(8)
  for (let k = 0; k < 5; k++) {
    const a = contents(randomMinutiae(next))
    const b = contents(secondImpression(next, a.minutiae))
    expect(debug.describe(a)).toEqual(release.describe(a))
    expect(debug.match(a, b)).toBe(release.match(a, b))
  }
})
