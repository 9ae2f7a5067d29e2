/** What a calibration prints. */
import { model, quantiles, similarityAt } from './tail-fit.js'

const LEVELS = [10, 20, 30, 40, 50, 60]
/** Intervals from here on: below, the hits are too many to be worth counting by finger. */
const INTERVALS_FROM = 20

export function reportFit(name, fit, points) {
  const { slope, origin, bend, measured, rmsDecibans, shift, worst } = fit
  console.log(`${name}: slope ${slope.toFixed(3)}, origin ${origin.toFixed(3)}, bend ${bend.toFixed(3)}`)
  console.log(`  origin moved up by ${shift.toFixed(3)} (${(shift * slope).toFixed(1)} decibans), to ${worst}`)
  console.log(`  measured down to ${measured} decibans, root mean square error ${rmsDecibans.toFixed(2)} decibans`)
  const line = points
    .filter(({ decibans }) => decibans % 5 === 0 || decibans === measured)
    .map(({ decibans, similarity }) => `${decibans}: ${model(fit, similarity).toFixed(1)} (${similarity.toFixed(2)})`)
  console.log(`  all pooled, counted: stated (similarity)  ${line.join('  ')}\n`)
}

/** Counted against stated of each of `groups` ({ name: classes }) by a curve of decibans. */
export function reportClasses(pairs, groups, fit, keep) {
  const thresholds = LEVELS.map(decibans => similarityAt(fit, decibans))
  const header = ['pairs', ...LEVELS.map(String)]
  console.log(`| strangers reaching a score, counted / stated (95 % interval) | ${header.join(' | ')} |`)
  console.log(`|---|${header.map(() => '---|').join('')}`)
  for (const [name, classes] of Object.entries(groups)) {
    const from = LEVELS.findIndex(level => level >= INTERVALS_FROM)
    const all = pairs.similaritiesOf(classes, keep)
    const { levels } = pairs.countAt(classes, thresholds.slice(from), keep)
    const cells = LEVELS.map((decibans, k) => {
      const stated = all.length * 10 ** (-decibans / 10)
      if (k < from) return `${firstBelow(all, thresholds[k])} / ${short(stated)}`
      const { hits, interval95 } = levels[k - from]
      const [low, high] = interval95.map(rate => short(rate * all.length))
      return `${hits} / ${short(stated)} (${low} to ${high})`
    })
    console.log(`| ${name} | ${all.length} | ${cells.join(' | ')} |`)
  }
  console.log()
}

/** How far each class lies from the curve: similarity by decibans. */
export function reportQuantiles(pairs) {
  console.log('similarity that 1 in 10^(decibans / 10) strangers reach:')
  for (const name of pairs.names) {
    const points = quantiles(pairs.similaritiesOf([name])).filter(({ decibans }) => decibans % 5 === 0)
    const cells = points.map(({ decibans, similarity }) => `${decibans}: ${similarity.toFixed(2)}`)
    console.log(`  ${name.padEnd(24)} ${cells.join('  ')}`)
  }
  console.log()
}

/** Of falling values, how many reach `least`. */
function firstBelow(falling, least) {
  let [low, high] = [0, falling.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (falling[middle] >= least) low = middle + 1
    else high = middle
  }
  return low
}

function short(count) {
  return count >= 9.95 ? String(Math.round(count)) : count.toFixed(1)
}
