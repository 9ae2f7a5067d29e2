import fc from 'fast-check'
import { bootstrapEer, errorRates, matedPairs, nonMatedPairs, type SetScores } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { drawFingers, rankScores, weightedRates } from '../../dist/evaluate/bootstrap.js'
import { Random } from '../../dist/random.js'

/** Fingers with scores drawn so that some fingers are harder than others. */
function randomSet(seed: number, fingers: number, impressions: number): SetScores {
  const random = new Random(seed)
  const uniform = () => random.uniform()
  const ease = Array.from({ length: fingers }, () => 0.4 + 0.6 * uniform())
  const prints = Array.from({ length: fingers * impressions }, (_, k) => ({
    finger: Math.floor(k / impressions),
    impression: k,
  }))
  const mated = matedPairs(prints)
  const nonMated = nonMatedPairs(prints, 'all-pairs')
  return {
    fingers,
    fingerOf: Uint32Array.from(prints, print => print.finger),
    mated: {
      ...mated,
      scores: Float64Array.from(mated.first, a => Math.round(100 * ease[prints[a].finger] * (0.5 + uniform())) / 100),
    },
    nonMated: { ...nonMated, scores: Float64Array.from(nonMated.first, () => Math.round(60 * uniform()) / 100) },
  }
}

const pooledEer = (sets: readonly SetScores[]) =>
  errorRates(
    sets.flatMap(set => [...set.mated.scores]),
    sets.flatMap(set => [...set.nonMated.scores]),
  ).eer!

describe('weightedRates', () => {
  it('is the EER when every finger occurs once', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const sets = [randomSet(seed, 4, 3), randomSet(seed + 100, 3, 4)]
      expect(weightedRates(rankScores(sets), new Uint32Array(7).fill(1))!.eer).toBe(pooledEer(sets))
    }
  })

  it('is the EER of the scores written out as often as their fingers occur', () => {
    const sets = [randomSet(5, 4, 3), randomSet(6, 3, 4)]
    const ranked = rankScores(sets)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 7, maxLength: 7 }), drawn => {
        const drawnOf = [drawn.slice(0, 4), drawn.slice(4)]
        const repeated = (kind: 'mated' | 'nonMated') =>
          sets.flatMap((set, s) => {
            const { first, second, scores } = set[kind]
            return [...scores].flatMap((score, k) => {
              const a = drawnOf[s][set.fingerOf[first[k]]]
              const b = drawnOf[s][set.fingerOf[second[k]]]
              return new Array<number>(kind === 'mated' ? a : a * b).fill(score)
            })
          })
        const { eer, fmr100, fmr1000 } = errorRates(repeated('mated'), repeated('nonMated'))
        const rates = weightedRates(ranked, Uint32Array.from(drawn), [0.01, 0.001])
        expect(rates).toEqual(eer === null ? null : { eer, fnmrs: [fmr100, fmr1000] })
      }),
    )
  })
})

describe('drawFingers', () => {
  it('draws in each set as many fingers as it has', () => {
    const random = new Random(1)
    const together = new Array<number>(9).fill(0)
    for (let k = 0; k < 500; k++) {
      const drawn = [...drawFingers([4, 1, 4], random)]
      expect(drawn.slice(0, 4).reduce((a, b) => a + b)).toBe(4)
      expect(drawn[4]).toBe(1)
      expect(drawn.slice(5).reduce((a, b) => a + b)).toBe(4)
      drawn.forEach((times, finger) => {
        together[finger] += times
      })
    }
    // once on average, standard deviation 0.04
    for (const times of together) expect(Math.abs(times / 500 - 1)).toBeLessThan(0.2)
  })
})

describe('bootstrapEer', () => {
  it('is the sixth lowest and the sixth highest of 201 resampled EERs', async () => {
    const sets = [randomSet(8, 10, 4)]
    const ranked = rankScores(sets)
    const random = new Random(9)
    const eers = Array.from({ length: 201 }, () => weightedRates(ranked, drawFingers([10], random))!.eer).sort(
      (a, b) => a - b,
    )
    expect(eers[5]).toBeLessThan(eers[195])
    const [low, high] = await bootstrapEer(sets, { replicates: 201, seed: 9 })
    expect(low).toBeCloseTo(eers[5], 12)
    expect(high).toBeCloseTo(eers[195], 12)
  })

  it('gives the same interval for the same seed, another for another', async () => {
    const sets = [randomSet(1, 6, 4), randomSet(2, 6, 4)]
    const first = await bootstrapEer(sets, { replicates: 200, seed: 3 })
    expect(await bootstrapEer(sets, { replicates: 200, seed: 3 })).toEqual(first)
    expect(await bootstrapEer(sets, { replicates: 200, seed: 4 })).not.toEqual(first)
  })

  it('contains the point estimate and narrows with more fingers', async () => {
    // over several data sets: one set of five fingers may by chance be as wide as one of forty
    const width = [0, 0]
    for (const seed of [11, 12, 13, 14]) {
      for (const [i, fingers] of [5, 40].entries()) {
        const sets = [randomSet(seed, fingers, 4)]
        const [low, high] = await bootstrapEer(sets, { replicates: 400 })
        expect(low).toBeLessThan(pooledEer(sets))
        expect(high).toBeGreaterThan(pooledEer(sets))
        width[i] += high - low
      }
    }
    expect(width[1]).toBeLessThan(0.6 * width[0])
  })

  it('is a point where no finger makes an error', async () => {
    const set = randomSet(1, 4, 3)
    const apart = { ...set, mated: { ...set.mated, scores: set.mated.scores.map(score => score + 1) } }
    expect(await bootstrapEer([apart], { replicates: 100 })).toEqual([0, 0])
  })

  it('draws again when no non-mated pair is left: two fingers', async () => {
    const [low, high] = await bootstrapEer([randomSet(3, 2, 3)], { replicates: 300 })
    expect(low).toBeGreaterThanOrEqual(0)
    expect(high).toBeLessThanOrEqual(1)
  })

  it('takes less than 5 s for 1,000 replicates of 8 sets of 10 fingers and 8 impressions', async () => {
    const sets = Array.from({ length: 8 }, (_, k) => randomSet(k, 10, 8))
    const startedAt = performance.now()
    await bootstrapEer(sets)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  it('stops when its signal is aborted', async () => {
    const signal = AbortSignal.timeout(30)
    await expect(bootstrapEer([randomSet(1, 10, 8)], { replicates: 1_000_000, signal })).rejects.toThrow(/timeout/)
  })

  it.each([99, 100.5, 1_000_001, Number.NaN])('refuses %s replicates', async replicates => {
    await expect(bootstrapEer([randomSet(1, 3, 2)], { replicates })).rejects.toThrow(RangeError)
  })

  it('refuses sets without mated or without non-mated scores', async () => {
    await expect(bootstrapEer([])).rejects.toThrow(RangeError)
    await expect(bootstrapEer([randomSet(1, 1, 4)])).rejects.toThrow(RangeError)
    await expect(bootstrapEer([randomSet(1, 4, 1)])).rejects.toThrow(RangeError)
  })
})
