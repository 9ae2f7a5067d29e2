/**
 * Compares synthetic templates with those of real prints: scores of strangers and of mates, codes that are alike by chance, counts.
 *
 *   node bench/synthetic-templates.js --real DIR --rolled DIR [--fingers 600] [--most 200000] [--seed 1] [--threads 1]
 *
 * DIRs as for bench/calibrate.js, whose templates in out/calibration are used. Prints Markdown. --most: pairs of a class at most.
 */
import { parseArgs } from 'node:util'
import { decodeTemplate } from '../dist/formats/index.js'
import { syntheticProbe, syntheticTemplate } from '../dist/synthesize/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { compareAll, pairAt, SKIPPED } from './support/compare-all.js'

/** Rates at which strangers' scores are compared. */
const RATES = [1e-1, 1e-2, 1e-3, 1e-4]
const MATE_SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9]
/** Differing bits below which codes count as alike, and prints of each kind that are asked. */
const ALIKE = [16, 20, 24, 28, 32]
const ALIKE_PRINTS = 240
const DIFFICULTIES = ['clean', 'typical', 'poor']

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    fingers: { type: 'string', default: '600' },
    most: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1' },
  },
})
const seed = Number(values.seed)
const most = Number(values.most)
const threads = Number(values.threads)
const real = await calibrationPrints(
  { real: values.real, rolled: values.rolled },
  { cache: 'out/calibration', fresh: false },
)
const synthetic = Array.from({ length: Number(values.fingers) }, (_, i) => ({
  kind: 'synthetic',
  finger: `synthetic/${i}`,
  set: 'synthetic',
  template: syntheticTemplate(seed, i),
}))
const byKind = {
  plain: real.filter(({ kind }) => kind === 'real'),
  rolled: real.filter(({ kind }) => kind === 'rolled'),
  synthetic,
}
const KINDS = Object.keys(byKind)
await strangers()
alike()
counts()
await mates()

async function strangers() {
  const prints = KINDS.flatMap((kind, number) => byKind[kind].map(print => ({ ...print, class: number })))
  const fingers = numbered(prints.map(({ finger }) => finger))
  const sets = numbered(prints.map(({ set }) => set))
  const pairsOf = (a, b) => byKind[KINDS[a]].length * byKind[KINDS[b]].length * (a === b ? 0.5 : 1)
  const shares = Float64Array.from({ length: 9 }, (_, at) => Math.min(1, most / pairsOf(Math.floor(at / 3), at % 3)))
  const scores = await compareAll(
    prints.map((print, i) => ({ ...print, finger: fingers[i] })),
    { classes: 3, shares, seed: 1, learned: true, scored: true, threads },
  )
  const classes = new Map()
  for (let i = 0; i < prints.length; i++) {
    for (let j = i + 1; j < prints.length; j++) {
      const score = scores[pairAt(i, j, prints.length)]
      const [a, b] = [KINDS[prints[i].class], KINDS[prints[j].class]]
      // Within a set of real prints sensor and skin are alike too; synthetic ones are of no set.
      if (score === SKIPPED || (a === 'plain' && b === 'plain' && sets[i] === sets[j])) continue
      const name = `${a} - ${b}`
      if (!classes.has(name)) classes.set(name, [])
      classes.get(name).push(score)
    }
  }
  console.log(
    `\n| strangers | pairs | ${RATES.map(rate => `1 in ${1 / rate}`).join(' | ')} |\n|---|---|${'---|'.repeat(RATES.length)}`,
  )
  for (const [name, list] of classes) {
    list.sort((p, q) => q - p)
    const at = RATES.map(rate => (rate * list.length < 5 ? '' : list[Math.floor(rate * list.length)].toFixed(1)))
    console.log(`| ${name} | ${list.length} | ${at.join(' | ')} |`)
  }
}

function alike() {
  const some = Object.fromEntries(KINDS.map(kind => [kind, spread(byKind[kind], ALIKE_PRINTS).map(codesOf)]))
  const columns = ALIKE.map(bits => `below ${bits}`).join(' | ')
  console.log(`\n| codes alike, a pair of strangers | ${columns} |\n|---|${'---|'.repeat(ALIKE.length)}`)
  for (let a = 0; a < KINDS.length; a++) {
    for (let b = a; b < KINDS.length; b++) {
      const histogram = new Float64Array(129)
      let pairs = 0
      for (const one of some[KINDS[a]]) {
        for (const other of some[KINDS[b]]) {
          if (one.finger === other.finger) continue
          pairs++
          countDiffering(one.codes, other.codes, histogram)
        }
      }
      const below = ALIKE.map(bits => (histogram.slice(0, bits).reduce((sum, n) => sum + n, 0) / pairs).toPrecision(2))
      console.log(`| ${KINDS[a]} - ${KINDS[b]} | ${below.join(' | ')} |`)
    }
  }
}

