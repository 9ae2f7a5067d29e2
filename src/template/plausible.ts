/**
 * Whether one finger can show a template's minutiae. A template of several fingers' minutiae
 * matches all of them, and makes honest people duplicates of each other; laid over each other they
 * lie denser and closer than ridges let them.
 *
 * Bounds come from prints (docs/station-enrol.md has the figures). Templates with learned codes are
 * of our own extraction, which keeps 6 px between two minutiae before they are rounded, and at most
 * 200. Records of other vendors have neither bound, and wider ones here.
 */
import type { Minutia, TemplateContents } from '../types.js'
import { MAX_MINUTIAE } from './minutia-codes.js'

interface Bounds {
  readonly mostMinutiae: number
  /** In a circle of so many px round a minutia, itself included. */
  readonly mostWithin50: number
  readonly mostWithin100: number
  /** Minutiae that have another nearer than {@link TOO_CLOSE_PX}. */
  readonly mostClose: number
}

/**
 * Bounds for our own templates. The most in 2,254 prints: 200 minutiae, 20 within 50 px, 52 within
 * 100 px, none too close; in 20,000 synthetic templates, 4 too close.
 */
const OWN: Bounds = { mostMinutiae: 200, mostWithin50: 26, mostWithin100: 65, mostClose: 6 }

/**
 * Bounds for other vendors' templates. The most in 1,280 prints by two other extractors: 24 within
 * 50 px, 65 within 100 px, 8 closer than 5 px.
 */
const FOREIGN: Bounds = { mostMinutiae: 255, mostWithin50: 36, mostWithin100: 95, mostClose: 32 }

/** Width above any template's, so that y * COLUMNS + x orders minutiae by y. */
const COLUMNS = 2 ** 16

/** Most of a coordinate, in px: what the core keeps of it. No sensor is a hundredth as wide. */
const MOST_PLACE_PX = 32_767

/** Half a ridge period. */
const TOO_CLOSE_PX = 4

/** Why no finger shows these minutiae, as the end of a sentence; undefined where one can. */
export function implausibility({
  minutiae,
  learnedCodes,
}: Pick<TemplateContents, 'minutiae' | 'learnedCodes'>): string | undefined {
  const bounds = learnedCodes === undefined ? FOREIGN : OWN
  if (minutiae.length > bounds.mostMinutiae) {
    return `it has ${minutiae.length} minutiae, ${bounds.mostMinutiae} are the most`
  }
  if (minutiae.some(({ xPx, yPx }) => xPx > MOST_PLACE_PX || yPx > MOST_PLACE_PX)) {
    return `a minutia lies beyond ${MOST_PLACE_PX} px`
  }
  const found = densityOf(minutiae)
  if (found.within50 > bounds.mostWithin50) {
    return `${found.within50} minutiae lie within 50 px, ${bounds.mostWithin50} are the most`
  }
  if (found.within100 > bounds.mostWithin100) {
    return `${found.within100} minutiae lie within 100 px, ${bounds.mostWithin100} are the most`
  }
  if (found.close <= bounds.mostClose) return undefined
  return `${found.close} minutiae lie closer to another than ${TOO_CLOSE_PX} px, ${bounds.mostClose} are the most`
}

/** Places, sorted, and what is counted at each: kept, as a hub asks this of ten templates a record. */
const places = new Uint32Array(MAX_MINUTIAE)
const xPx = new Int32Array(MAX_MINUTIAE)
const yPx = new Int32Array(MAX_MINUTIAE)
const within50 = new Uint8Array(MAX_MINUTIAE)
const within100 = new Uint8Array(MAX_MINUTIAE)
const isClose = new Uint8Array(MAX_MINUTIAE)

/**
 * The largest counts round any minutia, and how many have a neighbour that is too close.
 * Coordinates are below 65,536, and there are at most MAX_MINUTIAE.
 */
function densityOf(minutiae: readonly Minutia[]): { within50: number; within100: number; close: number } {
  sortPlaces(minutiae)
  const found = { within50: 0, within100: 0, close: 0 }
  for (let i = 0; i < minutiae.length; i++) {
    within50[i] = within100[i] = 1
    isClose[i] = 0
    for (let j = i - 1; j >= 0; j--) {
      const dy = yPx[i] - yPx[j]
      if (dy > 100) break
      const dx = xPx[i] - xPx[j]
      const squared = dx * dx + dy * dy
      if (squared > 100 * 100) continue
      within100[i]++
      within100[j]++
      if (squared > 50 * 50) continue
      within50[i]++
      within50[j]++
      if (squared < TOO_CLOSE_PX * TOO_CLOSE_PX) isClose[i] = isClose[j] = 1
    }
  }
  for (let i = 0; i < minutiae.length; i++) {
    found.within50 = Math.max(found.within50, within50[i])
    found.within100 = Math.max(found.within100, within100[i])
    found.close += isClose[i]
  }
  return found
}

/**
 * By y, so that those of one circle lie near each other; inserted one by one, as templates are
 * nearly in that order.
 */
function sortPlaces(minutiae: readonly Minutia[]): void {
  for (let count = 0; count < minutiae.length; count++) {
    const place = minutiae[count].yPx * COLUMNS + minutiae[count].xPx
    let at = count
    for (; at > 0 && places[at - 1] > place; at--) places[at] = places[at - 1]
    places[at] = place
  }
  for (let i = 0; i < minutiae.length; i++) {
    yPx[i] = places[i] >>> 16
    xPx[i] = places[i] & (COLUMNS - 1)
  }
}

/**
 * The first two of these prints that show the very same minutiae; no two touches do, not even of
 * one finger. Codes, quality and position are left out: they can be altered without losing a match.
 */
export function samePrints(
  prints: readonly Pick<TemplateContents, 'minutiae'>[],
): readonly [number, number] | undefined {
  const seen = new Map<string, number[]>()
  for (const [i, { minutiae }] of prints.entries()) {
    if (minutiae.length === 0) continue
    const sums = sumsOf(minutiae)
    const alike = seen.get(sums) ?? []
    const first = alike.find(other => placesOf(prints[other].minutiae) === placesOf(minutiae))
    if (first !== undefined) return [first, i]
    seen.set(sums, [...alike, i])
  }
  return undefined
}

/** Sums that are the same for the same minutiae in any order, and seldom for others. */
function sumsOf(minutiae: readonly Minutia[]): string {
  let [x, y, xy] = [0, 0, 0]
  for (const { xPx, yPx } of minutiae) {
    x += xPx
    y += yPx
    xy += xPx * yPx
  }
  return `${minutiae.length} ${x} ${y} ${xy}`
}

function placesOf(minutiae: readonly Minutia[]): string {
  return minutiae
    .map(({ xPx, yPx, directionRad }) => `${xPx} ${yPx} ${directionRad}`)
    .sort()
    .join()
}
