import { Random } from '../../dist/random.js'
import { encodeTemplate } from '../../dist/template/native.js'

/** A template of no finger, the same for the same number, of `least` minutiae to 59 more. */
export function killTemplate(number, least = 1) {
  const random = new Random(number)
  const minutiae = Array.from({ length: least + random.below(60) }, () => ({
    xPx: random.below(300),
    yPx: random.below(400),
    directionRad: (2 * Math.PI * random.below(256)) / 256,
    type: 'ridge-ending',
    quality: 50,
  }))
  return encodeTemplate({
    widthPx: 300,
    heightPx: 400,
    sourcePpi: 500,
    quality: 60,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
    learnedCodes: {
      networkVersion: 1,
      bits: Uint8Array.from({ length: 16 * minutiae.length }, () => random.below(256)),
    },
  })
}