function counts() {
  console.log('\n| 5 / 25 / 50 / 75 / 95 % of the prints | plain | synthetic |\n|---|---|---|')
  const measures = {
    minutiae: ({ minutiae }) => [minutiae.length],
    'distance to the next, px': ({ minutiae }) => nearest(minutiae),
    'quality of minutiae': ({ minutiae }) => minutiae.map(({ quality }) => quality),
    'quality of prints': ({ quality }) => [quality],
    'width, px': ({ widthPx }) => [widthPx],
    'height, px': ({ heightPx }) => [heightPx],
    'ridge endings, %': ({ minutiae }) => [
      (100 * minutiae.filter(({ type }) => type === 'ridge-ending').length) / minutiae.length,
    ],
  }
  for (const [name, measure] of Object.entries(measures)) {
    const cells = ['plain', 'synthetic'].map(kind => {
      const all = byKind[kind].flatMap(({ template }) => measure(decodeTemplate(template))).sort((p, q) => p - q)
      return [0.05, 0.25, 0.5, 0.75, 0.95].map(share => quantile(all, share).toFixed(0)).join(' / ')
    })
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}

async function mates() {
  const header = MATE_SHARES.map(share => `${100 * share} %`).join(' | ')
  console.log(
    `\n| mates | pairs | below 40 | below 60 | ${header} |\n|---|---|---|---|${'---|'.repeat(MATE_SHARES.length)}`,
  )
  const plain = new Map()
  for (const print of byKind.plain) plain.set(print.finger, [...(plain.get(print.finger) ?? []), print.template])
  const all = await mated([...plain.values()])
  reportMates('plain, all', all)
  reportMates('plain, best third', all.slice(Math.round((2 * all.length) / 3)))
  reportMates('plain, worst third', all.slice(0, Math.round(all.length / 3)))
  for (const difficulty of DIFFICULTIES) {
    const pairs = synthetic.map(({ template }, i) => [template, syntheticProbe(seed, i, difficulty)])
    reportMates(`synthetic, ${difficulty}`, await mated(pairs))
  }
}

/** Scores, rising, of all pairs within each group of templates. */
async function mated(groups) {
  const { Matcher } = await import('../dist/core/matcher.js')
  const { loadCore } = await import('../dist/node/core-file.js')
  const matcher = new Matcher(loadCore())
  const scores = []
  for (const group of groups) {
    const contents = group.map(decodeTemplate)
    for (const [i, a] of contents.entries()) for (const b of contents.slice(i + 1)) scores.push(matcher.match(a, b))
  }
  return scores.sort((p, q) => p - q)
}

function reportMates(name, scores) {
  const below = [40, 60].map(
    score => `${((100 * scores.filter(own => own < score).length) / scores.length).toFixed(1)} %`,
  )
  const at = MATE_SHARES.map(share => quantile(scores, share).toFixed(0))
  console.log(`| ${name} | ${scores.length} | ${below.join(' | ')} | ${at.join(' | ')} |`)
}

function codesOf({ finger, template }) {
  const { bits } = decodeTemplate(template).learnedCodes
  return { finger, codes: new Uint32Array(bits.slice().buffer) }
}

function countDiffering(a, b, histogram) {
  for (let i = 0; i < a.length; i += 4) {
    for (let j = 0; j < b.length; j += 4) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += ones(a[i + k] ^ b[j + k])
      histogram[sum]++
    }
  }
}

function ones(word) {
  let w = word - ((word >>> 1) & 0x55555555)
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333)
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function nearest(minutiae) {
  return minutiae.map((one, i) =>
    minutiae.reduce(
      (least, other, j) => (i === j ? least : Math.min(least, Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx))),
      999,
    ),
  )
}

function spread(list, count) {
  const step = Math.max(1, list.length / count)
  return Array.from({ length: Math.min(count, list.length) }, (_, i) => list[Math.floor(i * step)])
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

function numbered(names) {
  const numbers = new Map([...new Set(names)].map((name, number) => [name, number]))
  return names.map(name => numbers.get(name))
}
