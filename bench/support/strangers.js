import { decodeTemplate, encodeTemplate } from '../../dist/formats/index.js'

const WIDTH_PX = 260
const HEIGHT_PX = 350
/** A touch of a finger with fewer is refused by most. */
const LEAST_MINUTIAE = 15
const FLIPPED = 0.1
const JITTER_PX = 4

/**
 * A maker of strangers: pieces of rolled prints, so that all have the statistics of real codes. A window of 260 x 350 px
 * anywhere on a print, turned, each minutia up to 4 px off and a tenth of the bits of its code flipped, so that no two
 * are alike; `source` says of which print. Two pieces of one print may share skin, and are of one finger then.
 *
 * @param rolled templates
 * @param random numbers from 0 to 1
 */
export function strangers(rolled, random) {
  const sources = rolled.map(template => decodeTemplate(template))
  return () => {
    const source = Math.floor(random() * sources.length)
    return { source, template: stranger(sources[source], random) }
  }
}

function stranger(source, random) {
  for (;;) {
    const left = random() * Math.max(0, source.widthPx - WIDTH_PX)
    const top = random() * Math.max(0, source.heightPx - HEIGHT_PX)
    const turnRad = (random() - 0.5) * 0.6
    const [cos, sin] = [Math.cos(turnRad), Math.sin(turnRad)]
    const minutiae = []
    const bits = []
    source.minutiae.forEach((minutia, i) => {
      const x = minutia.xPx - left - WIDTH_PX / 2
      const y = minutia.yPx - top - HEIGHT_PX / 2
      const xPx = Math.round(WIDTH_PX / 2 + cos * x + sin * y + JITTER_PX * (2 * random() - 1))
      const yPx = Math.round(HEIGHT_PX / 2 - sin * x + cos * y + JITTER_PX * (2 * random() - 1))
      if (xPx < 0 || yPx < 0 || xPx >= WIDTH_PX || yPx >= HEIGHT_PX) return
      const directionRad = (minutia.directionRad + turnRad + 4 * Math.PI) % (2 * Math.PI)
      minutiae.push({ ...minutia, xPx, yPx, directionRad })
      for (let k = 0; k < 16; k++) bits.push(flipped(source.learnedCodes.bits[16 * i + k], random))
    })
    if (minutiae.length < LEAST_MINUTIAE) continue
    const { networkVersion } = source.learnedCodes
    const learnedCodes = { networkVersion, bits: Uint8Array.from(bits) }
    return encodeTemplate({ ...source, widthPx: WIDTH_PX, heightPx: HEIGHT_PX, minutiae, learnedCodes })
  }
}

function flipped(byte, random) {
  let out = byte
  for (let left = 8 * FLIPPED; left > 0; left--) if (random() < left) out ^= 1 << Math.floor(8 * random())
  return out
}
