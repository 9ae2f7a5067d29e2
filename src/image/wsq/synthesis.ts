/**
 * The inverse wavelet transform of a WSQ image (IAFIS-IC-0110). Each region's four quarters are joined along y, then
 * along x; along an axis a sample is a weighted sum of samples of both halves. Which ones, with what weights, is the same
 * for every row, so it is worked out once: that is where the ends are reflected, however short the halves are.
 */
import type { Region } from './subbands.js'
import type { SynthesisFilters } from './tables.js'

/** For sample n of the result: sum of weights[i] * (sample sources[i] of what is there) for starts[n] <= i < starts[n + 1]. */
interface JoinPlan {
  readonly starts: Int32Array
  readonly sources: Int32Array
  readonly weights: Float64Array
}

/** Columns that are joined together: 32 of 1,000 rows are 128 KiB, which stays in a processor's cache. */
const STRIP_COLUMNS = 32

/** Joins `regions` in their order within `plane`, in place. */
export function synthesize(
  plane: Float32Array,
  strideSamples: number,
  regions: readonly Region[],
  filters: SynthesisFilters,
): void {
  for (const region of regions) {
    if (region.width === 0 || region.height === 0) continue
    joinColumns(plane, strideSamples, region, planJoin(region.height, region.mirroredY, filters))
    joinRows(plane, strideSamples, region, planJoin(region.width, region.mirroredX, filters))
  }
}

function joinColumns(plane: Float32Array, stride: number, region: Region, plan: JoinPlan): void {
  const { starts, sources, weights } = plan
  const strip = new Float32Array(region.height * STRIP_COLUMNS)
  const sums = new Float64Array(STRIP_COLUMNS)
  for (let column = 0; column < region.width; column += STRIP_COLUMNS) {
    const columns = Math.min(STRIP_COLUMNS, region.width - column)
    const firstAt = region.y * stride + region.x + column
    for (let row = 0; row < region.height; row++) {
      const at = firstAt + row * stride
      for (let i = 0; i < columns; i++) strip[row * STRIP_COLUMNS + i] = plane[at + i]
    }
    for (let row = 0; row < region.height; row++) {
      sums.fill(0)
      for (let tap = starts[row]; tap < starts[row + 1]; tap++) {
        const weight = weights[tap]
        const from = sources[tap] * STRIP_COLUMNS
        for (let i = 0; i < columns; i++) sums[i] += weight * strip[from + i]
      }
      const at = firstAt + row * stride
      for (let i = 0; i < columns; i++) plane[at + i] = sums[i]
    }
  }
}

function joinRows(plane: Float32Array, stride: number, region: Region, plan: JoinPlan): void {
  const { starts, sources, weights } = plan
  const line = new Float32Array(region.width)
  for (let row = 0; row < region.height; row++) {
    const at = (region.y + row) * stride + region.x
    for (let i = 0; i < region.width; i++) line[i] = plane[at + i]
    for (let i = 0; i < region.width; i++) {
      let sum = 0
      for (let tap = starts[i]; tap < starts[i + 1]; tap++) sum += weights[tap] * line[sources[tap]]
      plane[at + i] = sum
    }
  }
}

/** @param mirrored the high-pass half lies before the low-pass half */
function planJoin(length: number, mirrored: boolean, filters: SynthesisFilters): JoinPlan {
  const lowCount = Math.ceil(length / 2)
  const highCount = length - lowCount
  const even = filters.low.length % 2 === 0
  // Sample k of a half belongs at 2k plus this in the result. Filters of even length sit between two samples.
  const halves = [
    { filter: filters.low, count: lowCount, firstAt: even ? 0.5 : 0, mirrorSign: 1, offset: mirrored ? highCount : 0 },
    {
      filter: filters.high,
      count: highCount,
      firstAt: even ? 0.5 : 1,
      mirrorSign: even ? -1 : 1,
      offset: mirrored ? 0 : lowCount,
    },
  ]
  const starts = new Int32Array(length + 1)
  const sources: number[] = []
  const weights: number[] = []
  for (let n = 0; n < length; n++) {
    for (const { filter, count, firstAt, mirrorSign, offset } of halves) {
      // Tap t of the filter meets sample k where 2k + firstAt + t - middle = n.
      const last = n - firstAt + (filter.length - 1) / 2
      for (let tap = last & 1; tap < filter.length; tap += 2) {
        const { k, reflected } = reflect((last - tap) / 2, firstAt, length, even)
        // An antisymmetric half is zero on the axis of its reflection, where it holds no sample.
        if (k >= count) continue
        sources.push(offset + k)
        weights.push(reflected ? filter[tap] * mirrorSign : filter[tap])
      }
    }
    starts[n + 1] = sources.length
  }
  return { starts, sources: Int32Array.from(sources), weights: Float64Array.from(weights) }
}

/**
 * The sample within the half that stands for sample k: the result is continued by reflection at its end samples
 * (filters of odd length) or just outside them (even length), and so are its halves.
 */
function reflect(k: number, firstAt: number, length: number, even: boolean): { k: number; reflected: boolean } {
  const axis = even ? -0.5 : 0
  const period = even ? 2 * length : 2 * (length - 1)
  if (period === 0) return { k: firstAt === 0 ? 0 : 1, reflected: false }
  const position = 2 * k + firstAt - axis
  const within = position - Math.floor(position / period) * period
  const reflected = within > period / 2
  return { k: ((reflected ? period - within : within) + axis - firstAt) / 2, reflected }
}
