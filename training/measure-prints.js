/**
 * Measures real prints for fit_templates.py: minutiae, learned codes, ridge orientation, area and period of each.
 *
 *   node training/measure-prints.js DIR OUT.json [--every 1] [--ppi N]      (after `npm run build`)
 *
 * DIR is a folder of images named <finger>_<impression>, or a folder of such folders; of images without an underscore each is a
 * finger of its own. --every takes one image of so many. OUT.json holds one print a line; it is made of other people's prints: keep
 * it out of the tree.
 */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Extractor } from '../dist/core/extractor.js'
import { decodeImage } from '../dist/image/decode.js'
import { loadCore } from '../dist/node/core-file.js'
import { loadNetwork } from '../dist/node/network-file.js'

/** Cells of the core's maps (4 px) for one of ours. */
const COARSER = 2
const TYPES = ['other', 'ridge-ending', 'bifurcation']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' }, ppi: { type: 'string' } },
})
const [folder, out] = positionals
if (!out) throw new TypeError('measure-prints.js DIR OUT.json [--every N] [--ppi N]')
const ppi = values.ppi ? { ppi: Number(values.ppi) } : {}
const extractor = new Extractor(loadCore(), loadNetwork())
const images = readdirSync(folder, { recursive: true })
  .filter(name => /\.(png|wsq)$/i.test(name))
  .sort()
  .filter((_, i) => i % Number(values.every) === 0)
const file = openSync(out, 'w')
for (const [i, name] of images.entries()) {
  const print = await measured(name).catch(error => console.error(`${name}: ${error.message}`))
  if (print) writeSync(file, `${JSON.stringify(print)}\n`)
  if (i % 100 === 99) console.log(`${i + 1} of ${images.length}`)
}
closeSync(file)

async function measured(name) {
  const image = await decodeImage(readFileSync(join(folder, name)), ppi)
  const { widthPx, heightPx, minutiae, learnedCodes, quality } = extractor.extract(image)
  const stages = extractor.stages()
  const { cellPx } = stages
  const across = Math.floor(stages.widthPx / cellPx)
  const columns = Math.floor(across / COARSER)
  const rows = Math.floor(stages.heightPx / cellPx / COARSER)
  const coarse = (map, of = value => value) =>
    Buffer.from(
      Uint8Array.from({ length: columns * rows }, (_, at) => {
        const [row, column] = [Math.floor(at / columns) * COARSER, (at % columns) * COARSER]
        return of(map[row * across + column])
      }),
    ).toString('base64')
  const [stem] = name.split('.')
  return {
    finger: stem.replace(/_\d+$/, ''),
    name,
    widthPx,
    heightPx,
    quality: quality.score,
    minutiae: minutiae.map(({ xPx, yPx, directionRad, type, quality: own }) => [
      xPx,
      yPx,
      Math.round((directionRad * 128) / Math.PI) & 255,
      TYPES.indexOf(type),
      own,
    ]),
    networkVersion: learnedCodes?.networkVersion ?? 0,
    codes: Buffer.from(learnedCodes?.bits ?? []).toString('base64'),
    columns,
    rows,
    cellPx: cellPx * COARSER,
    orientation: coarse(stages.orientation),
    mask: coarse(stages.mask, value => (value ? 1 : 0)),
    period: coarse(stages.periodPx, value => Math.min(255, Math.round(10 * value))),
  }
}
