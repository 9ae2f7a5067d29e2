/**
 * A gallery searched for duplicates: how long it takes, and which of those that are there it finds.
 *
 *   node bench/dedupe.js --real DIR --rolled DIR [--fingers 20000] [--threads 2] [--target-false-pairs 1] [--exhaustive]
 *                        [--state FILE] [--seed 1]
 *
 * Two impressions of each finger of the sets in --real are enrolled among pieces of rolled prints (--rolled;
 * support/strangers.js), which are of one finger where they share skin. Of these pairs, some score below the threshold, and
 * some no search brings up; both are counted. Templates of the prints are kept in out/calibration, as bench/calibrate.js
 * keeps them.
 */
import { parseArgs } from 'node:util'
import { createEngine } from '../dist/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { strangers } from './support/strangers.js'
import { whole } from './support/table.js'
import { randomSource } from './support/templates.js'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    fingers: { type: 'string', default: '20000' },
    threads: { type: 'string', default: '2' },
    'target-false-pairs': { type: 'string', default: '1' },
    exhaustive: { type: 'boolean', default: false },
    state: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const { real, rolled, exhaustive, state } = values
const prints = await calibrationPrints({ real, rolled }, { cache: 'out/calibration', fresh: false })
const random = randomSource(Number(values.seed))
const engine = await createEngine({ threads: Number(values.threads) })
const gallery = engine.createGallery()

const pieces = {}
const enrolledTwice = new Set(prints.filter(({ kind }) => kind === 'real').map(({ finger }) => finger))
const planted = [...enrolledTwice].map(finger => prints.filter(print => print.finger === finger).slice(0, 2))
const stranger = strangers(
  prints.filter(({ kind }) => kind === 'rolled').map(({ template }) => template),
  random,
)
fill(Number(values.fingers))

const cpu = process.cpuUsage()
const targetFalsePairs = Number(values['target-false-pairs'])
const startMs = performance.now()
await gallery.buildIndex()
const indexMs = performance.now() - startMs
const result = await gallery.dedupe({
  targetFalsePairs,
  exhaustive,
  ...(state && { state }),
})
const { user, system } = process.cpuUsage(cpu)
report()
await engine.close()

/** The second impressions are far from the first, so that they lie in other parts of the index. */
function fill(fingers) {
  const entries = planted.flatMap(([first, second]) =>
    [first, second].map((print, i) => [`${print.finger} ${i}`, print]),
  )
  const every = Math.floor(fingers / entries.length)
  const order = [...entries.filter((_, i) => i % 2 === 0), ...entries.filter((_, i) => i % 2 === 1)]
  for (let i = 0; i < fingers; i++) {
    if (i % every === 0 && i / every < order.length) {
      const [id, { template }] = order[i / every]
      gallery.insert(id, template)
      continue
    }
    const { source, template } = stranger()
    const id = `piece ${i} of ${source}`
    gallery.insert(id, template)
    pieces[source] = [...(pieces[source] ?? []), id]
  }
}

/** Of pairs that are of one finger, how many were found, score too little, and were not brought up by a search. */
function recall(mates) {
  const found = new Set(result.pairs.map(({ a, b }) => `${a}|${b}`))
  const tally = { found: 0, below: 0, missed: 0 }
  for (const [a, b] of mates) {
    if (found.has(`${a}|${b}`) || found.has(`${b}|${a}`)) tally.found++
    else if (engine.match(gallery.get(a), gallery.get(b)).score < result.minScore) tally.below++
    else tally.missed++
  }
  return `${whole(tally.found)} found, ${whole(tally.below)} score below, ${whole(tally.missed)} not brought up`
}

function report() {
  const { size, minScore, pairs, expectedFalsePairs, elapsedMs, resumed, truncated, groups } = result
  const searches = size - resumed
  const cpuMs = (user + system) / 1000
  const fingerOf = id => id.replace(/^piece \d+ | \d$/g, '')
  const wrong = pairs.filter(({ a, b }) => fingerOf(a) !== fingerOf(b))
  const ofOne = Object.values(pieces).flatMap(ids => ids.flatMap((a, i) => ids.slice(i + 1).map(b => [a, b])))
  console.log(
    `${whole(size)} fingers, ${values.threads} threads: ${whole(elapsedMs / 1000)} s, ${whole(cpuMs / 1000)} s of processor time; ` +
      `${whole((1000 * searches) / elapsedMs)} searches a second, ${(cpuMs / searches).toFixed(2)} ms of processor time each; index ${whole(indexMs)} ms`,
  )
  console.log(
    `score ${minScore.toFixed(1)}, ${expectedFalsePairs.toPrecision(2)} pairs of different fingers expected by chance`,
  )
  console.log(
    `${planted.length} pairs of impressions: ${recall(planted.map(([{ finger }]) => [`${finger} 0`, `${finger} 1`]))}`,
  )
  console.log(`${whole(ofOne.length)} pairs of pieces of one print: ${recall(ofOne)}`)
  console.log(`${wrong.length} pairs of different prints; ${groups.length} groups; ${truncated.length} truncated`)
  for (const { a, b, score } of wrong.slice(0, 10)) console.log(`  ${score.toFixed(1)} ${a} - ${b}`)
}
