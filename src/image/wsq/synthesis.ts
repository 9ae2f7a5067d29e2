/**
 * The inverse wavelet transform of a WSQ image (IAFIS-IC-0110): each region's four quarters are joined along y, then
 * along x. Both halves of a line are laid in turn into one line, low before high, which is continued at its ends by
 * reflection; each sample of the result is then a weighted sum of samples beside each other, with one set of weights
 * for even places and one for odd.
 */
import type { Region } from './subbands.js'
import type { SynthesisFilters } from './tables.js'

/** Joins `regions` in their order within `plane`, in place. */
export function synthesize(
  plane: Float32Array,
  strideSamples: number,
  regions: readonly Region[],
  filters: SynthesisFilters,
): void {
  const kernels = [0, 1].map(parity => kernelFor(parity, filters)) as [Kernel, Kernel]
  for (const { x, y, width, height, mirroredX, mirroredY } of regions) {
    const at = y * strideSamples + x
    const along = { samples: height, sampleStep: strideSamples, lines: width, lineStep: 1 }
    const across = { samples: width, sampleStep: 1, lines: height, lineStep: strideSamples }
    joinLines(plane, { at, ...along }, planLine(height, mirroredY, filters), kernels)
    joinLines(plane, { at, ...across }, planLine(width, mirroredX, filters), kernels)
  }
}

/** Weights of the samples at places n + first, n + first + 1 ... of the line for the sample at place n of the result. */
interface Kernel {
  readonly first: number
  readonly weights: Float64Array
}

/** Filters of odd length are centred on their sample's place, those of even length between both of a pair. */
function centres({ low, high }: SynthesisFilters): { low: number; high: number } {
  const shift = low.length % 2 === 0 ? 0.5 : 0
  return { low: (low.length - 1) / 2 - shift, high: (high.length - 1) / 2 + shift }
}

/** How far the kernels reach to either side. */
function reachOf(filters: SynthesisFilters): number {
  const { low, high } = centres(filters)
  return Math.max(low, filters.low.length - 1 - low, high, filters.high.length - 1 - high)
}

function kernelFor(parity: number, filters: SynthesisFilters): Kernel {
  const centre = centres(filters)
  const reach = reachOf(filters)
  const weights: number[] = []
  for (let offset = -reach; offset <= reach; offset++) {
    const isLow = (parity + offset) % 2 === 0
    const tap = isLow ? filters.low[centre.low - offset] : filters.high[centre.high - offset]
    weights.push(tap ?? 0)
  }
  const from = weights.findIndex(weight => weight !== 0)
  const to = weights.findLastIndex(weight => weight !== 0)
  return { first: from - reach, weights: Float64Array.from(weights.slice(from, to + 1)) }
}

/** For each place of a line, from `reach` places before its start: the sample that lies there, and its factor. */
interface LinePlan {
  readonly reach: number
  readonly sources: Int32Array
  readonly factors: Float64Array
}

/** @param mirrored the high-pass half lies before the low-pass half */
function planLine(length: number, mirrored: boolean, filters: SynthesisFilters): LinePlan {
  const reach = reachOf(filters)
  const low = Math.ceil(length / 2)
  const lowFrom = mirrored ? length - low : 0
  const highFrom = mirrored ? 0 : low
  const even = filters.low.length % 2 === 0
  const sources = new Int32Array(length + 2 * reach)
  const factors = new Float64Array(length + 2 * reach)
  for (let i = 0; i < sources.length; i++) {
    const { place, reflected } = reflect(i - reach, length, even)
    // An antisymmetric half is zero on the axis of its reflection, where it has no sample.
    if (place >= length) continue
    const isLow = place % 2 === 0
    sources[i] = (isLow ? lowFrom : highFrom) + Math.floor(place / 2)
    factors[i] = reflected && even && !isLow ? -1 : 1
  }
  return { reach, sources, factors }
}

/**
 * The place in a line whose sample stands for one before its start or after its end, however short the line is.
 * With filters of odd length the image is reflected at its end samples, and samples are where their places are. With
 * even length it is reflected half a sample outside, and both samples of a pair are half way between their places.
 */
function reflect(place: number, length: number, even: boolean): { place: number; reflected: boolean } {
  const isHigh = Math.abs(place % 2)
  const beyondAxis = even ? place - isHigh + 1 : place
  const period = even ? 2 * length : 2 * (length - 1)
  if (period === 0) return { place: isHigh, reflected: false }
  const within = beyondAxis - Math.floor(beyondAxis / period) * period
  const reflected = within > period / 2
  const folded = reflected ? period - within : within
  return { place: even ? folded - 1 + isHigh : folded, reflected }
}

/** Lines that are joined together: 16 samples of 4 bytes are what a processor fetches at once. */
const LANES = 16

interface Lines {
  readonly at: number
  readonly samples: number
  readonly sampleStep: number
  readonly lines: number
  readonly lineStep: number
}

function joinLines(plane: Float32Array, lines: Lines, plan: LinePlan, kernels: readonly [Kernel, Kernel]): void {
  const { at, samples, sampleStep, lineStep } = lines
  const { reach, sources, factors } = plan
  // Place by place, the same place of all lanes side by side.
  const laid = new Float64Array(sources.length * LANES)
  const joined = new Float64Array(samples * LANES)
  for (let line = 0; line < lines.lines; line += LANES) {
    const lanes = Math.min(LANES, lines.lines - line)
    const from = at + line * lineStep
    for (let i = 0; i < sources.length; i++) {
      const source = from + sources[i] * sampleStep
      for (let lane = 0; lane < lanes; lane++) laid[i * LANES + lane] = factors[i] * plane[source + lane * lineStep]
    }
    for (let n = 0; n < samples; n++) {
      const { first, weights } = kernels[n & 1]
      weigh(laid, (n + reach + first) * LANES, weights, joined, n * LANES)
    }
    for (let n = 0; n < samples; n++) {
      const to = from + n * sampleStep
      for (let lane = 0; lane < lanes; lane++) plane[to + lane * lineStep] = joined[n * LANES + lane]
    }
  }
}

/** One sample of every lane. Four lanes at a time, which halves the time that one by one takes. */
function weigh(
  laid: Float64Array,
  laidAt: number,
  weights: Float64Array,
  joined: Float64Array,
  joinedAt: number,
): void {
  for (let lane = 0; lane < LANES; lane += 4) {
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    for (let i = 0, at = laidAt + lane; i < weights.length; i++, at += LANES) {
      const weight = weights[i]
      sum0 += weight * laid[at]
      sum1 += weight * laid[at + 1]
      sum2 += weight * laid[at + 2]
      sum3 += weight * laid[at + 3]
    }
    const to = joinedAt + lane
    joined[to] = sum0
    joined[to + 1] = sum1
    joined[to + 2] = sum2
    joined[to + 3] = sum3
  }
}
