import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Matcher } from '../../dist/core/matcher.js'
import { CORE_TARGETS, RELEASE } from '../core-targets.js'
import { type CodedMinutia, codedContents, codedFinger, secondCoded } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

/** A finger and its second impression. */
function mates(seed: number, count = 36) {
  const next = random(seed)
  const finger = codedFinger(next, count)
  return [finger, secondCoded(next, finger)] as const
}

/** Skin pulled along x by up to a third from left to right, and across it. */
function stretched(finger: readonly CodedMinutia[]): CodedMinutia[] {
  return finger.map(minutia => {
    const { xPx, yPx } = minutia
    return { ...minutia, xPx: xPx + (0.15 * xPx * xPx) / 320, yPx: yPx + (0.1 * xPx * yPx) / 400 }
  })
}

describe.each(CORE_TARGETS)('Matcher.compare by learned codes ($target)', ({ module }) => {
  const matcher = new Matcher(module)

  it('is symmetric, bit for bit, for mates and strangers of any size', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), (seed, na, nb) => {
        const next = random(seed)
        const finger = codedFinger(next, na)
        for (const other of [secondCoded(next, finger), codedFinger(next, nb)]) {
          const [a, b] = [codedContents(finger), codedContents(other)]
          const comparison = matcher.compare(a, b)
          expect(matcher.compare(b, a)).toEqual(comparison)
          expect(Number.isFinite(comparison.score) && comparison.score >= 0).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells mates from strangers, and says by what', () => {
    for (let seed = 0; seed < 8; seed++) {
      const [finger, second] = mates(seed)
      const [stranger] = mates(seed + 100)
      const mated = matcher.compare(codedContents(finger), codedContents(second))
      expect(mated.codes).toBe('learned')
      expect(mated.score).toBeGreaterThan(50)
      expect(matcher.compare(codedContents(finger), codedContents(stranger)).score).toBeLessThan(mated.score / 2)
    }
  })

  it('falls back on the minutiae unless one network made both', () => {
    const [finger, second] = mates(11)
    const bare = matcher.compare(codedContents(finger, 0), codedContents(second, 0))
    expect(bare.codes).toBe('geometric')
    for (const [a, b] of [
      [1, 0],
      [0, 1],
      [1, 2],
      [0xffffffff, 1],
    ]) {
      expect(matcher.compare(codedContents(finger, a), codedContents(second, b))).toEqual(bare)
    }
    expect(matcher.compare(codedContents(finger, 7), codedContents(second, 7)).codes).toBe('learned')
  })

  it('finds the mate of stretched skin', () => {
    for (let seed = 20; seed < 24; seed++) {
      const next = random(seed)
      const finger = codedFinger(next, 40)
      const { score, pairs } = matcher.explain(codedContents(finger), codedContents(stretched(finger)))
      expect(score).toBeGreaterThan(50)
      expect(pairs.filter(([i, j]) => i === j).length).toBeGreaterThan(30)
    }
  })

  it('names the pairs, whichever print is named first', () => {
    const [finger, second] = mates(31)
    const [a, b] = [codedContents(finger), codedContents(second)]
    const { pairs } = matcher.explain(a, b)
    expect(pairs.length).toBeGreaterThan(15)
    const back = matcher.explain(b, a).pairs.map(([j, i]) => `${i} ${j}`)
    expect(back.sort()).toEqual(pairs.map(([i, j]) => `${i} ${j}`).sort())
  })

  it.each([2, 5, 12])('does not score a stranger of %i minutiae high', count => {
    const next = random(40 + count)
    const strangers = Array.from({ length: 20 }, () => codedContents(codedFinger(next, 45)))
    for (let k = 0; k < 20; k++) {
      const small = codedContents(codedFinger(next, count))
      for (const stranger of strangers) expect(matcher.match(small, stranger)).toBeLessThan(36)
    }
  })

  it('takes what all codes have in common for nothing', () => {
    // A sensor that sets the same 96 bits in every code.
    const next = random(51)
    const common = (finger: CodedMinutia[]) =>
      codedContents(
        finger.map(minutia => ({ ...minutia, code: minutia.code.map((byte, k) => (k < 12 ? 0x5a : byte)) })),
      )
    const finger = codedFinger(next, 40)
    const [a, b, stranger] = [finger, finger, codedFinger(next, 40)].map(common)
    expect(matcher.match(a, stranger)).toBeLessThan(30)
    expect(matcher.match(a, b)).toBeGreaterThan(50)
    const same = codedContents(finger.map(minutia => ({ ...minutia, code: finger[0].code })))
    expect(Number.isFinite(matcher.match(same, same))).toBe(true)
  })

  it('survives 255 minutiae, and refuses codes that are not one a minutia', () => {
    const next = random(61)
    const many = Array.from({ length: 255 }, () => codedFinger(next, 1)[0])
    expect(matcher.match(codedContents(many), codedContents(many))).toBeGreaterThan(50)
    const heap = many.map(minutia => ({ ...minutia, xPx: 7, yPx: 7, directionRad: 0 }))
    expect(Number.isFinite(matcher.match(codedContents(heap), codedContents(many)))).toBe(true)
    const short = { ...codedContents(many), learnedCodes: { networkVersion: 1, bits: new Uint8Array(16) } }
    expect(() => matcher.match(short, short)).toThrow(RangeError)
  })

  it('scores the same in both builds', () => {
    const release = new Matcher(RELEASE)
    for (const seed of [71, 72, 73]) {
      const [a, b] = mates(seed).map(finger => codedContents(finger))
      expect(matcher.compare(a, b)).toEqual(release.compare(a, b))
    }
  })
})
