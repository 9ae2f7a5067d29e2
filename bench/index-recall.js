/**
 * What the index loses of real mates: prints hidden all over a synthetic gallery.
 *
 *   node bench/index-recall.js --prints DIR [--fingers N] [--seed N] [--placements N] [--lost] [--threads N]
 *       DIR as for `sidik bench search --prints`. All impressions of a finger are in the gallery, and each searches for the others:
 *       640 prints are 4,480 pairs. What the scan finds is kept for the next time (out/index-recall), so that a change of
 *       the index alone is measured in a minute.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSyntheticGallery } from '../dist/bench/synthetic-gallery.js'
import { createEngine } from '../dist/index.js'
import { syntheticId } from '../dist/synthesize/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { describeMachine } from './support/machine.js'
import { figure, formatTable, whole } from './support/table.js'

const { values } = parseArgs({
  options: {
    prints: { type: 'string' },
    fingers: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    placements: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    cache: { type: 'string', default: 'out/index-recall' },
    lost: { type: 'boolean', default: false },
  },
})
if (values.prints === undefined) throw new Error('--prints DIR is missing')
const [fingers, seed, threads] = [Number(values.fingers), Number(values.seed), Number(values.threads)]

/** Candidates asked for: eight impressions, and strangers that come before some. */
const LIMIT = 32

console.log(JSON.stringify(describeMachine()))
mkdirSync(values.cache, { recursive: true })
const prints = await calibrationPrints({ real: values.prints }, values)
const engine = await createEngine({ threads })
const rows = []
const all = { usual: { pairs: 0, found: 0 }, quick: { pairs: 0, found: 0 } }
for (let placement = 0; placement < Number(values.placements); placement++) {
  const { gallery } = await openSyntheticGallery(engine, { fingers, seed, folder: join(tmpdir(), 'sidik-bench') })
  // Each print in the place of a synthetic one, in an order of its own.
  prints.forEach(({ template }, k) => {
    const index = Math.floor((fingers * (k + (placement + 0.5) / 8)) / prints.length)
    gallery.remove(syntheticId(seed, index))
    gallery.insert(`print/${k}`, template)
  })
  const truth = await ofScan(gallery, placement)
  await gallery.buildIndex()
  for (const quick of [false, true]) {
    const cpu = process.cpuUsage()
    const found = []
    for (const probe of prints.keys()) found.push(await mates(gallery, probe, { quick }))
    const { user, system } = process.cpuUsage(cpu)
    let [pairs, both] = [0, 0]
    truth.forEach((of, probe) => {
      for (const [mate, score] of of) {
        pairs++
        if (found[probe].first.some(([id]) => id === mate)) both++
        else if (values.lost)
          console.log(
            `lost${quick ? ', quick' : ''}: ${prints[probe].file} and ${prints[mate].file}, score ${figure(score)}`,
          )
      }
    })
    const effort = quick ? 'quick' : 'usual'
    all[effort].pairs += pairs
    all[effort].found += both
    rows.push([
      placement,
      effort,
      whole(pairs),
      whole(both),
      `${((100 * both) / pairs).toFixed(2)} %`,
      whole(found.reduce((sum, { listed }) => sum + listed, 0)),
      figure((user + system) / 1000 / prints.length),
    ])
  }
  gallery.close()
}
await engine.close()
console.log(
  `\n${whole(prints.length)} prints among ${whole(fingers)}: mates that the scan puts before every stranger, and the index too`,
)
const heads = ['placement', 'effort', 'by scan', 'by index', 'share', `mates among ${LIMIT}`, 'ms of processor']
console.log(formatTable(heads, rows))
for (const [effort, { pairs, found }] of Object.entries(all))
  console.log(`${effort}: ${whole(found)} of ${whole(pairs)}, ${((100 * found) / pairs).toFixed(2)} %`)

/** The mates of a print that come before every stranger: [index, score]; and how many are among the candidates. */
async function mates(gallery, own, effort) {
  const { finger, template } = prints[own]
  const { candidates } = await gallery.search(template, { limit: LIMIT, minScore: 0, ...effort })
  const isMate = id => id.startsWith('print/') && prints[Number(id.slice(6))].finger === finger
  const before = candidates.findIndex(({ id }) => !isMate(id))
  const first = candidates
    .slice(0, before < 0 ? candidates.length : before)
    .map(({ id, score }) => [Number(id.slice(6)), score])
    .filter(([mate]) => mate !== own)
  return { first, listed: candidates.filter(({ id }) => isMate(id) && id !== `print/${own}`).length }
}

async function ofScan(gallery, placement) {
  const hash = createHash('sha256')
  for (const { template } of prints) hash.update(template)
  const file = join(values.cache, `${fingers}-${seed}-${placement}-${hash.digest('hex').slice(0, 16)}.json`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    const found = []
    for (const probe of prints.keys()) found.push((await mates(gallery, probe, { exhaustive: true })).first)
    writeFileSync(file, JSON.stringify(found))
    return found
  }
}
