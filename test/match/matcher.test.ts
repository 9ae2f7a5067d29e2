import fc from 'fast-check'
import type { Minutia, TemplateContents } from 'sidik'
import { describe, expect, it } from 'vitest'
import { Matcher } from '../../dist/core/matcher.js'
import { decodeTemplate } from '../../dist/template/native.js'
import { partsOf } from '../../dist/template/native-parts.js'
import { CORE_TARGETS, RELEASE } from '../core-targets.js'
import { moved } from '../support/match-lab.js'
import { random, randomMinutiae, secondImpression, templateOf } from '../support/random-templates.js'

function contents(minutiae: readonly Minutia[]): TemplateContents {
  return {
    widthPx: 320,
    heightPx: 400,
    sourcePpi: 500,
    quality: 50,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  }
}

/** A finger and its second impression. */
function mates(seed: number, count = 36) {
  const next = random(seed)
  const finger = randomMinutiae(next, count)
  return [contents(finger), contents(secondImpression(next, finger))] as const
}

/** Score, decibans, above which no comparison of different fingers may come here. */
const HIGH = 36

describe.each(CORE_TARGETS)('Matcher.match ($target)', ({ module }) => {
  const matcher = new Matcher(module)

  it('is symmetric, bit for bit, for mates and strangers of any size', () => {
    const size = fc.integer({ min: 0, max: 60 })
    fc.assert(
      fc.property(fc.nat(10_000), size, size, fc.boolean(), (seed, sizeA, sizeB, mated) => {
        const next = random(seed)
        const finger = randomMinutiae(next, sizeA)
        const a = contents(finger)
        const b = contents(mated ? secondImpression(next, finger) : randomMinutiae(next, sizeB))
        const score = matcher.match(a, b)
        expect(matcher.match(b, a)).toBe(score)
        expect(Number.isFinite(score) && score >= 0).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('tells mates from strangers', () => {
    const fingers = [31, 32, 33, 34, 35, 36].map(seed => mates(seed))
    for (const [i, [a]] of fingers.entries()) {
      for (const [j, [, b]] of fingers.entries()) {
        if (i === j) expect(matcher.match(a, b)).toBeGreaterThan(HIGH)
        else expect(matcher.match(a, b)).toBeLessThan(HIGH / 2)
      }
    }
  })

  it('gives a print against itself the same score wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: -900, max: 900 }),
        fc.integer({ min: -900, max: 900 }),
        (seed, dx, dy) => {
          const minutiae = randomMinutiae(random(seed), 35)
          const score = matcher.match(contents(minutiae), contents(minutiae))
          const there = moved(minutiae, 0, dx, dy)
          const other = matcher.match(contents(minutiae), contents(there))
          expect(Math.abs(other - score)).toBeLessThan(0.01 * score)
          expect(Math.abs(matcher.match(contents(there), contents(there)) - score)).toBeLessThan(0.01 * score)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('keeps 80 % of the score of a print against itself when one of both is turned by any angle', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 255 }), (seed, turn) => {
        const minutiae = randomMinutiae(random(seed), 35)
        const score = matcher.match(contents(minutiae), contents(minutiae))
        const turned = matcher.match(contents(minutiae), contents(moved(minutiae, turn)))
        expect(turned).toBeGreaterThan(0.8 * score)
        expect(turned).toBeLessThan(1.01 * score)
      }),
      { numRuns: 25 },
    )
  })

  it('matches a second impression that lies upside down', () => {
    for (const seed of [41, 42, 43]) {
      const [a, b] = mates(seed, 40)
      for (const turn of [64, 128, 192]) {
        expect(matcher.match(a, contents(moved(b.minutiae, turn)))).toBeGreaterThan(HIGH)
      }
    }
  })

  it('gives nothing for prints without minutiae, nor for one minutia', () => {
    const [a] = mates(51)
    const [none, one] = [contents([]), contents(a.minutiae.slice(0, 1))]
    for (const small of [none, one]) {
      expect(matcher.match(small, a)).toBe(0)
      expect(matcher.match(small, small)).toBe(0)
    }
  })

  it.each([5, 12])('does not score a stranger of %i minutiae high', count => {
    const next = random(60 + count)
    const strangers = Array.from({ length: 12 }, () => contents(randomMinutiae(next, 45)))
    for (let k = 0; k < 30; k++) {
      // A small print is a patch of skin, not a few minutiae far apart.
      const all = randomMinutiae(next, 50)
      const near = all.toSorted((p, q) => Math.hypot(p.xPx - 160, p.yPx - 200) - Math.hypot(q.xPx - 160, q.yPx - 200))
      const small = contents(near.slice(0, count))
      for (const stranger of strangers) expect(matcher.match(small, stranger)).toBeLessThan(HIGH)
    }
  })

  it('survives 255 minutiae, in one place and on a lattice too', () => {
    const next = random(71)
    const many = Array.from({ length: 255 }, () => randomMinutiae(next, 1)[0])
    const heap = many.map(minutia => ({ ...minutia, xPx: 7, yPx: 7, directionRad: 0 }))
    const lattice = heap.map((minutia, i) => ({ ...minutia, xPx: 20 * (i % 16), yPx: 20 * Math.floor(i / 16) }))
    for (const a of [many, heap, lattice]) {
      for (const b of [many, heap, lattice]) {
        const score = matcher.match(contents(a), contents(b))
        expect(Number.isFinite(score) && score >= 0).toBe(true)
        expect(matcher.match(contents(b), contents(a))).toBe(score)
      }
    }
    expect(matcher.match(contents(many), contents(many))).toBeGreaterThan(HIGH)
    expect(() => matcher.match(contents([...many, many[0]]), contents(many))).toThrow(RangeError)
  })

  it('grows with the similarity, also where it is compressed', () => {
    const next = random(81)
    const found: { similarity: number; score: number }[] = []
    for (let k = 0; k < 40; k++) {
      const finger = randomMinutiae(next, 40)
      const [a, b] = [contents(finger), contents(k % 2 ? secondImpression(next, finger) : randomMinutiae(next, 40))]
      found.push({ similarity: matcher.similarity(a, b), score: matcher.match(a, b) })
    }
    found.sort((p, q) => p.similarity - q.similarity)
    for (let k = 1; k < found.length; k++) {
      if (found[k].similarity > found[k - 1].similarity) expect(found[k].score).toBeGreaterThan(found[k - 1].score)
    }
    expect(found[0].score).toBeLessThan(10)
    expect(found[found.length - 1].score).toBeGreaterThan(60)
  })

  it('makes codes of another version again, and believes those of its own', () => {
    const [a, b] = mates(91)
    const score = matcher.match(a, b)
    const stale = { bits: new Uint8Array(16 * a.minutiae.length).fill(0xa5), masks: new Uint32Array(a.minutiae.length) }
    expect(matcher.match({ ...a, methodVersion: matcher.methodVersion + 1, geometricCodes: stale }, b)).toBe(score)
    const own = { methodVersion: matcher.methodVersion, geometricCodes: matcher.describe(a) }
    expect(matcher.match({ ...a, ...own }, b)).toBe(score)
    expect(matcher.match({ ...a, methodVersion: matcher.methodVersion, geometricCodes: stale }, b)).toBe(0)
  })

  it('scores the same in both builds', () => {
    const release = new Matcher(RELEASE)
    for (const seed of [101, 102, 103]) {
      const [a, b] = mates(seed)
      expect(matcher.match(a, b)).toBe(release.match(a, b))
    }
  })
})

describe.each(CORE_TARGETS)('Matcher.explain ($target)', ({ module }) => {
  const matcher = new Matcher(module)

  it('names the minutiae that coincide, in the order given', () => {
    const next = random(111)
    const finger = randomMinutiae(next, 40)
    const mate = moved(finger, 20, 8, 5).toReversed().slice(4)
    const [a, b] = [contents(finger), contents(mate)]
    const { score, pairs } = matcher.explain(a, b)
    expect(score).toBe(matcher.match(a, b))
    expect(pairs.length).toBeGreaterThan(30)
    expect(pairs.filter(([i, j]) => j === 35 - i)).toHaveLength(pairs.length)
    const turned = matcher.explain(b, a)
    expect(turned.score).toBe(score)
    expect(turned.pairs.map(([i, j]) => [j, i])).toEqual(pairs.map(([i, j]) => [i, j]))
  })

  it('takes templates as it takes what they hold', () => {
    const next = random(131)
    const finger = randomMinutiae(next, 40)
    const [a, b] = [finger, secondImpression(next, finger)].map(each => templateOf(each))
    const [readA, readB] = [a, b].map(decodeTemplate)
    expect(matcher.explain(partsOf(a), partsOf(b))).toEqual(matcher.explain(readA, readB))
    expect(matcher.compareMany(partsOf(a), [readB, partsOf(a)])).toEqual([
      matcher.compare(readA, readB),
      matcher.compare(readA, readA),
    ])
  })

  it('uses each minutia once', () => {
    fc.assert(
      fc.property(fc.nat(1000), seed => {
        const [a, b] = mates(seed)
        const { pairs } = matcher.explain(a, b)
        expect(new Set(pairs.map(([i]) => i)).size).toBe(pairs.length)
        expect(new Set(pairs.map(([, j]) => j)).size).toBe(pairs.length)
        expect(pairs.every(([i, j]) => i < a.minutiae.length && j < b.minutiae.length)).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('names nothing where there is nothing', () => {
    const [a] = mates(121)
    expect(matcher.explain(a, contents([]))).toEqual({ score: 0, codes: 'geometric', pairs: [] })
    // The pairs of the comparison before must not show.
    expect(matcher.explain(a, a).pairs.length).toBeGreaterThan(0)
    expect(matcher.explain(contents([]), a)).toEqual({ score: 0, codes: 'geometric', pairs: [] })
  })
})
