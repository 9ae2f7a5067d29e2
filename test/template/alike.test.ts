/** One print under two positions, whatever was done to it, and prints that only look so. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'
import { alikePrints } from '../../dist/template/alike.js'

interface Minutia {
  readonly xPx: number
  readonly yPx: number
  readonly directionRad: number
}

const TURN = 2 * Math.PI
const turned = (rad: number) => ((rad % TURN) + TURN) % TURN

/** Minutiae as those of a finger lie: none nearer to another than 8 px. */
function printOf(random: Random, count: number, widthPx = 320): Minutia[] {
  const minutiae: Minutia[] = []
  while (minutiae.length < count) {
    const [xPx, yPx] = [random.below(widthPx), random.below(widthPx)]
    if (minutiae.some(other => Math.hypot(other.xPx - xPx, other.yPx - yPx) < 8)) continue
    minutiae.push({ xPx, yPx, directionRad: (random.below(256) / 256) * TURN })
  }
  return minutiae
}

/** The print moved, its minutiae shaken, some of them left out and others added, in another order. */
function changed(random: Random, print: readonly Minutia[], turnRad: number, shakePx: number, others: number) {
  const [cos, sin] = [Math.cos(turnRad), Math.sin(turnRad)]
  const shake = () => random.below(2 * shakePx + 1) - shakePx
  const dropped = Math.floor(print.length * others)
  const kept = print.map(minutia => ({ minutia, at: random.below(2 ** 30) })).sort((a, b) => a.at - b.at)
  const moved = kept.slice(dropped).map(({ minutia: { xPx, yPx, directionRad } }) => ({
    xPx: Math.max(0, Math.round(cos * xPx - sin * yPx + 500) + shake()),
    yPx: Math.max(0, Math.round(sin * xPx + cos * yPx + 500) + shake()),
    directionRad: (Math.round((turned(directionRad + turnRad) / TURN) * 256) / 256) * TURN,
  }))
  const added = printOf(random, dropped).map(minutia => ({
    ...minutia,
    xPx: minutia.xPx + 350,
    yPx: minutia.yPx + 350,
  }))
  return [...moved, ...added]
}

const of = (...prints: Minutia[][]) => alikePrints(prints.map(minutiae => ({ minutiae })) as never)

describe('one print under two positions', () => {
  it('is found when it is moved by one pixel, under all ten', () => {
    const print = printOf(new Random(1), 50)
    const ten = Array.from({ length: 10 }, (_, i) => print.map(minutia => ({ ...minutia, xPx: minutia.xPx + i })))
    expect(of(...ten)).toEqual([0, 1])
  })

  it('is found however it is turned, shaken, and changed in part', () => {
    const change = fc.record({
      seed: fc.nat(),
      count: fc.integer({ min: 24, max: 150 }),
      turnRad: fc.double({ min: 0, max: TURN, noNaN: true }),
      shakePx: fc.nat({ max: 2 }),
      others: fc.double({ min: 0, max: 0.2, noNaN: true }),
    })
    fc.assert(
      fc.property(change, ({ seed, count, turnRad, shakePx, others }) => {
        const random = new Random(seed)
        const print = printOf(random, count)
        const other = changed(random, print, turnRad, shakePx, others)
        const stranger = printOf(random, 40)
        expect(of(print, stranger, other)).toEqual([0, 2])
        expect(of(other, print)).toEqual([0, 1])
      }),
      { numRuns: 300 },
    )
  })
})

describe('prints that are not alike', () => {
  it('are those of chance, also a few minutiae and many', () => {
    const counts = fc.record({ seed: fc.nat(), a: fc.nat({ max: 200 }), b: fc.nat({ max: 200 }) })
    fc.assert(
      fc.property(counts, ({ seed, a, b }) => {
        const random = new Random(seed)
        expect(of(printOf(random, a), printOf(random, b))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  it('are those of which half is another', () => {
    const random = new Random(7)
    const print = printOf(random, 60)
    expect(of(print, changed(random, print, 1, 0, 0.55))).toBeUndefined()
  })

  it('are none at all, or too few to say', () => {
    expect(of([], [])).toBeUndefined()
    const few = printOf(new Random(3), 11)
    expect(of(few, few)).toBeUndefined()
  })
})

it('takes minutiae for alike that lie so as to be compared for ever', () => {
  // All in one cell of the grid, at places that have nothing to do with each other.
  const heap = (random: Random): Minutia[] =>
    Array.from({ length: 255 }, () => ({
      xPx: 512 * random.below(127),
      yPx: 512 * random.below(127),
      directionRad: 0,
    }))
  const random = new Random(5)
  expect(of(heap(random), heap(random))).toEqual([0, 1])
})
