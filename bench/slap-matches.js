/**
 * node bench/slap-matches.js TRANSACTION...: whether fingers that were cut from slaps are those that they are said to be.
 *
 * Each ANSI/NIST-ITL transaction holds rolled prints and slaps of one person. The fingers of its slaps are cut out and compared with all
 * of its rolled prints: the score with the same finger, and the highest with another one.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { segmentSlap } from '../dist/capture/index.js'
import { readDocument } from '../dist/convert/document.js'
import { printsOf } from '../dist/convert/prints.js'
import { createEngine } from '../dist/index.js'
import { formatTable } from './support/table.js'

const engine = await createEngine({ threads: 1 })
for (const path of process.argv.slice(2)) {
  const read = { onDeviation: () => {} }
  const prints = printsOf(readDocument(readFileSync(path), read), read).filter(({ image }) => image)
  const rolled = []
  for (const { fingerPosition, image } of prints.filter(print => print.fingerPosition <= 10)) {
    rolled.push({ fingerPosition, template: (await engine.extract(await image())).template })
  }
  const rows = []
  for (const { fingerPosition, missing, image } of prints.filter(print => print.fingerPosition > 10)) {
    const { fingers } = segmentSlap(await image(), { hand: fingerPosition, ...(missing && { missing }) })
    for (const finger of fingers) {
      const { template, quality } = await engine.extract(finger.image)
      const scores = []
      for (const other of rolled) {
        const { score } = await engine.match(template, other.template)
        scores.push({ isSame: other.fingerPosition === finger.position, score })
      }
      const best = isSame => Math.max(...scores.filter(one => one.isSame === isSame).map(({ score }) => score))
      rows.push([fingerPosition, finger.position ?? '?', quality.score, best(true).toFixed(1), best(false).toFixed(1)])
    }
  }
  console.log(basename(path))
  console.log(formatTable(['slap', 'finger', 'quality', 'same finger', 'best other'], rows))
}
await engine.close()
