import { Random } from '../random.js'
import type { Minutia } from '../types.js'
import { loadGrower } from './load-grower.js'
import { CLASS_FREQUENCIES, makeOrientationField, type PatternClass, type SingularPoint } from './orientation-field.js'
import { findRidgeMinutiae } from './ridge-minutiae.js'
import { makePeriodField } from './ridge-period.js'

/** Canvas of a master, px at 500 ppi: 21 x 28 mm, more than any one touch shows. */
export const MASTER_WIDTH_PX = 416
export const MASTER_HEIGHT_PX = 560

/** Value of a wave's crest. */
export const CREST = 8192

/**
 * Rounds of filtering, and share of pixels that seed a ridge or a valley. Together they set how many minutiae are left:
 * 24 a cm2 of contact area on average, of which the classical extraction reports 22 (20 in the dev sets' prints).
 */
const ROUNDS = 44
const SEED_DENSITY = 0.004

/** A synthetic finger: everything that its impressions share. */
export interface Master {
  readonly seed: number
  readonly fingerIndex: number
  readonly patternClass: PatternClass
  readonly singularPoints: readonly SingularPoint[]
  readonly widthPx: number
  readonly heightPx: number
  /** The ridges as a wave, row by row: positive on ridges, negative in valleys, about +-CREST. */
  readonly wave: Int16Array
  readonly meanPeriodPx: number
  /** Ridge orientation, radians in [0, pi), counter-clockwise with y up. */
  orientationRad(xPx: number, yPx: number): number
  periodPx(xPx: number, yPx: number): number
  /** On the whole canvas, positions in px at 500 ppi. */
  readonly minutiae: readonly Minutia[]
  /** The finger's stream of random numbers, for its impressions. */
  readonly random: Random
}

export interface FingerOptions {
  /** Otherwise drawn with the frequencies of nature. */
  readonly patternClass?: PatternClass
}

/**
 * The finger of that number in the population of that seed; always the same.
 *
 * @throws RangeError when `seed` or `fingerIndex` is not an integer from 0 to 2^32 - 1, or the class is not a known one
 */
export function synthesizeFinger(seed: number, fingerIndex: number, options: FingerOptions = {}): Master {
  requireIndex('seed', seed)
  requireIndex('fingerIndex', fingerIndex)
  const random = new Random(seed).child('finger').child(fingerIndex)
  const patternClass = options.patternClass ?? random.child('class').pick(CLASS_FREQUENCIES)
  if (!Object.hasOwn(CLASS_FREQUENCIES, patternClass)) {
    throw new RangeError(
      `patternClass: one of ${Object.keys(CLASS_FREQUENCIES).join(', ')}, not ${String(patternClass)}`,
    )
  }
  const widthPx = MASTER_WIDTH_PX
  const heightPx = MASTER_HEIGHT_PX
  const field = makeOrientationField(random.child('orientation'), patternClass, widthPx, heightPx)
  const period = makePeriodField(random.child('period'), widthPx, heightPx)
  const flow = {
    widthPx,
    heightPx,
    orientationRad: (x: number, y: number) => field.at(x, y),
    periodPx: (x: number, y: number) => period.at(x, y),
  }
  const dither = random.child('dither')
  const wave = loadGrower().grow({ ...flow, dither: () => dither.uniform() }, makeSeeds(random.child('seeds')), ROUNDS)
  return {
    seed,
    fingerIndex,
    patternClass,
    singularPoints: field.singularPoints,
    wave,
    meanPeriodPx: period.meanPx,
    ...flow,
    minutiae: findRidgeMinutiae({ data: wave, ...flow }),
    random,
  }
}

/** @throws RangeError when `value` is not an integer from 0 to 2^32 - 1 */
export function requireIndex(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`${name}: an integer from 0 to 4294967295, not ${value}`)
  }
}

function makeSeeds(random: Random): Int16Array {
  const seeds = new Int16Array(MASTER_WIDTH_PX * MASTER_HEIGHT_PX)
  for (let i = 0; i < seeds.length; i++) {
    if (random.chance(SEED_DENSITY)) seeds[i] = random.chance(0.5) ? CREST : -CREST
  }
  return seeds
}
