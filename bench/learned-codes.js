/**
 * Accuracy of the comparison by learned codes, on prints that a network has read (learned-prints.js says in what files):
 * all pairs within each set, and all sets pooled. EER, FMR100, FMR1000, ZeroFMR, percent.
 *
 *   node bench/learned-codes.js FOLDER [--codes learned|geometric] [--scores FILE] [--turn DEGREES]
 *
 * --codes geometric leaves the learned codes out; --scores writes set,a,b,mated,score of every pair; --turn turns every
 * second print first. The pooled line ends with 90 % intervals of EER and FMR1000, the fingers drawn anew.
 */
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { Matcher } from '../dist/core/matcher.js'
import { errorRates } from '../dist/evaluate/rates.js'
import { loadCore } from '../dist/node/core-file.js'
import { readLearnedSet, setsOf } from './learned-prints.js'
import { randomSource } from './support/templates.js'
import { turned } from './support/turned.js'

const DRAWS = 200

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    codes: { type: 'string', default: 'learned' },
    scores: { type: 'string' },
    turn: { type: 'string', default: '0' },
  },
})
const [folder] = positionals
const matcher = new Matcher(loadCore())
const out = values.scores && createWriteStream(values.scores)
const pairs = []
let nanoseconds = 0n
for (const set of setsOf(folder)) {
  const prints = readLearnedSet(folder, set).map((print, i) => prepare(print, i % 2 ? Number(values.turn) : 0))
  const before = pairs.length
  for (let i = 0; i < prints.length; i++) {
    for (let j = i + 1; j < prints.length; j++) {
      const start = process.hrtime.bigint()
      const score = matcher.match(prints[i].contents, prints[j].contents)
      nanoseconds += process.hrtime.bigint() - start
      const mated = prints[i].finger === prints[j].finger
      pairs.push({ a: `${set}/${prints[i].finger}`, b: `${set}/${prints[j].finger}`, mated, score })
      out?.write(`${set},${prints[i].name},${prints[j].name},${mated ? 1 : 0},${score}\n`)
    }
  }
  report(set, ratesOf(pairs.slice(before)))
}
out?.end()
report('pooled', ratesOf(pairs))
for (const [name, [low, high]] of Object.entries(intervals(pairs))) {
  console.log(`pooled ${name}: ${low.toFixed(2)} to ${high.toFixed(2)} in 90 of 100 draws of the fingers`)
}
console.log(`${(Number(nanoseconds) / pairs.length / 1000).toFixed(1)} us a comparison, records written anew`)

function prepare({ contents, ...print }, turnDegrees) {
  const minutiae = contents.minutiae.map(minutia => turned(minutia, (turnDegrees * Math.PI) / 180))
  const { learnedCodes, ...rest } = contents
  if (values.codes !== 'geometric') return { ...print, contents: { ...contents, minutiae } }
  const geometricCodes = matcher.describe({ widthPx: 1, heightPx: 1, minutiae })
  return { ...print, contents: { ...rest, methodVersion: matcher.methodVersion, minutiae, geometricCodes } }
}

function ratesOf(some) {
  const scores = wanted => some.filter(({ mated }) => mated === wanted).map(({ score }) => score)
  const { eer, fmr100, fmr1000, zeroFmr } = errorRates(scores(true), scores(false))
  return [eer, fmr100, fmr1000, zeroFmr].map(rate => 100 * rate)
}

function report(name, rates) {
  console.log(name.padEnd(16), rates.map(rate => rate.toFixed(2).padStart(6)).join(' '))
}

/** A pair counts as often as its two fingers were drawn. */
function intervals(all) {
  const random = randomSource(7)
  const fingers = [...new Set(all.map(({ a }) => a))]
  const drawn = Array.from({ length: DRAWS }, () => {
    const times = new Map()
    for (let k = 0; k < fingers.length; k++) {
      const finger = fingers[Math.floor(random() * fingers.length)]
      times.set(finger, (times.get(finger) ?? 0) + 1)
    }
    const some = all.flatMap(pair => {
      const count = pair.mated ? (times.get(pair.a) ?? 0) : (times.get(pair.a) ?? 0) * (times.get(pair.b) ?? 0)
      return Array(count).fill(pair)
    })
    const [eer, , fmr1000] = ratesOf(some)
    return { eer, fmr1000 }
  })
  const between = key => {
    const sorted = drawn.map(draw => draw[key]).sort((p, q) => p - q)
    return [sorted[Math.floor(0.05 * DRAWS)], sorted[Math.ceil(0.95 * DRAWS) - 1]]
  }
  return { EER: between('eer'), FMR1000: between('fmr1000') }
}
