/**
 * What the threshold of a search does: how often a stranger finds anybody, against the FPIR asked
 * for, and which mates it leaves out.
 *
 * node bench/search-threshold.js --prints DIR [--fingers 8,100,10000,100000] [--fpir 0.01] [--draws
 * 50] [--seed 1] [--threads 2]
 *
 * Galleries of so many fingers: one print each of the fingers of the sets in --prints, all over
 * synthetic templates where more are asked for; of fewer, as many galleries as --draws says. All
 * other prints search each. Whoever is returned and is not of the probe's finger is a false
 * positive. Templates of the prints are kept in out/calibration.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSyntheticGallery } from '../dist/bench/synthetic-gallery.js'
import { createEngine } from '../dist/index.js'
import { syntheticId } from '../dist/synthesize/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { describeMachine } from './support/machine.js'
import { formatTable, whole } from './support/table.js'
import { newRandom, shuffled } from './support/virtual-persons.js'

const { values } = parseArgs({
  options: {
    prints: { type: 'string' },
    fingers: { type: 'string', default: '8,100,10000,100000' },
    fpir: { type: 'string', default: '0.01' },
    draws: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
  },
})
if (values.prints === undefined) throw new Error('--prints DIR is missing')
const [seed, targetFpir] = [Number(values.seed), Number(values.fpir)]
const random = newRandom(seed)

console.log(JSON.stringify(describeMachine()))
const prints = await calibrationPrints({ real: values.prints }, { cache: 'out/calibration', fresh: false })
const ofFinger = {}
for (const print of prints) ofFinger[print.finger] = [...(ofFinger[print.finger] ?? []), print]
const names = Object.keys(ofFinger)
const engine = await createEngine({ threads: Number(values.threads) })
const rows = []
for (const fingers of values.fingers.split(',').map(Number)) rows.push(...(await measure(fingers)))
await engine.close()
console.log(
  formatTable(
    ['fingers', 'asked', 'threshold', 'strangers', 'find anybody', 'share', 'mates', 'below', 'not first'],
    rows,
  ),
)

async function measure(fingers) {
  const draws = fingers < names.length ? Number(values.draws) : 1
  const ways = [{ targetFpir }, {}].map(options => ({ options, returned: 0, below: 0 }))
  let [searches, mates, notFirst] = [0, 0, 0]
  for (let draw = 0; draw < draws; draw++) {
    const { gallery, enrolled } = await galleryOf(fingers)
    for (const way of ways) way.minScore = (await gallery.search(prints[0].template, way.options)).minScore
    for (const print of prints) {
      if (enrolled.get(print.finger) === print) continue
      const { candidates } = await gallery.search(print.template, { limit: 32, minScore: 0 })
      const stranger = candidates.find(({ id }) => id !== print.finger)?.score ?? 0
      searches++
      for (const way of ways) if (stranger >= way.minScore) way.returned++
      if (!enrolled.has(print.finger)) continue
      mates++
      const mate = candidates.find(({ id }) => id === print.finger)
      if (mate === undefined || mate.score < stranger) notFirst++
      else for (const way of ways) if (mate.score < way.minScore) way.below++
    }
    gallery.close()
  }
  return ways.map(({ options, minScore, returned, below }) => [
    whole(fingers),
    options.targetFpir ?? 'nothing',
    minScore.toFixed(1),
    whole(searches),
    whole(returned),
    percent(returned / searches),
    whole(mates),
    `${whole(below)}, ${percent(below / mates)}`,
    `${whole(notFirst)}, ${percent(notFirst / mates)}`,
  ])
}

/** A gallery, and which print of each finger is in it, under the finger's name. */
async function galleryOf(fingers) {
  const drawn = shuffled(names, random).slice(0, fingers)
  const enrolled = new Map(drawn.map(name => [name, ofFinger[name][random.below(ofFinger[name].length)]]))
  if (fingers <= names.length) {
    const gallery = engine.createGallery()
    for (const [name, { template }] of enrolled) gallery.insert(name, template)
    return { gallery, enrolled }
  }
  const { gallery } = await openSyntheticGallery(engine, { fingers, seed, folder: join(tmpdir(), 'sidik-bench') })
  drawn.forEach((name, k) => {
    gallery.remove(syntheticId(seed, Math.floor((fingers * (k + 0.5)) / drawn.length)))
    gallery.insert(name, enrolled.get(name).template)
  })
  await gallery.buildIndex()
  return { gallery, enrolled }
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
