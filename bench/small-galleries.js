/**
 * Deduplication of few prints: how many pairs of different fingers it reports by chance, and how
 * many of one finger it does not.
 *
 *   node bench/small-galleries.js --real DIR [--rolled DIR] [--sizes 8,20,50] [--draws 20000] [--seed 1]
 *
 * Draws galleries of so many different fingers, one print each, from the sets in --real (and the
 * prints in --rolled), at two thresholds: the one at which a single false pair is expected, and the
 * default, which is that or 40. All prints are compared with all once; the scores and the templates
 * are kept in out/calibration.
 */
import { parseArgs } from 'node:util'
import { pairsAmong } from '../dist/dedupe/report.js'
import { DEFAULTS } from '../dist/options.js'
import { scoreOfFmr } from '../dist/score.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { scoreMatrix } from './support/score-matrix.js'
import { formatTable, whole } from './support/table.js'
import { randomSource } from './support/templates.js'

const CACHE = 'out/calibration'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    sizes: { type: 'string', default: '8,20,50' },
    draws: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const { real, rolled } = values
if (real === undefined) throw new Error('--real DIR is missing')
const draws = Number(values.draws)
const random = randomSource(Number(values.seed))
const prints = await calibrationPrints({ real, ...(rolled && { rolled }) }, { cache: CACHE, fresh: false })
const scoreOf = await scoreMatrix(prints, { cache: CACHE })

const byFinger = {}
for (const [i, { finger }] of prints.entries()) byFinger[finger] = [...(byFinger[finger] ?? []), i]
const fingers = Object.values(byFinger)
const mated = fingers.flatMap(own => own.flatMap((a, k) => own.slice(k + 1).map(b => scoreOf(a, b))))

const rows = values.sizes.split(',').map(Number).flatMap(rowsOf)
console.log(`\n${whole(draws)} galleries of each size, of ${prints.length} prints of ${fingers.length} fingers`)
console.log(
  formatTable(
    ['fingers', 'threshold', 'false pairs a gallery', 'stated', 'galleries with any', 'true pairs below'],
    rows,
  ),
)

function rowsOf(size) {
  if (size > fingers.length) throw new Error(`there are ${fingers.length} fingers, not ${size}`)
  const pairs = pairsAmong(size)
  const one = scoreOfFmr(Math.min(1, DEFAULTS.targetFalsePairs / pairs))
  const thresholds = [...new Set([one, Math.max(DEFAULTS.leastScore, one)])]
  const found = thresholds.map(() => ({ pairs: 0, galleries: 0 }))
  for (let draw = 0; draw < draws; draw++) {
    const scores = scoresAmong(drawn(size))
    thresholds.forEach((threshold, k) => {
      const reported = scores.filter(score => score >= threshold).length
      found[k].pairs += reported
      found[k].galleries += reported > 0 ? 1 : 0
    })
  }
  return thresholds.map((threshold, k) => [
    size,
    threshold.toFixed(1),
    (found[k].pairs / draws).toPrecision(2),
    (pairs * 10 ** (-threshold / 10)).toPrecision(2),
    percent(found[k].galleries / draws),
    `${percent(mated.filter(score => score < threshold).length / mated.length)} of ${whole(mated.length)}`,
  ])
}

/** Prints of so many different fingers: the beginning of a shuffle (Fisher and Yates). */
function drawn(size) {
  return Array.from({ length: size }, (_, i) => {
    const k = i + Math.floor(random() * (fingers.length - i))
    ;[fingers[i], fingers[k]] = [fingers[k], fingers[i]]
    const own = fingers[i]
    return own[Math.floor(random() * own.length)]
  })
}

function scoresAmong(some) {
  return some.flatMap((a, i) => some.slice(i + 1).map(b => scoreOf(a, b)))
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
