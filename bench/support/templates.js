/** Templates of no finger, many and quick to make, in size and structure like those of real prints. */
import { encodeTemplate } from '../../dist/formats/index.js'

const WIDTH_PX = 300
const HEIGHT_PX = 400

/** A good print of a fingertip has so many minutiae. */
const FEWEST = 30
const MOST = 50

/** Ridges are about 9 px apart at 500 ppi, so two minutiae are hardly ever nearer. */
const APART_PX = 9

/** A repeatable source of numbers from 0 to 1 (a linear congruential generator's upper bits). */
export function randomSource(seed) {
  let state = BigInt(seed) * 2n + 1n
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 32n) / 2 ** 32
  }
}

/** Minutiae of a new finger: spread over the print, along ridges that flow around a core and a delta. */
export function fingerMinutiae(random, fewest = FEWEST, most = MOST) {
  const count = fewest + Math.floor(random() * (most - fewest + 1))
  const core = { xPx: 130 + 40 * random(), yPx: 140 + 40 * random() }
  const delta = { xPx: 20 + 260 * random(), yPx: 300 + 60 * random() }
  const minutiae = []
  while (minutiae.length < count) {
    const xPx = Math.floor(random() * WIDTH_PX)
    const yPx = Math.floor(random() * HEIGHT_PX)
    if (minutiae.some(other => Math.hypot(other.xPx - xPx, other.yPx - yPx) < APART_PX)) continue
    const ridgeRad = (angleFrom(core, xPx, yPx) - angleFrom(delta, xPx, yPx) + Math.PI) / 2
    const directionRad = wholeTurn(ridgeRad + (random() < 0.5 ? Math.PI : 0))
    minutiae.push({ xPx, yPx, directionRad, type: random() < 0.5 ? 'ridge-ending' : 'bifurcation', quality: 60 })
  }
  return minutiae
}

/** The same finger again: turned and moved a little, a sixth of the minutiae lost, the others up to 2 px off. */
export function impressionOf(minutiae, random) {
  const turnRad = (random() - 0.5) * 0.4
  const moved = minutiae
    .filter(() => random() > 1 / 6)
    .map(minutia => {
      const x = minutia.xPx - WIDTH_PX / 2
      const y = minutia.yPx - HEIGHT_PX / 2
      const xPx = Math.round(WIDTH_PX / 2 + x * Math.cos(turnRad) + y * Math.sin(turnRad) + 4 * random() - 2)
      const yPx = Math.round(HEIGHT_PX / 2 - x * Math.sin(turnRad) + y * Math.cos(turnRad) + 4 * random() - 2)
      return { ...minutia, xPx, yPx, directionRad: wholeTurn(minutia.directionRad + turnRad) }
    })
  return moved.filter(({ xPx, yPx }) => xPx >= 0 && yPx >= 0 && xPx < WIDTH_PX && yPx < HEIGHT_PX)
}

/** The same minutiae, each with a learned code of random bits (16 bytes), which {@link impressionOf} carries along. */
export function withCodes(minutiae, random) {
  return minutiae.map(minutia => ({ ...minutia, code: Array.from({ length: 16 }, () => Math.floor(256 * random())) }))
}

/** With bits flipped as often as between mates: 20 of 128. */
export function shaken(minutiae, random) {
  const flip = byte => byte ^ [0, 1, 2, 3, 4, 5, 6, 7].reduce((mask, bit) => mask | (random() < 0.16 ? 1 << bit : 0), 0)
  return minutiae.map(minutia => ({ ...minutia, code: minutia.code.map(flip) }))
}

/** Contents with learned codes alone, as extraction leaves them. */
export function learnedContentsOf(coded) {
  return {
    widthPx: WIDTH_PX,
    heightPx: HEIGHT_PX,
    sourcePpi: 500,
    quality: 60,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae: coded.map(({ code, ...minutia }) => minutia),
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
    learnedCodes: { networkVersion: 1, bits: Uint8Array.from(coded.flatMap(({ code }) => code)) },
  }
}

/** Contents with the codes that the core makes, so that nothing is described while a search is measured. */
export function contentsOf(minutiae, matcher) {
  const print = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, minutiae }
  const { methodVersion } = matcher
  const geometricCodes = matcher.describe(print)
  return { ...print, sourcePpi: 500, quality: 60, fingerPosition: 0, methodVersion, geometricCodes }
}

export function templateOf(minutiae, matcher) {
  return encodeTemplate(contentsOf(minutiae, matcher))
}

function angleFrom(origin, xPx, yPx) {
  return Math.atan2(origin.yPx - yPx, xPx - origin.xPx)
}

function wholeTurn(angleRad) {
  return (angleRad + 4 * Math.PI) % (2 * Math.PI)
}
