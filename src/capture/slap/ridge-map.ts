import type { GrayImage } from '../../types.js'
import { flowOf } from './flow.js'
import { boxMean, PLANE_PPI, type Plane, reducedPlane } from './plane.js'

/** Side of a cell, in pixels of the plane, and in millimetres: 0.41. */
const CELL = 4
export const CELL_MM = (CELL * 25.4) / PLANE_PPI

/**
 * Radius of the mean, applied twice, that is taken off: what is left are the changes over 0.3 to 0.8 mm that ridges make. What the mean
 * holds and a wider one does not (over 1 to 3 mm) are strokes of pens, printed letters and the outline of the finger.
 */
const RIDGE_RADIUS = 3
const WIDE_RADIUS = 12

/** Round each cell, in cells: 1.2 mm where contrast is measured, 2 mm where ridges are told from strokes. */
const CONTRAST_RADIUS = 1
const SHARE_RADIUS = 2

/** Least share of the energy that is of the ridges' scale: prints have 0.9 and more, handwriting 0.5 to 0.65, frames 0.7. */
const LEAST_SHARE = 0.78

/**
 * Least contrast, of that of the best of the image: the residue of a person before has a tenth, a faint finger a third. Round what is
 * found by that, 5 mm wide, the least is this share of the mean there, so that a faint finger is found whole.
 */
const LEAST_OF_BEST = 0.22
const LEAST_OF_LOCAL = 0.4
const LEAST_OF_BEST_LOCALLY = 0.11
const LOCAL_RADIUS = 6
/**
 * And of that of the cells that show least, which is noise where there is glass among the fingers; in grays between these, since 1 is what
 * rounding leaves and an image may show nothing but print.
 */
const LEAST_OF_NOISE = 2.5
const NOISE_QUANTILE = 0.1
const NOISE_GRAYS = [2, 5] as const
/** Which of the cells, in order of contrast, stands for the best; where less than a thirtieth shows ridges there is no finger. */
const BEST_QUANTILE = 0.97

/**
 * Round each cell, in cells, where it is measured how far ridges run one way: 3.7 mm, so that the
 * core of a whorl is not all of it.
 */
const FLOW_RADIUS = 4

/** Where ridges are, a value a cell. */
export interface RidgeMap {
  readonly width: number
  readonly height: number
  /** Pixels of the image that the side of a cell takes. */
  readonly cellPx: number
  /** Root of the mean square of what ridges change, in grays. */
  readonly contrast: Float32Array
  /** How far ridges of the print round a cell run one way, 0 to 1. */
  readonly flow: Float32Array
  /** 1 where a print is. */
  readonly mask: Uint8Array
}

/** Tells prints from paper, glass, ink of pens and residue by the scale and strength of their pattern. */
export function ridgeMap(image: GrayImage): RidgeMap {
  const plane = reducedPlane(image)
  const mean = boxMean(boxMean(plane, RIDGE_RADIUS), RIDGE_RADIUS)
  const ridges = squaresInCells(plane, mean)
  const strokes = boxMean(squaresInCells(mean, boxMean(mean, WIDE_RADIUS)), SHARE_RADIUS).data
  const wide = boxMean(ridges, SHARE_RADIUS).data
  const contrast = boxMean(ridges, CONTRAST_RADIUS).data.map(Math.sqrt)
  const sorted = Float32Array.from(contrast).sort()
  const best = sorted[Math.floor(BEST_QUANTILE * (sorted.length - 1))]
  const noise = LEAST_OF_NOISE * sorted[Math.floor(NOISE_QUANTILE * (sorted.length - 1))]
  const overNoise = Math.min(Math.max(noise, NOISE_GRAYS[0]), NOISE_GRAYS[1])
  const least = Math.max(overNoise, LEAST_OF_BEST * best)
  const leastLocally = Math.max(overNoise, LEAST_OF_BEST_LOCALLY * best)
  const isRidged = Uint8Array.from(contrast, (_, i) => (wide[i] > LEAST_SHARE * (wide[i] + strokes[i]) ? 1 : 0))
  const found = contrast.map((value, i) => (isRidged[i] && value > least ? 1 : 0))
  const { width, height } = ridges
  const near = boxMean({ data: found, width, height }, LOCAL_RADIUS).data
  const nearby = boxMean({ data: found.map((one, i) => one * contrast[i]), width, height }, LOCAL_RADIUS).data
  const mask = Uint8Array.from(contrast, (value, i) => {
    if (found[i] || !isRidged[i] || near[i] === 0) return found[i]
    return value > Math.max(leastLocally, Math.min(least, (LEAST_OF_LOCAL * nearby[i]) / near[i])) ? 1 : 0
  })
  const flow = flowNearby(flowOf(plane, mean, CELL), mask)
  return { width, height, cellPx: (CELL * image.ppi) / PLANE_PPI, contrast, flow, mask }
}

/** The mean of what the mask shows round each cell. */
function flowNearby({ data, width, height }: Plane, mask: Uint8Array): Float32Array {
  const here = boxMean({ data: Float32Array.from(mask), width, height }, FLOW_RADIUS).data
  const flowing = boxMean({ data: data.map((one, i) => one * mask[i]), width, height }, FLOW_RADIUS).data
  return flowing.map((sum, i) => (here[i] > 0 ? sum / here[i] : 0))
}

/** The mean square of the difference of two planes in each cell. */
function squaresInCells(a: Plane, b: Plane): Plane {
  const width = Math.ceil(a.width / CELL)
  const height = Math.ceil(a.height / CELL)
  const data = new Float32Array(width * height)
  for (let y = 0, i = 0; y < a.height; y++) {
    const row = Math.floor(y / CELL) * width
    for (let x = 0; x < a.width; x++, i++) {
      const difference = a.data[i] - b.data[i]
      data[row + (x >> 2)] += difference * difference
    }
  }
  for (let row = 0; row < height; row++) {
    const rows = Math.min(CELL, a.height - row * CELL)
    for (let column = 0; column < width; column++) {
      data[row * width + column] /= rows * Math.min(CELL, a.width - column * CELL)
    }
  }
  return { data, width, height }
}
