/**
 * Calibrates the score (LEARNED_* and SCORE_* of assembly/parameters.ts): compares all prints given with all prints of
 * other fingers on two threads and fits decibans to the similarities that strangers reach. docs/calibration.md says on
 * what it was run, and to which classes of pairs the constants are fitted.
 *
 *   node bench/calibrate.js [--real DIR] [--rolled DIR] [--synthetic DIR] [--codes learned|geometric] [--fit CLASSES]
 *        [--most N] [--seed N] [--cache DIR] [--fresh] [--keep FILE]
 *
 * --real: sets in folders; --rolled: one print a finger, 500 ppi; --synthetic: <finger>_<impression>.png. --fit: names
 * of classes, by commas (those of two real prints unless given). --most takes a sample of N pairs of each class. Templates
 * are kept in the cache (out/calibration) and taken from there; --fresh makes them anew. --keep FILE writes the
 * similarities, or takes them from there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { calibrationPrints } from './support/calibration-prints.js'
import { compareAll } from './support/compare-all.js'
import { PairClasses } from './support/pair-classes.js'
import { fitTail, movedToWorst, quantiles } from './support/tail-fit.js'
import { reportClasses, reportFit, reportQuantiles } from './support/tail-report.js'

const THREADS = 2
const SUSPECTS = 10

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    synthetic: { type: 'string' },
    codes: { type: 'string', default: 'learned' },
    fit: { type: 'string' },
    most: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    cache: { type: 'string', default: 'out/calibration' },
    fresh: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
})
const kinds = ['real', 'rolled', 'synthetic'].filter(kind => values[kind])
const sources = Object.fromEntries(kinds.map(kind => [kind, values[kind]]))
const pairs = new PairClasses(await calibrationPrints(sources, values))
pairs.take(await similarities())

const fitted =
  values.fit?.split(',') ?? pairs.names.filter(name => name.startsWith('real within') || name.startsWith('real across'))
reportQuantiles(pairs)
const fit = fitOf('fit', fitted)
if (pairs.names.length > fitted.length) fitOf('for comparison: all classes pooled', pairs.names)
const groups = Object.fromEntries(pairs.names.map(name => [name, [name]]))
reportClasses(pairs, { ...groups, 'those fitted, pooled': fitted, 'all, pooled': pairs.names }, fit)
heldOut()
console.log('most similar strangers:')
for (const { similarity, files } of pairs.mostSimilar(SUSPECTS)) {
  console.log(`  ${similarity.toFixed(2)}: ${files.join(' ')}`)
}

function fitOf(name, classes, keep) {
  const points = quantiles(pairs.similaritiesOf(classes, keep))
  const single = classes.map(one => [one, quantiles(pairs.similaritiesOf([one], keep))])
  const fit = movedToWorst(fitTail(points), Object.fromEntries(single))
  reportFit(name, fit, points)
  return fit
}

/** Fitted to the pairs within one half of the fingers, counted on those within the other. */
function heldOut() {
  for (const half of [0, 1]) {
    const within = parity => (a, b) => a % 2 === parity && b % 2 === parity
    const fit = fitOf(`held out: fitted to half ${half + 1} of the fingers, counted on the other`, fitted, within(half))
    reportClasses(pairs, { 'the other half': fitted }, fit, within(1 - half))
  }
}

async function similarities() {
  if (values.keep && existsSync(values.keep)) {
    console.log(`similarities from ${values.keep}\n`)
    return new Float32Array(new Uint8Array(readFileSync(values.keep)).buffer)
  }
  const startMs = performance.now()
  const found = await compareAll(pairs.numbered, {
    classes: pairs.setCount,
    shares: pairs.shares(Number(values.most)),
    seed: Number(values.seed),
    learned: values.codes !== 'geometric',
    threads: THREADS,
  })
  const seconds = (performance.now() - startMs) / 1000
  const count = found.reduce((sum, similarity) => sum + (similarity >= 0 ? 1 : 0), 0)
  const perSecond = Math.round(count / seconds)
  console.log(
    `${count} comparisons of different fingers in ${seconds.toFixed(1)} s, ${perSecond} a second on ${THREADS} threads\n`,
  )
  if (values.keep) writeFileSync(values.keep, new Uint8Array(found.buffer))
  return found
}
