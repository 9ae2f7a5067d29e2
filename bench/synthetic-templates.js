import { encodeTemplate } from 'sidik/formats'

const WIDTH_PX = 320
const HEIGHT_PX = 400
const LEAST_DISTANCE_PX = 12

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A template of no finger: minutiae scattered at random, 25 to 55 as real prints have, or `count`. */
export function randomTemplate(next, count = 25 + Math.floor(next() * 31)) {
  const minutiae = []
  while (minutiae.length < count) {
    const xPx = Math.floor(next() * WIDTH_PX)
    const yPx = Math.floor(next() * HEIGHT_PX)
    if (minutiae.some(other => Math.hypot(other.xPx - xPx, other.yPx - yPx) < LEAST_DISTANCE_PX)) continue
    minutiae.push({ xPx, yPx, directionRad: next() * 2 * Math.PI, type: 'other', quality: 0 })
  }
  return encodeTemplate({
    widthPx: WIDTH_PX,
    heightPx: HEIGHT_PX,
    sourcePpi: 500,
    quality: 50,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  })
}
