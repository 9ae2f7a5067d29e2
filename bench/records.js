/**
 * What a minutiae record costs in accuracy: the prints of sets (folders of <finger>_<impression> images) extracted once,
 * then compared by their minutiae (geometric codes) as they are and by way of each record format. All pairs within a
 * set; EER and FNMR at FMR 1e-3 and 1e-4, percent, and the largest difference of score from that of the minutiae as they
 * are.
 *
 *   node bench/records.js FOLDER...
 *
 * With 2,880 non-mated pairs in a set, 1e-4 means none in one set and 2 of 23,040 in eight, which the last lines pool.
 */
import { readFileSync } from 'node:fs'
import { Matcher } from '../dist/core/matcher.js'
import { findSets } from '../dist/evaluate/dataset.js'
import { countErrors, ratesFromCounts } from '../dist/evaluate/rates.js'
import { decodeTemplate, minutiaeOfRecord, recordOfMinutiae } from '../dist/formats/index.js'
import { createEngine } from '../dist/index.js'
import { loadCore } from '../dist/node/core-file.js'
import { formatTable } from './support/table.js'

const WAYS = {
  'as they are': null,
  'ISO/IEC 19794-2:2005': { format: 'iso-19794-2-2005' },
  'ISO/IEC 19794-2:2011': { format: 'iso-19794-2-2011' },
  'ANSI INCITS 378-2004': { format: 'ansi-378-2004' },
  'ANSI INCITS 378-2009': { format: 'ansi-378-2009' },
  'normal card': { format: 'iso-19794-2-2005-card', cardSize: 'normal' },
  'compact card': { format: 'iso-19794-2-2005-card', cardSize: 'compact', removeBeyondReach: true },
  'compact card, 60 minutiae': {
    format: 'iso-19794-2-2005-card',
    cardSize: 'compact',
    removeBeyondReach: true,
    maxMinutiae: 60,
  },
}

const engine = await createEngine({ threads: 2 })
const matcher = new Matcher(loadCore())
const sets = (await Promise.all(process.argv.slice(2).map(folder => findSets(folder)))).flat()
const pooled = Object.fromEntries(Object.keys(WAYS).map(way => [way, []]))
for (const set of sets) {
  const prints = await Promise.all(set.prints.map(async ({ finger, path }) => ({ finger, ...(await extracted(path)) })))
  for (const [way, options] of Object.entries(WAYS)) pooled[way].push(scoresOf(prints, options))
  report(set.name, way => pooled[way].at(-1))
}
if (sets.length > 1) report('pooled', way => pooled[way].flat())
await engine.close()

async function extracted(path) {
  const { template } = await engine.extract(readFileSync(path))
  const { learnedCodes, ...contents } = decodeTemplate(template)
  return { contents }
}

/** Of all pairs, in one order: { mated, score }. */
function scoresOf(prints, options) {
  const described = prints.map(({ contents }) => {
    const print = options ? minutiaeOfRecord(recordOfMinutiae(contents, options)) : contents
    return { ...print, methodVersion: matcher.methodVersion, geometricCodes: matcher.describe(print) }
  })
  const pairs = []
  for (let i = 0; i < prints.length; i++) {
    for (let j = i + 1; j < prints.length; j++) {
      pairs.push({ mated: prints[i].finger === prints[j].finger, score: matcher.match(described[i], described[j]) })
    }
  }
  return pairs
}

function report(name, pairsOf) {
  const native = pairsOf('as they are')
  const rows = Object.keys(WAYS).map(way => {
    const pairs = pairsOf(way)
    const of = wanted => pairs.filter(({ mated }) => mated === wanted).map(({ score }) => score)
    const counts = countErrors(of(true), of(false))
    const rates = [ratesFromCounts(counts).eer, fnmrAt(counts, 1e-3), fnmrAt(counts, 1e-4)]
    const difference = pairs.reduce((most, { score }, k) => Math.max(most, Math.abs(score - native[k].score)), 0)
    return [way, ...rates.map(rate => (100 * rate).toFixed(2)), difference.toFixed(1)]
  })
  console.log(formatTable([name, 'EER', 'FNMR 1e-3', 'FNMR 1e-4', 'score differs'], rows))
}

/** At the lowest threshold whose FMR is not above `fmr`. */
function fnmrAt({ mated, nonMated, falseMatches, falseNonMatches }, fmr) {
  const k = falseMatches.findIndex(count => count <= fmr * nonMated)
  return falseNonMatches[k] / mated
}
