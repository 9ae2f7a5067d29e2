import sharp from 'sharp'
import { discardPlotSvg, formatQuality, matedPairs, nonMatedPairs, type PrintSet, type SetScores } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { discardCurves } from '../../dist/evaluate/discard.js'
import type { Extraction } from '../../dist/evaluate/extract-sets.js'
import { Random } from '../../dist/random.js'

const ACCEPTED = 40

/** A set whose strangers score 0 to 1, and whose mates fail when `fails` says so of the two places. */
function made(
  name: string,
  fingers: number,
  impressions: number,
  qualityOf: (place: number) => number | null,
  fails: (a: number, b: number) => boolean,
) {
  const prints = Array.from({ length: fingers * impressions }, (_, k) => {
    const file = `${1 + Math.floor(k / impressions)}_${1 + (k % impressions)}.png`
    return { finger: 1 + Math.floor(k / impressions), impression: 1 + (k % impressions), file, path: file }
  })
  const mated = matedPairs(prints)
  const nonMated = nonMatedPairs(prints, 'all-pairs')
  const scores: SetScores = {
    fingers,
    fingerOf: Uint32Array.from(prints, print => print.finger - 1),
    mated: { ...mated, scores: Float64Array.from(mated.first, (a, k) => (fails(a, mated.second[k]) ? 0.5 : ACCEPTED)) },
    nonMated: { ...nonMated, scores: Float64Array.from(nonMated.first, (_, k) => k / nonMated.first.length) },
  }
  const extractions = prints.map((_, place): Extraction => {
    const quality = qualityOf(place)
    if (quality === null) return { turnDeg: 0, template: null, code: 'NOT_A_FINGERPRINT' }
    return { turnDeg: 0, template: new Uint8Array(0), minutiae: 30, quality, extractMs: 1 }
  })
  return { set: { name, prints } as PrintSet, extractions, scores }
}

const curvesOf = (sets: ReturnType<typeof made>[], replicates = 100) =>
  discardCurves(
    sets.map(({ set }) => set),
    sets.map(({ extractions }) => extractions),
    sets.map(({ scores }) => scores),
    { replicates },
  )

/** Prints 3, 11 and 19 of 40 match none of their mates. */
const BAD = [3, 11, 19]
const fails = (a: number, b: number) => BAD.includes(a) || BAD.includes(b)
const knowing = made('knowing', 10, 4, place => (BAD.includes(place) ? 5 : 60), fails)
const blind = made('blind', 10, 4, place => (BAD.includes(place) ? 60 : 5), fails)

