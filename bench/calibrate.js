/**
 * Fits the score's calibration (assembly/parameters.ts, SCORE_*): decibans against similarity of non-mated pairs.
 *
 *   node bench/calibrate.js                  minutiae of both peers
 *   node bench/calibrate.js --images DIR     minutiae extracted from DIR/<set>/<finger>_<impression>.png
 *
 * Prints how many pairs reach a score of the core as built and how many its calibration states, the constants and, at each level, what the fit says against what was counted. `--min N` keeps to pairs whose
 * smaller print has at most N minutiae: a look at whether small prints come too high.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Matcher } from '../dist/core/matcher.js'
import { loadCore } from '../dist/node/core-file.js'
import { EXTRACTORS, readSet, SETS } from './peer-prints.js'

const { values } = parseArgs({ options: { images: { type: 'string' }, min: { type: 'string', default: '255' } } })
const matcher = new Matcher(loadCore())
const sources = values.images
  ? await extracted(values.images)
  : EXTRACTORS.map(name => SETS.map(set => readSet(name, set)))
const levels = Array.from({ length: 42 }, (_, k) => 3 + k)
const points = []
for (const sets of sources) {
  const pairs = sets.flatMap(nonMated)
  const similarities = pairs.map(pair => pair.similarity).sort((p, q) => q - p)
  console.log(`${pairs.length} non-mated pairs`)
  for (const score of [10, 20, 30, 40]) {
    const reached = pairs.filter(pair => pair.score >= score).length
    const stated = pairs.length * 10 ** (-score / 10)
    console.log(`score ${score} of the built core: reached by ${reached}, stated ${stated.toFixed(1)}`)
  }
  // Ten false matches at the least: below that a quantile is noise.
  for (const decibans of levels) {
    const rank = similarities.length * 10 ** (-decibans / 10)
    if (rank >= 10) points.push({ decibans, similarity: similarities[Math.round(rank) - 1] })
  }
}
const fit = descend({ slope: 3, origin: 5, bend: 0.6 })
console.log(
  `SCORE_SLOPE = ${fit.slope.toFixed(3)}, SCORE_ORIGIN = ${fit.origin.toFixed(3)}, SCORE_BEND = ${fit.bend.toFixed(3)}`,
)
console.log(`root mean square error ${Math.sqrt(error(fit)).toFixed(2)} decibans`)
for (const { decibans, similarity } of points.filter(point => point.decibans % 5 === 0)) {
  console.log(
    `similarity ${similarity.toFixed(2)}: counted ${decibans}, fitted ${model(fit, similarity).toFixed(1)} decibans`,
  )
}

function model({ slope, origin, bend }, similarity) {
  return slope * bend * (Math.log1p(Math.exp((similarity - origin) / bend)) - Math.log1p(Math.exp(-origin / bend)))
}

function error(fit) {
  return points.reduce((sum, p) => sum + (model(fit, p.similarity) - p.decibans) ** 2, 0) / points.length
}

/** Coordinate descent with halving steps: three parameters, a smooth error. */
function descend(start) {
  let best = start
  for (let step = 0.5; step > 1e-4; step /= 2) {
    for (let moved = true; moved; ) {
      moved = false
      for (const key of Object.keys(best)) {
        for (const sign of [-1, 1]) {
          const next = { ...best, [key]: Math.max(0.05, best[key] + sign * step) }
          if (error(next) < error(best) - 1e-12) [best, moved] = [next, true]
        }
      }
    }
  }
  return best
}

function nonMated(prints) {
  const described = prints.map(({ finger, minutiae }) => {
    const geometricCodes = matcher.describe({ widthPx: 1, heightPx: 1, minutiae })
    return { finger, contents: { methodVersion: matcher.methodVersion, minutiae, geometricCodes } }
  })
  const found = []
  for (const [i, a] of described.entries()) {
    for (const b of described.slice(i + 1)) {
      if (a.finger === b.finger) continue
      if (Math.min(a.contents.minutiae.length, b.contents.minutiae.length) > Number(values.min)) continue
      found.push({
        similarity: matcher.similarity(a.contents, b.contents),
        score: matcher.match(a.contents, b.contents),
      })
    }
  }
  return found
}

async function extracted(folder) {
  const { createEngine } = await import('../dist/index.js')
  const engine = await createEngine()
  const sets = []
  for (const set of readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()) {
    const prints = []
    for (const file of readdirSync(join(folder, set)).filter(name => name.endsWith('.png'))) {
      const { minutiae } = await engine.extract(readFileSync(join(folder, set, file)))
      prints.push({ finger: file.split('_')[0], minutiae })
    }
    sets.push(prints)
  }
  await engine.close()
  return [sets]
}
