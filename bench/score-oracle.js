/**
 * Measures what a search gives away by its scores: how many queries until a template that was made
 * from nothing matches a stranger's.
 *
 *   node bench/score-oracle.js --real DIR [--targets N] [--queries N] [--seed N] [--cache DIR]
 *
 * DIR has sets of <finger>_<impression> files. The attacker has minutiae with learned codes of
 * other sets' fingers, and begins with 30 of them at random. Each query alters the template a
 * little. The change is kept when the answer is no worse. The answer is an exact score, a whole
 * one, or only whether the score reaches the threshold, so that nothing is learned below it.
 */
import { parseArgs } from 'node:util'
import { Matcher } from '../dist/core/matcher.js'
import { decodeTemplate } from '../dist/formats/index.js'
import { loadCore } from '../dist/node/core-file.js'
import { implausibility } from '../dist/template/plausible.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { formatTable } from './support/table.js'
import { randomSource } from './support/templates.js'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    targets: { type: 'string', default: '8' },
    queries: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    cache: { type: 'string', default: 'out/persons' },
  },
})

/**
 * Decibans from which two templates of one record count as one finger, and a single finger as
 * strong among 1,000 persons.
 */
const THRESHOLD = 60
const BEGIN = 30
const MOST = 60
const SIDE_PX = 360
const CODE_BYTES = 16

const matcher = new Matcher(loadCore())
const prints = (await calibrationPrints({ real: values.real }, values)).map(print => ({
  ...print,
  contents: decodeTemplate(print.template),
}))
const { networkVersion } = prints[0].contents.learnedCodes

const ANSWERS = {
  'exact scores': score => score,
  'whole scores': score => Math.round(score),
  'decision only': score => (score >= THRESHOLD ? 1 : 0),
}

const rows = Object.entries(ANSWERS).map(([name, answer]) => {
  const needed = targets().map((target, i) => climb(target, answer, randomSource(Number(values.seed) * 1_000 + i)))
  const reached = needed.filter(({ queries }) => queries !== undefined).map(({ queries }) => queries)
  reached.sort((a, b) => a - b)
  const middle = reached.length * 2 > needed.length ? reached[Math.floor(needed.length / 2)] : undefined
  const best = needed.map(({ best }) => best).sort((a, b) => a - b)
  return [
    name,
    `${reached.length} of ${needed.length}`,
    middle ?? `more than ${values.queries}`,
    best[Math.floor(best.length / 2)].toFixed(1),
  ]
})
console.log(formatTable(['answer', 'matched', 'queries, median', 'best score, median'], rows))

function targets() {
  const count = Number(values.targets)
  return Array.from({ length: count }, (_, i) => prints[Math.floor((i * prints.length) / count)])
}

/** Queries until the target is matched, and the best score. */
function climb(target, answer, random) {
  const pool = prints
    .filter(({ set }) => set !== target.set)
    .flatMap(({ contents }) =>
      contents.minutiae.map((_, i) => contents.learnedCodes.bits.subarray(CODE_BYTES * i, CODE_BYTES * (i + 1))),
    )
  const pick = list => list[Math.floor(random() * list.length)]
  const drawn = () => ({
    xPx: Math.floor(random() * SIDE_PX),
    yPx: Math.floor(random() * SIDE_PX),
    directionRad: (Math.floor(random() * 256) / 256) * 2 * Math.PI,
    type: 'ridge-ending',
    quality: 50,
    code: pick(pool),
  })
  let current = Array.from({ length: BEGIN }, drawn)
  let told = Number.NEGATIVE_INFINITY
  let best = 0
  for (let queries = 1; queries <= Number(values.queries); queries++) {
    const next = queries === 1 ? current : altered(current, random, pick, drawn)
    const contents = contentsOf(next)
    // An implausible template would be refused.
    if (implausibility(contents) !== undefined) continue
    const score = matcher.match(contents, target.contents)
    best = Math.max(best, score)
    if (score >= THRESHOLD) return { queries, best }
    if (answer(score) < told) continue
    told = answer(score)
    current = next
  }
  return { queries: undefined, best }
}

function altered(minutiae, random, pick, drawn) {
  const next = [...minutiae]
  const at = Math.floor(random() * next.length)
  const kind = random()
  if (kind < 0.3 && next.length < MOST) next.push(drawn())
  else if (kind < 0.5) next[at] = drawn()
  else if (kind < 0.7) next[at] = { ...next[at], code: pick(minutiae).code, ...moved(next[at], random, 6) }
  else next[at] = { ...next[at], ...moved(next[at], random, 20) }
  return next
}

function moved({ xPx, yPx, directionRad }, random, px) {
  const shift = at => Math.min(SIDE_PX - 1, Math.max(0, Math.round(at + px * (2 * random() - 1))))
  return {
    xPx: shift(xPx),
    yPx: shift(yPx),
    directionRad: (directionRad + (random() - 0.5) + 4 * Math.PI) % (2 * Math.PI),
  }
}

function contentsOf(coded) {
  return {
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    sourcePpi: 500,
    quality: 50,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae: coded.map(({ code, ...minutia }) => minutia),
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
    learnedCodes: { networkVersion, bits: Uint8Array.from(coded.flatMap(({ code }) => [...code])) },
  }
}