describe('error versus discard', () => {
  it('counts what is left when the worst go, at a threshold that stays', async () => {
    const { pooled, sets } = await curvesOf([knowing])
    expect(pooled.map(({ fmr }) => fmr)).toEqual([0.001, 0.0001])
    const [{ threshold, points, fall }] = pooled
    expect([threshold > 0.99, threshold <= ACCEPTED]).toEqual([true, true])
    expect(points.map(({ share }) => share)).toEqual(Array.from({ length: 31 }, (_, percent) => percent / 100))
    expect(points[0]).toMatchObject({ dropped: 0, mated: 60, falseNonMatches: 9, fnmr: 0.15, gone: 0, factor: null })
    // Each of the three fails with its three mates, and is in no pair with another.
    expect(points[3]).toMatchObject({ dropped: 1, mated: 57, falseNonMatches: 6, gone: 1 / 3 })
    expect(points[5]).toMatchObject({ dropped: 2, mated: 54, falseNonMatches: 3 })
    expect(points[8]).toMatchObject({ dropped: 3, mated: 51, falseNonMatches: 0, fnmr: 0, gone: 1 })
    expect(fall).toMatchObject({ share: 0.1, fall: 1, replicates: 100 })
    // Where a finger with a bad print was drawn often, a tenth of the prints is not enough.
    expect(fall!.interval95[0]).toBeLessThan(1)
    expect(fall!.interval95[1]).toBe(1)
    expect(sets).toEqual([{ name: 'knowing', curves: pooled.map(({ fall: _, ...curve }) => curve) }])
  })

  it('knows what chance does: the share of pairs that lose a print', async () => {
    const [{ points }] = (await curvesOf([knowing])).pooled
    for (const { dropped, random, gone, factor } of points.slice(3)) {
      const expected = 1 - ((40 - dropped) * (39 - dropped)) / (40 * 39)
      // 9 errors in 3 clusters: a standard deviation of at most 0.3, of the mean over 1,000 drops 0.01.
      expect(Math.abs(random.gone!.mean - expected)).toBeLessThan(0.04)
      expect(random.gone!.interval95[0]).toBeLessThanOrEqual(random.gone!.mean)
      expect(random.gone!.interval95[1]).toBeGreaterThanOrEqual(random.gone!.mean)
      expect(Math.abs(random.fnmr!.mean - 0.15)).toBeLessThan(0.02)
      expect(factor).toBeCloseTo(gone! / random.gone!.mean, 12)
    }
    expect(points[8].factor).toBeGreaterThan(4)
  })

  it('is no better than chance where quality says nothing, and worse where it misleads', async () => {
    const [{ points, fall }] = (await curvesOf([blind])).pooled
    expect(points[10].gone).toBeLessThan(0.5)
    expect(fall!.fall).toBeLessThan(0.3)
    const random = new Random(7)
    const guessing = made(
      'guessing',
      40,
      4,
      () => random.below(101),
      (a, b) => fails(a % 40, b % 40),
    )
    const [guess] = (await curvesOf([guessing])).pooled
    expect(guess.points[10].factor).toBeLessThan(2)
    expect(guess.fall!.interval95[0]).toBeLessThan(0)
  })

  it('drops prints without a template first, equal ones in the order of sets and names', async () => {
    const none = made(
      'none',
      2,
      2,
      place => (place === 3 ? null : 0),
      (a, b) => a === 3 || b === 3,
    )
    const [{ points }] = (await curvesOf([none])).pooled
    expect(points[25]).toMatchObject({ dropped: 1, mated: 1, falseNonMatches: 0 })
    const equal = made(
      'equal',
      10,
      4,
      () => 50,
      (a, b) => a === 0 || b === 0,
    )
    const [first] = (await curvesOf([equal])).pooled
    expect(first.points[3]).toMatchObject({ dropped: 1, falseNonMatches: 0 })
    const later = made(
      'later',
      10,
      4,
      () => 50,
      () => false,
    )
    const [behind] = (await curvesOf([later, equal])).pooled
    expect(behind.points[30]).toMatchObject({ dropped: 24, falseNonMatches: 3 })
  })

  it('ranks all prints together when pooled, and each set at the pooled threshold', async () => {
    const easy = made(
      'easy',
      10,
      4,
      () => 90,
      () => false,
    )
    const { pooled, sets } = await curvesOf([easy, knowing])
    expect(pooled[0].points[4]).toMatchObject({ dropped: 3, mated: 111, falseNonMatches: 0 })
    expect(new Set([...sets.flatMap(set => set.curves[0].threshold), pooled[0].threshold]).size).toBe(1)
    expect(sets[0].curves[0].points[10]).toMatchObject({ falseNonMatches: 0, gone: null, factor: null })
    expect(sets[0].curves[0].points[10].random.gone).toBeNull()
    expect((await curvesOf([easy])).pooled[0].fall).toBeNull()
  })

  it('is the same every time, and stops when it is told to', async () => {
    expect(await curvesOf([knowing])).toEqual(await curvesOf([knowing]))
    const signal = AbortSignal.abort(new Error('enough'))
    const { set, extractions, scores } = knowing
    await expect(discardCurves([set], [extractions], [scores], { replicates: 100, signal })).rejects.toThrow('enough')
  })
})

describe('what is said of it', () => {
  it('is two tables for each FMR, columns in line', async () => {
    const text = formatQuality(
      await curvesOf([
        made(
          'evil\u001b[2J',
          10,
          4,
          () => 90,
          () => false,
        ),
        knowing,
      ]),
    )
    expect(text).toContain('evil?[2J')
    expect(text).toMatch(/^10 +8 +\d+ +0 +0\.00 +100 +\d+ +\d+ to \d+ +\d\.\d$/m)
    expect(text.match(/with 10 % dropped, FNMR is lower by 100 %, 95 % interval 100 to 100 %/g)).toHaveLength(2)
    for (const rows of text.split('\n\n').slice(0, 4)) {
      const table = rows
        .split('\n')
        .slice(1)
        .filter(row => !row.startsWith('with'))
      expect(new Set(table.map(row => row.length)).size).toBe(1)
    }
  })

  it.each([
    ['errors', [knowing]],
    [
      'none',
      [
        made(
          'easy',
          3,
          2,
          () => 90,
          () => false,
        ),
      ],
    ],
  ])('is a picture, with %s', async (_, sets) => {
    const report = await curvesOf(sets)
    const svg = discardPlotSvg(report)
    const { data, info } = await sharp(Buffer.from(svg))
      .flatten()
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([906, 472])
    const top = Number(/(\d+(?:\.\d+)?) %<\/text>\n<path d="M76 48v/.exec(svg)?.[1]) / 100
    const y = Math.round(48 + 360 * (1 - report.pooled[0].points[20].fnmr! / top))
    // The second curve lies on the first, 20 of 30 % along.
    const at = (y * info.width + Math.round(76 + (560 * 20) / 30)) * 3
    expect([...data.subarray(at, at + 3)].map(value => Math.abs(value - 255) > 30)).toContain(true)
  })
})
