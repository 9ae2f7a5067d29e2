import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combinedDecibans } from '../../dist/persons/fisher.js'
import { fuse, STRANGERS_ABOVE_DECIBANS } from '../../dist/persons/fuse.js'
import { Random } from '../../dist/random.js'
import { DECIBANS_PER_NAT } from '../../dist/score.js'

const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const score = fc.oneof(fc.constant(0), fc.constant(12), fc.double({ min: 0, max: 120, noNaN: true }))
const positions = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 5 }), fc.integer({ min: 0, max: 2 }))
  .map(([known, unknown]) => [...known, ...Array<number>(unknown).fill(0)])
  .filter(all => all.length > 0)

const persons = fc.tuple(positions, positions).chain(([probe, enrolled]) =>
  fc.tuple(
    fc.constant(probe),
    fc.constant(enrolled),
    fc.array(fc.array(score, { minLength: enrolled.length, maxLength: enrolled.length }), {
      minLength: probe.length,
      maxLength: probe.length,
    }),
  ),
)

/** Fingers that match (`high`) where `pairs` says so, strangers' scores elsewhere. */
function scoresOf(pairs: readonly (readonly [number, number])[], high = 90): number[][] {
  return TEN.map((_, i) =>
    TEN.map((_, j) => (pairs.some(([a, b]) => a === i && b === j) ? high : (7 * i + 3 * j) % 12)),
  )
}

const identity = TEN.map((_, i) => [i, i] as const)

describe('fuse', () => {
  it('does not depend on the order in which the probe came', () => {
    fc.assert(
      fc.property(persons, fc.infiniteStream(fc.nat()), ([probe, enrolled, scores], keys) => {
        const order = probe.map((_, i) => ({ i, key: keys.next().value as number })).sort((a, b) => a.key - b.key)
        const whole = fuse(probe, enrolled, scores)
        const turned = fuse(
          order.map(({ i }) => probe[i]),
          enrolled,
          order.map(({ i }) => scores[i]),
        )
        expect(turned.score).toBe(whole.score)
        expect(turned.kind).toBe(whole.kind)
        expect(turned.pairs.map(pair => pair.score).sort()).toEqual(whole.pairs.map(pair => pair.score).sort())
      }),
    )
  })

  it('rises, or stays, when the score of any pair rises', () => {
    fc.assert(
      fc.property(persons, fc.nat(), fc.nat(), fc.double({ min: 0, max: 80, noNaN: true }), (given, a, b, more) => {
        const [probe, enrolled, scores] = given
        const [row, column] = [a % probe.length, b % enrolled.length]
        const raised = scores.map((line, i) => line.map((each, j) => (i === row && j === column ? each + more : each)))
        const before = fuse(probe, enrolled, scores).score
        expect(fuse(probe, enrolled, raised).score).toBeGreaterThanOrEqual(before - 1e-9)
      }),
    )
  })

  it('pairs one to one, and says of each pair whether its statements differ', () => {
    fc.assert(
      fc.property(persons, ([probe, enrolled, scores]) => {
        const { pairs, score } = fuse(probe, enrolled, scores)
        expect(new Set(pairs.map(pair => pair.probe)).size).toBe(pairs.length)
        expect(new Set(pairs.map(pair => pair.enrolled)).size).toBe(pairs.length)
        for (const pair of pairs) {
          const [a, b] = [probe[pair.probe], enrolled[pair.enrolled]]
          expect(pair.swapped).toBe(a !== 0 && b !== 0 && a !== b)
          expect(pair.score).toBe(scores[pair.probe][pair.enrolled])
        }
        expect(score).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('adds up what the fingers say beyond what strangers reach, less the price of having had other ways', () => {
    const { score, kind, pairs } = fuse(TEN, TEN, scoresOf(identity))
    const nats = (10 * (90 - STRANGERS_ABOVE_DECIBANS)) / DECIBANS_PER_NAT
    expect(kind).toBe('stated')
    expect(pairs).toHaveLength(10)
    expect(score).toBeCloseTo(combinedDecibans(10, nats) - 10 * Math.log10(2), 6)
  })

  it('finds two that were swapped, and says which', () => {
    const swapped = identity.map(([i, j]) => [i, j === 6 ? 7 : j === 7 ? 6 : j] as const)
    const { kind, pairs, score } = fuse(TEN, TEN, scoresOf(swapped))
    expect(kind).toBe('assigned')
    expect(pairs.filter(pair => pair.swapped).map(pair => [pair.probe, pair.enrolled])).toEqual([
      [6, 7],
      [7, 6],
    ])
    expect(score).toBeGreaterThan(500)
  })

  it('finds hands that were taken for each other at less than any assignment', () => {
    const mirror = identity.map(([i]) => [i, (i + 5) % 10] as const)
    const { kind, pairs } = fuse(TEN, TEN, scoresOf(mirror))
    expect(kind).toBe('mirrored')
    expect(pairs.every(pair => pair.swapped)).toBe(true)
  })

  it('finds fingers of unknown position', () => {
    const { pairs } = fuse([0, 0], TEN, [scoresOf([[0, 8]])[0], scoresOf([[1, 2]])[1]])
    expect(pairs.map(pair => [pair.probe, pair.enrolled, pair.swapped])).toEqual([
      [0, 8, false],
      [1, 2, false],
    ])
  })

  it('leaves out the ways that need what was not compared', () => {
    const scores = scoresOf(identity).map((row, i) => row.map((each, j) => (i === j ? each : undefined)))
    expect(fuse(TEN, TEN, scores)).toEqual(fuse(TEN, TEN, scoresOf(identity)))
    expect(
      fuse(
        TEN,
        TEN,
        TEN.map(() => TEN.map(() => undefined)),
      ),
    ).toEqual({ score: 0, kind: undefined, pairs: [] })
    expect(fuse([], TEN, [])).toEqual({ score: 0, kind: undefined, pairs: [] })
  })

  it('states no less than what strangers reach by the best of all ways (exponential draws)', () => {
    const random = new Random(8)
    const draw = () => STRANGERS_ABOVE_DECIBANS - DECIBANS_PER_NAT * Math.log(1 - random.uniform())
    const trials = 20_000
    const kinds: [number[], number[]][] = [
      [
        [1, 2, 6],
        [1, 2, 6, 7],
      ],
      [
        [0, 2],
        [1, 2, 3],
      ],
      [
        [0, 0],
        [0, 0, 0],
      ],
    ]
    for (const [probe, enrolled] of kinds) {
      const scores = Array.from(
        { length: trials },
        () =>
          fuse(
            probe,
            enrolled,
            probe.map(() => enrolled.map(draw)),
          ).score,
      )
      for (const level of [10, 20]) {
        const expected = trials * 10 ** (-level / 10)
        expect(scores.filter(each => each >= level).length).toBeLessThan(expected + 3 * Math.sqrt(expected))
      }
    }
  })
})
