/**
 * Fits the constants of the quality score (assembly/extract/quality.ts) to synthetic prints alone, so that every real set stays
 * an honest test of it (docs/quality.md):
 *
 *   node training/fit-quality.js [--fingers 220] [--impressions 6] [--seed 77001]      (after `npm run build`; 10 minutes)
 *
 * Half of the impressions lose up to half of their width or height, as when a finger misses the sensor. The score of a pair
 * of mates depends on both prints: whether it stays below 30, 40 and 60 decibans is explained by the sum of the logarithms of
 * both qualities (two-parameter logistic regression), and the constants are those of the grid under which that is likeliest.
 * Likeliest is that poor minutiae count for nothing (poorLoss 1), which is how the core has it.
 */
import { parseArgs } from 'node:util'
import { Extractor } from '../dist/core/extractor.js'
import { Matcher } from '../dist/core/matcher.js'
import { loadCore } from '../dist/node/core-file.js'
import { loadNetwork } from '../dist/node/network-file.js'
import { Random } from '../dist/random.js'
import { synthesizeFinger, synthesizeImpression } from '../dist/synthesize/index.js'

const LEVELS = [30, 40, 60]
const GRID = {
  poorBelow: [20, 25, 30, 35],
  variedMm2: [20, 30, 35, 40, 45, 50, 60, 80],
  minutiae: [0, 3, 5, 7, 10, 15],
  poorLoss: [0.5, 0.6, 0.7, 0.8, 0.9, 1],
}
/** Added to a quality of 0 to 1 before its logarithm is taken. */
const FLOOR = 0.02

const { values } = parseArgs({
  options: {
    fingers: { type: 'string', default: '220' },
    impressions: { type: 'string', default: '6' },
    seed: { type: 'string', default: '77001' },
  },
})
const extractor = new Extractor(loadCore(), loadNetwork())
const matcher = new Matcher(loadCore())
const prints = []
const pairs = []
for (let finger = 1; finger <= Number(values.fingers); finger++) {
  const master = synthesizeFinger(Number(values.seed), finger)
  const mates = []
  for (let index = 1; index <= Number(values.impressions); index++) {
    const print = measured(cut(synthesizeImpression(master, index).image, new Random(4242).child(finger * 100 + index)))
    for (const mate of print === undefined ? [] : mates) {
      pairs.push([mate.place, prints.length, matcher.compare(mate.contents, print.contents).score])
    }
    if (print === undefined) continue
    mates.push({ place: prints.length, contents: print.contents })
    prints.push(print)
  }
}

const tried = []
for (const poorBelow of GRID.poorBelow) {
  for (const variedMm2 of GRID.variedMm2) {
    for (const minutiae of GRID.minutiae) {
      for (const poorLoss of GRID.poorLoss) {
        const constants = { poorBelow, variedMm2, minutiae, poorLoss }
        tried.push({ ...constants, logLikelihood: logLikelihood(prints.map(print => quality(print, constants))) })
      }
    }
  }
}
tried.sort((a, b) => b.logLikelihood - a.logLikelihood)
console.log(
  `${prints.length} prints, ${pairs.length} pairs, of which below ${LEVELS.join(', ')} decibans: ${LEVELS.map(level => pairs.filter(pair => pair[2] < level).length).join(', ')}`,
)
console.table(tried.slice(0, 12))
const qualities = prints.map(print => quality(print, tried[0])).sort((a, b) => a - b)
console.log(
  `gain: ${(100 / qualities[Math.floor(0.99 * qualities.length)]).toFixed(1)} makes the 99th percentile of the first 100`,
)

/** What is left of an image when up to half of it lies beside the sensor. */
function cut({ data, widthPx, heightPx }, random) {
  const across = random.chance(0.33) ? part(widthPx, random) : [0, widthPx]
  const down = random.chance(0.28) ? part(heightPx, random) : [0, heightPx]
  const [width, height] = [across[1] - across[0], down[1] - down[0]]
  const kept = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = (down[0] + y) * widthPx
    kept.set(data.subarray(row + across[0], row + across[1]), y * width)
  }
  return { data: kept, widthPx: width, heightPx: height, ppi: 500 }
}

function part(side, random) {
  const lost = Math.floor(random.uniform(0, 0.5) * side)
  return random.chance(0.5) ? [lost, side] : [0, side - lost]
}

function measured(image) {
  try {
    const { widthPx, heightPx, minutiae, learnedCodes, measures } = extractor.extract(image)
    const geometricCodes = { bits: new Uint8Array(0), masks: new Uint32Array(0) }
    return { measures, contents: { widthPx, heightPx, minutiae, learnedCodes, geometricCodes, methodVersion: 0 } }
  } catch (error) {
    // Refused: it has no score.
    if (error.code !== 'NOT_A_FINGERPRINT') throw error
    return undefined
  }
}

/** 0 to 1, as assembly/extract/quality.ts has it before it is stretched. */
function quality({ measures, contents: { minutiae } }, constants) {
  const poor = minutiae.filter(minutia => minutia.quality < constants.poorBelow).length / Math.max(minutiae.length, 1)
  const area = measures.variedMm2 / (measures.variedMm2 + constants.variedMm2)
  const count = minutiae.length / (minutiae.length + constants.minutiae || 1)
  return area * count * (1 - constants.poorLoss * poor)
}

/** Of all levels, each with its own logistic regression on the sum of both logarithms. */
function logLikelihood(qualities) {
  const logs = qualities.map(value => Math.log(value + FLOOR))
  const sums = pairs.map(([a, b]) => logs[a] + logs[b])
  return LEVELS.reduce((total, level) => total + regressed(sums, level), 0)
}

/** Newton's method, two parameters. */
function regressed(sums, level) {
  let [slope, offset] = [0, 0]
  for (let round = 0; round < 12; round++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9]
    for (const [k, x] of sums.entries()) {
      const p = 1 / (1 + Math.exp(-(slope * x + offset)))
      const off = p - (pairs[k][2] < level ? 1 : 0)
      const weight = p * (1 - p)
      g0 += off * x
      g1 += off
      h00 += weight * x * x
      h01 += weight * x
      h11 += weight
    }
    const determinant = h00 * h11 - h01 * h01
    slope -= (h11 * g0 - h01 * g1) / determinant
    offset -= (h00 * g1 - h01 * g0) / determinant
  }
  return sums.reduce((total, x, k) => {
    const p = 1 / (1 + Math.exp(-(slope * x + offset)))
    return total + Math.log(pairs[k][2] < level ? p : 1 - p)
  }, 0)
}
