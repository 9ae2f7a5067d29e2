/**
 * Writes synthetic prints with their truth for training: node training/generate.js OUT --fingers 500 --impressions 6
 * [--seed 2026] [--first 0] [--without STEP] [--sensor NAME] [--unattended SHARE] (after `npm run build`). Every number is that of src/synthesize; nothing is drawn here.
 *
 * OUT.bin holds, one impression after the other, bytes row by row: the gray image; the contact area at a quarter of the
 * resolution (255 or 0, the middle pixel of each square); the clean ridges at half (mean of each square, ridge 0, valley 255); the
 * orientation, one value a cell of 8 px (0..179: steps of a degree; 255 none). OUT.jsonl holds a line an impression:
 * offset, size, finger, impression, sensor and minutiae as [number within the finger, x px, y px, direction rad, type 1 bifurcation].
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { synthesizeFinger, synthesizeImpression } from '../dist/synthesize/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fingers: { type: 'string', default: '500' },
    impressions: { type: 'string', default: '6' },
    seed: { type: 'string', default: '2026' },
    first: { type: 'string', default: '0' },
    without: { type: 'string', multiple: true, default: [] },
    sensor: { type: 'string' },
    unattended: { type: 'string', default: '0' },
  },
})
const [out] = positionals
if (!out)
  throw new TypeError(
    'generate.js OUT [--fingers N] [--impressions N] [--seed N] [--first N] [--without STEP] [--sensor NAME] [--unattended SHARE]',
  )
const binary = openSync(`${out}.bin`, 'w')
const index = openSync(`${out}.jsonl`, 'w')
const rendering = {
  without: values.without,
  unattended: Number(values.unattended),
  ...(values.sensor && { sensor: values.sensor }),
}
let offset = 0

for (let finger = Number(values.first); finger < Number(values.first) + Number(values.fingers); finger++) {
  const drawn = synthesizeFinger(Number(values.seed), finger)
  // Impressions copy every member of a master's minutiae: a number tells which ones show the same minutia.
  const master = { ...drawn, minutiae: drawn.minutiae.map((minutia, id) => ({ ...minutia, id })) }
  for (let impression = 0; impression < Number(values.impressions); impression++) {
    write(finger, impression, synthesizeImpression(master, impression, rendering))
  }
}
closeSync(binary)
closeSync(index)

function write(finger, impression, { image, sensor, truth }) {
  const { widthPx, heightPx } = image
  const contact = sampled(truth.contact.data, widthPx, heightPx, 4)
  const ridges = halved(truth.ridges.data, widthPx, heightPx)
  const orientation = Uint8Array.from(truth.orientation.orientationsRad, rad =>
    Number.isNaN(rad) ? 255 : Math.round((rad * 180) / Math.PI) % 180,
  )
  const minutiae = truth.minutiae.map(minutia => [
    minutia.id,
    Number(minutia.xPx.toFixed(2)),
    Number(minutia.yPx.toFixed(2)),
    Number(minutia.directionRad.toFixed(4)),
    minutia.type === 'bifurcation' ? 1 : 0,
  ])
  for (const part of [image.data, contact, ridges, orientation]) writeSync(binary, part)
  writeSync(index, `${JSON.stringify({ offset, widthPx, heightPx, finger, impression, sensor, minutiae })}\n`)
  offset += image.data.length + contact.length + ridges.length + orientation.length
}

/** The middle pixel of each square of `step` pixels. */
function sampled(data, widthPx, heightPx, step) {
  const columns = Math.floor(widthPx / step)
  const rows = Math.floor(heightPx / step)
  return Uint8Array.from({ length: columns * rows }, (_, i) => {
    const y = Math.floor(i / columns) * step + step / 2
    return data[y * widthPx + (i % columns) * step + step / 2]
  })
}

/** The mean of each square of 2 x 2 pixels. */
function halved(data, widthPx, heightPx) {
  const columns = Math.floor(widthPx / 2)
  const rows = Math.floor(heightPx / 2)
  return Uint8Array.from({ length: columns * rows }, (_, i) => {
    const at = Math.floor(i / columns) * 2 * widthPx + (i % columns) * 2
    return (data[at] + data[at + 1] + data[at + widthPx] + data[at + widthPx + 1] + 2) >> 2
  })
}
