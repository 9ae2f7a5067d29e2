/** Images whose ridges are known because they were drawn here. */
import type { GrayImage } from 'sidik'
import { type Impression, synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'
import { random } from '../support/random-templates.js'

export const TURN = 2 * Math.PI

/** An image at 500 ppi of the gray levels that `gray` gives, rounded and clipped. */
export function paint(widthPx: number, heightPx: number, gray: (x: number, y: number) => number): GrayImage {
  const data = new Uint8Array(widthPx * heightPx)
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(Math.max(Math.round(gray(i % widthPx, Math.floor(i / widthPx))), 0), 255)
  }
  return { data, widthPx, heightPx, ppi: 500 }
}

export interface Wave {
  /** Orientation of the ridges, radians, counter-clockwise with y up. */
  readonly angleRad: number
  readonly periodPx: number
  readonly phaseRad?: number
}

/** Phase of parallel ridges at a point: 0 on the middle of a ridge. */
export function phaseOf({ angleRad, periodPx, phaseRad = 0 }: Wave, x: number, y: number): number {
  return (TURN * (x * Math.sin(angleRad) + y * Math.cos(angleRad))) / periodPx + phaseRad
}

export function grating(wave: Wave, widthPx = 120, heightPx = 104): GrayImage {
  return paint(widthPx, heightPx, (x, y) => 128 - 100 * Math.cos(phaseOf(wave, x, y)))
}

export function rings(periodPx: number, sidePx = 200): GrayImage {
  const middle = sidePx / 2
  return paint(sidePx, sidePx, (x, y) => 128 - 100 * Math.cos((TURN * Math.hypot(x - middle, y - middle)) / periodPx))
}

/** Gaussian noise of mean 0 and deviation 1, blurred by `sigmaPx` (round the edges). */
export function noise(seed: number, widthPx: number, heightPx: number, sigmaPx = 0): Float64Array {
  const next = random(seed)
  const bell = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(TURN * next())
  const white = Float64Array.from({ length: widthPx * heightPx }, bell)
  if (sigmaPx === 0) return white
  const rows = blurLines(white, sigmaPx, widthPx, 1, heightPx, widthPx)
  const both = blurLines(rows, sigmaPx, heightPx, widthPx, widthPx, 1)
  const deviation = Math.sqrt(both.reduce((sum, value) => sum + value * value, 0) / both.length)
  return both.map(value => value / deviation)
}

function blurLines(from: Float64Array, sigma: number, length: number, step: number, lines: number, lineStep: number) {
  const reach = Math.ceil(3 * sigma)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2))
  const to = new Float64Array(from.length)
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      let sum = 0
      for (let k = -reach; k <= reach; k++) {
        sum += weights[k + reach] * from[line * lineStep + ((i + k + length) % length) * step]
      }
      to[line * lineStep + i * step] = sum
    }
  }
  return to
}

/** Structure of every size alike, as in photographs: deviation rises with size. */
export function landscape(seed: number, sidePx: number): GrayImage {
  const layers = [1, 2, 4, 8, 16, 32].map((sigma, i) => noise(seed + i, sidePx, sidePx, sigma))
  return paint(sidePx, sidePx, (x, y) => {
    return layers.reduce((sum, layer, i) => sum + layer[y * sidePx + x] * 4 * 1.45 ** i, 128)
  })
}

/** `image` with its top left corner at (leftPx, topPx) of a larger, even one. */
export function placed(image: GrayImage, widthPx: number, heightPx: number, leftPx: number, topPx: number, gray = 255) {
  return paint(widthPx, heightPx, (x, y) => {
    const inside = x >= leftPx && y >= topPx && x < leftPx + image.widthPx && y < topPx + image.heightPx
    return inside ? image.data[(y - topPx) * image.widthPx + x - leftPx] : gray
  })
}

export function cropped(image: GrayImage, leftPx: number, topPx: number, widthPx: number, heightPx: number): GrayImage {
  return paint(widthPx, heightPx, (x, y) => image.data[(y + topPx) * image.widthPx + x + leftPx])
}

export function regrayed(image: GrayImage, gray: (before: number) => number): GrayImage {
  return paint(image.widthPx, image.heightPx, (x, y) => gray(image.data[y * image.widthPx + x]))
}

/** Clean impressions (rotated and shifted, but no noise and no distortion) of the first fingers of a population. */
export function cleanImpressions(count: number, seed = 11): Impression[] {
  return Array.from({ length: count }, (_, i) =>
    synthesizeImpression(synthesizeFinger(seed, i + 1), 1, { clean: true }),
  )
}

/** Difference of two orientations, 0 to a quarter turn, in degrees. */
export function orientationErrorDeg(aRad: number, bRad: number): number {
  const turn = Math.abs(aRad - bRad) % Math.PI
  return (Math.min(turn, Math.PI - turn) * 180) / Math.PI
}

/** Difference of two directions, 0 to a half turn, in degrees. */
export function directionErrorDeg(aRad: number, bRad: number): number {
  const turn = Math.abs(aRad - bRad) % TURN
  return (Math.min(turn, TURN - turn) * 180) / Math.PI
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]
}
