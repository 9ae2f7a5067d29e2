/**
 * Accuracy of the comparison alone, on minutiae of other extractors: all pairs within each set, and all sets pooled.
 *
 *   node bench/peer-minutiae.js [--minutiae mindtct|sourceafis] [--scores FILE] [--turn DEGREES]
 *
 * --scores writes extractor,set,a,b,mated,score of every pair; --turn turns every second print first.
 */
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { Matcher } from '../dist/core/matcher.js'
import { errorRates } from '../dist/evaluate/rates.js'
import { loadCore } from '../dist/node/core-file.js'
import { EXTRACTORS, readSet, SETS } from './peer-prints.js'
import { turned } from './support/turned.js'

const { values } = parseArgs({
  options: { minutiae: { type: 'string' }, scores: { type: 'string' }, turn: { type: 'string', default: '0' } },
})
const matcher = new Matcher(loadCore())
const out = values.scores && createWriteStream(values.scores)

for (const extractor of values.minutiae ? [values.minutiae] : EXTRACTORS) {
  const pooled = { mated: [], nonMated: [] }
  let comparisons = 0
  let nanoseconds = 0n
  for (const set of SETS) {
    const prints = readSet(extractor, set).map((print, i) => describe(print, i % 2 ? Number(values.turn) : 0))
    const scores = { mated: [], nonMated: [] }
    for (let i = 0; i < prints.length; i++) {
      for (let j = i + 1; j < prints.length; j++) {
        const start = process.hrtime.bigint()
        const score = matcher.match(prints[i].contents, prints[j].contents)
        nanoseconds += process.hrtime.bigint() - start
        comparisons++
        const mated = prints[i].finger === prints[j].finger
        scores[mated ? 'mated' : 'nonMated'].push(score)
        out?.write(`${extractor},${set},${prints[i].name},${prints[j].name},${mated ? 1 : 0},${score}\n`)
      }
    }
    report(`${extractor} ${set}`, scores)
    for (const kind of ['mated', 'nonMated']) pooled[kind].push(...scores[kind])
  }
  report(`${extractor} pooled`, pooled)
  console.log(
    `${extractor} ${(Number(nanoseconds) / comparisons / 1000).toFixed(1)} us a comparison, records written anew`,
  )
}
out?.end()

function describe({ finger, impression, minutiae }, turnDegrees) {
  const moved = minutiae.map(minutia => turned(minutia, (turnDegrees * Math.PI) / 180))
  const geometricCodes = matcher.describe({ widthPx: 1, heightPx: 1, minutiae: moved })
  const contents = { methodVersion: matcher.methodVersion, minutiae: moved, geometricCodes }
  return { finger, name: `${finger}_${impression}`, contents }
}

function report(name, { mated, nonMated }) {
  const { eer, fmr100, fmr1000, zeroFmr } = errorRates(mated, nonMated)
  console.log(
    name.padEnd(24),
    [eer, fmr100, fmr1000, zeroFmr].map(rate => (100 * rate).toFixed(2).padStart(6)).join(' '),
  )
}
