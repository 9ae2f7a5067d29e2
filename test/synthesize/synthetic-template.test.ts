import { createHash } from 'node:crypto'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { type ProbeDifficulty, syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { Matcher } from '../../dist/core/matcher.js'
import { loadCore } from '../../dist/node/core-file.js'
import { loadNetwork } from '../../dist/node/network-file.js'

const FINGERS = 300
const DIFFICULTIES: ProbeDifficulty[] = ['clean', 'typical', 'poor']
const matcher = new Matcher(loadCore())
const templates = Array.from({ length: FINGERS }, (_, i) => syntheticTemplate(11, i))
const contents = templates.map(decodeTemplate)
const probes = Object.fromEntries(
  DIFFICULTIES.map(difficulty => [
    difficulty,
    contents.slice(0, 100).map((_, i) => decodeTemplate(syntheticProbe(11, i, difficulty))),
  ]),
)

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]

describe('syntheticTemplate', () => {
  it('gives the same bytes as long as the network is the same', () => {
    const hash = createHash('sha256')
    for (const i of [0, 1, 2, 4_294_967_295]) hash.update(syntheticTemplate(1, i))
    for (const difficulty of DIFFICULTIES) hash.update(syntheticProbe(1, 0, difficulty))
    expect(hash.digest('hex')).toBe('830f563cea5c476d6ff15680f58c14c1535a8baf6d705948ff88434c972434c8')
  })

  it('depends on seed and index alone, in whatever order they are asked for', () => {
    for (const i of [299, 0, 150]) expect(syntheticTemplate(11, i)).toEqual(templates[i])
    expect(syntheticProbe(11, 7)).toEqual(syntheticProbe(11, 7, 'typical'))
    expect(new Set(templates.map(bytes => Buffer.from(bytes).toString('hex'))).size).toBe(FINGERS)
    expect(syntheticTemplate(12, 0)).not.toEqual(templates[0])
  })

  it('is a whole template in its one form, of the network that is shipped', () => {
    const { version } = loadNetwork()
    for (const [i, content] of contents.entries()) {
      expect(encodeTemplate(content)).toEqual(templates[i])
      expect(content.learnedCodes?.networkVersion).toBe(version)
      expect(content).toMatchObject({ sourcePpi: 500, fingerPosition: 0, methodVersion: 0 })
    }
  })

  // Of 640 development prints: median 38 minutiae, 5 to 95 % 19 to 63; 296 x 384 px; every second minutia 20 px from the next.
  it('has sizes, counts and distances as real prints have', () => {
    const counts = contents.map(({ minutiae }) => minutiae.length)
    expect(quantile(counts, 0.5)).toBeGreaterThan(32)
    expect(quantile(counts, 0.5)).toBeLessThan(44)
    expect(quantile(counts, 0.05)).toBeGreaterThan(13)
    expect(quantile(counts, 0.95)).toBeLessThan(75)
    expect(
      quantile(
        contents.map(print => print.widthPx),
        0.5,
      ),
    ).toBeLessThan(340)
    expect(
      quantile(
        contents.map(print => print.heightPx),
        0.5,
      ),
    ).toBeGreaterThan(340)
    const nearest = contents.flatMap(({ minutiae }) =>
      minutiae.map((one, i) =>
        Math.min(
          ...minutiae.flatMap((other, j) => (i === j ? [] : Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx))),
        ),
      ),
    )
    expect(quantile(nearest, 0.01)).toBeGreaterThan(4)
    expect(quantile(nearest, 0.5)).toBeGreaterThan(16)
    expect(quantile(nearest, 0.5)).toBeLessThan(24)
    const minutiae = contents.flatMap(print => print.minutiae)
    const endings = minutiae.filter(({ type }) => type === 'ridge-ending').length / minutiae.length
    expect(Math.abs(endings - 0.57)).toBeLessThan(0.05)
  })

  it('has codes whose bits are all in use', () => {
    const ones = new Float64Array(128)
    let codes = 0
    for (const { learnedCodes } of contents) {
      for (let at = 0; at < learnedCodes!.bits.length; at += 16, codes++) {
        for (let bit = 0; bit < 128; bit++) ones[bit] += (learnedCodes!.bits[at + (bit >> 3)] >> (bit & 7)) & 1
      }
    }
    for (const sum of ones) expect(Math.abs(sum / codes - 0.5)).toBeLessThan(0.3)
  })

  it('scores low against other fingers', () => {
    const scores: number[] = []
    for (let i = 0; i < 60; i++) for (let j = i + 1; j < 60; j++) scores.push(matcher.match(contents[i], contents[j]))
    expect(Math.max(...scores)).toBeLessThan(45)
    // 20 decibans stand for 1 in 100.
    expect(quantile(scores, 0.99)).toBeLessThan(20)
    expect(quantile(scores, 0.99)).toBeGreaterThan(10)
  })

  it.each([
    ['seed', -1, 0],
    ['seed', 0.5, 0],
    ['index', 0, 2 ** 32],
    ['index', 0, Number.NaN],
  ])('refuses a bad %s', (name, seed, index) => {
    expect(() => syntheticTemplate(seed, index)).toThrow(RangeError)
    expect(() => syntheticProbe(seed, index)).toThrow(name)
  })
})

describe('syntheticProbe', () => {
  const scores = Object.fromEntries(
    DIFFICULTIES.map(difficulty => [
      difficulty,
      probes[difficulty].map((probe, i) => matcher.match(contents[i], probe)),
    ]),
  )

  it('scores as another impression of the finger', () => {
    expect(Math.min(...scores.clean)).toBeGreaterThan(70)
    expect(scores.typical.filter(score => score > 60).length).toBeGreaterThan(90)
    expect(scores.poor.filter(score => score > 40).length).toBeGreaterThan(85)
  })

  it('is the harder the poorer it is', () => {
    const [clean, typical, poor] = DIFFICULTIES.map(difficulty => quantile(scores[difficulty], 0.5))
    expect(clean).toBeGreaterThan(typical)
    expect(typical).toBeGreaterThan(poor + 5)
  })

  it('is a whole template in its one form', () => {
    for (const probe of Object.values(probes).flat()) {
      expect(decodeTemplate(encodeTemplate(probe))).toEqual(probe)
      expect(probe.minutiae.length).toBeGreaterThan(8)
    }
  })

  it('refuses another difficulty', () => {
    expect(() => syntheticProbe(1, 0, 'hard' as 'poor')).toThrow(RangeError)
    expect(() => syntheticProbe(1, 0, 'hard' as 'poor')).toThrow('hard')
  })
})
