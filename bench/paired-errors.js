/**
 * Error rates of two builds of this package on the same prints, and whether they differ: fingers are drawn with
 * replacement, the same for both builds (src/evaluate/bootstrap.ts), and the difference is taken in each draw. Both are
 * compared with --turn as `sidik evaluate` has it.
 *
 *   node bench/paired-errors.js --before DIR --prints DIR [--ppi N] [--turn 0|90|180|90,270|random] [--across]
 *        [--draws 1000]
 *
 * --before: the checkout of another commit, built (`npm ci`). --across: instead of this build alone, the other one's
 * templates are compared with this one's, as where a gallery is older than the probes.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { drawFingers, quantile, rankScores, weightedRates } from '../dist/evaluate/bootstrap.js'
import { compareSets } from '../dist/evaluate/compare-sets.js'
import { findSets } from '../dist/evaluate/dataset.js'
import { extractSets } from '../dist/evaluate/extract-sets.js'
import { turnsOf } from '../dist/evaluate/turns.js'
import { Random } from '../dist/random.js'

/** Names and values of the FMRs at which the lowest FNMR is said. */
const FMRS = new Map([
  ['FMR100', 0.01],
  ['FMR1000', 0.001],
])
const RATES = ['EER', ...FMRS.keys()]

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    prints: { type: 'string' },
    ppi: { type: 'string' },
    turn: { type: 'string' },
    across: { type: 'boolean', default: false },
    draws: { type: 'string', default: '1000' },
  },
})
if (!values.before || !values.prints) throw new TypeError('paired-errors.js --before DIR --prints DIR')
const options = { ...(values.ppi && { ppi: Number(values.ppi) }), ...turnOf(values.turn) }
const sets = await findSets(values.prints)
const [before, now] = [await openEngine(values.before), await openEngine('.')]
const scores = [await scoresOf(before, before), await scoresOf(values.across ? before : now, now)]
await Promise.all([before.close(), now.close()])

console.log(`${values.prints}, turned by ${values.turn ?? 0}`)
console.log(`percent; in brackets the difference's 95 % interval of ${values.draws} draws\n`)
console.log(rowOf('set', RATES))
if (sets.length > 1) for (const [s, set] of sets.entries()) report(set.name, [s])
report('pooled', [...sets.keys()])

function turnOf(turn) {
  if (turn === undefined || turn === '0') return {}
  if (turn === 'random') return { turnDeg: 'random' }
  const angles = turn.split(',').map(Number)
  return { turnDeg: angles.length === 1 ? [0, angles[0]] : angles }
}

async function openEngine(folder) {
  const { createEngine } = await import(pathToFileURL(resolve(folder, 'dist/index.js')))
  return createEngine({ threads: 2 })
}

/** Scores of the prints as one build extracts the first of each pair and another the second, compared by the latter. */
async function scoresOf(first, second) {
  const turns = turnsOf(sets, options)
  const [firsts] = await extractSets(first, sets, turns.slice(0, 1), options)
  const [seconds] =
    first === second && turns.length === 1 ? [firsts] : await extractSets(second, sets, turns.slice(-1), options)
  return (await compareSets(second, sets, firsts, seconds, {})).scores
}

function report(name, which) {
  const ranked = scores.map(all => rankScores(which.map(s => all[s])))
  const once = new Uint32Array(ranked[0].fingerCounts.reduce((sum, count) => sum + count, 0)).fill(1)
  const [earlier, later] = ranked.map(one => ratesOf(one, once))
  const random = new Random(1)
  const differences = RATES.map(() => [])
  while (differences[0].length < Number(values.draws)) {
    const drawn = drawFingers(ranked[0].fingerCounts, random)
    const [a, b] = ranked.map(one => ratesOf(one, drawn))
    if (a !== null && b !== null) for (const [k, list] of differences.entries()) list.push(b[k] - a[k])
  }
  const cells = differences.map((list, k) => {
    const sorted = Float64Array.from(list).sort()
    const interval = [0.025, 0.975].map(share => signed(quantile(sorted, share))).join(' to ')
    return `${percent(earlier[k])} -> ${percent(later[k])} (${interval})`
  })
  console.log(rowOf(name, cells))
}

/** In the order of RATES, where finger f occurs `drawn[f]` times; null where no pairs of a kind are left. */
function ratesOf(ranked, drawn) {
  const rates = weightedRates(ranked, drawn, [...FMRS.values()])
  return rates && [rates.eer, ...rates.fnmrs]
}

function rowOf(name, cells) {
  return [name.padEnd(14), ...cells.map(cell => cell.padEnd(36))].join('').trimEnd()
}

function percent(share) {
  return (100 * share).toFixed(2)
}

function signed(share) {
  return `${share > 0 ? '+' : ''}${percent(share)}`
}
