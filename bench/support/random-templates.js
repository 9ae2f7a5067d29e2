import { randomBytes, randomInt } from 'node:crypto'
import { encodeTemplates } from '../../dist/station/enrol/templates-payload.js'
import { encodeTemplate } from '../../dist/template/native.js'

/** Bytes of a finger without minutiae, and of one minutia with its learned code. */
const [FINGER_BYTES, MINUTIA_BYTES] = [48, 23]

/** Most minutiae of one finger. */
const MOST_MINUTIAE = 90

const SIDE_PX = 500

/**
 * Makes templates as a record has them, of about `bytes` bytes (300 to 20,000), with minutiae by
 * chance. They are for stations that only check whether templates are well-formed and plausible.
 */
export function randomTemplates(bytes) {
  const minutiae = Math.max(1, Math.floor((bytes - 8) / MINUTIA_BYTES))
  const count = Math.min(10, Math.ceil(minutiae / MOST_MINUTIAE))
  const each = Math.min(
    MOST_MINUTIAE,
    Math.max(1, Math.floor((bytes - 8 - count * FINGER_BYTES) / (count * MINUTIA_BYTES))),
  )
  const fingers = Array.from({ length: count }, (_, i) => ({ position: i + 1, template: randomTemplate(each, i + 1) }))
  return encodeTemplates(fingers)
}

function randomTemplate(count, fingerPosition) {
  // One in each cell of a grid, so that they lie as far from each other as those of a finger.
  const columns = Math.ceil(Math.sqrt(count))
  const cellPx = Math.floor(SIDE_PX / columns)
  const inCell = at => at * cellPx + randomInt(Math.ceil(cellPx / 2))
  const minutiae = Array.from({ length: count }, (_, i) => ({
    xPx: inCell(i % columns),
    yPx: inCell(Math.floor(i / columns)),
    directionRad: (randomInt(256) / 256) * 2 * Math.PI,
    type: randomInt(2) === 0 ? 'ridge-ending' : 'bifurcation',
    quality: 1 + randomInt(100),
  }))
  return encodeTemplate({
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    sourcePpi: 500,
    quality: 60,
    fingerPosition,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
    learnedCodes: { networkVersion: 1, bits: new Uint8Array(randomBytes(16 * count)) },
  })
}
