/**
 * What a probe from another maker's record costs in a gallery of templates of ours: the first
 * search has geometric codes made for every template, later ones screen all of them.
 *
 *   node bench/foreign-probes.js [--fingers 100000,1000000] [--galleries out/galleries] [--threads 2] [--probes 8]
 *
 * Prints, for each size: the first search (wall and processor time, memory that the codes take, the
 * longest delay of the main thread's event loop meanwhile, the slowest search by an image's
 * template beside it), and the searches after it. The galleries are synthetic, and made where there
 * are none.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { openSyntheticGallery } from '../dist/bench/synthetic-gallery.js'
import { templateToRecord } from '../dist/formats/index.js'
import { createEngine } from '../dist/index.js'
import { syntheticProbe } from '../dist/synthesize/index.js'
import { median } from './support/median.js'
import { figure, formatTable, whole } from './support/table.js'

const { values } = parseArgs({
  options: {
    fingers: { type: 'string', default: '100000,1000000' },
    galleries: { type: 'string', default: 'out/galleries' },
    threads: { type: 'string', default: '2' },
    probes: { type: 'string', default: '8' },
  },
})
const SEED = 1
const MIB = 2 ** 20
const engine = await createEngine({ threads: Number(values.threads) })
const rows = []
for (const fingers of values.fingers.split(',').map(Number)) {
  const { gallery } = await openSyntheticGallery(engine, { fingers, seed: SEED, folder: values.galleries })
  await gallery.buildIndex()
  const foreign = index => {
    const record = templateToRecord(syntheticProbe(SEED, index), { format: 'iso-19794-2-2005' })
    return engine.importIso(record).template
  }
  const before = { bytes: gallery.bytes, cpu: process.cpuUsage(), ms: performance.now() }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let ended = false
  const first = gallery.search(foreign(0), { limit: 1, minScore: 0 }).finally(() => {
    ended = true
  })
  const beside = []
  while (!ended) beside.push((await gallery.search(syntheticProbe(SEED, beside.length), { minScore: 0 })).elapsedMs)
  const { steps } = await first
  delay.disable()
  const { user, system } = process.cpuUsage(before.cpu)
  const latencies = []
  let found = 0
  for (let index = 0; index < Number(values.probes); index++) {
    const { candidates, elapsedMs } = await gallery.search(foreign(index), { limit: 1, minScore: 0 })
    latencies.push(elapsedMs)
    if (candidates[0].id === `${gallery.ids()[index]}`) found++
  }
  rows.push([
    whole(fingers),
    `${figure(steps.describeMs / 1000)} s`,
    `${figure((user + system) / 1e6)} s`,
    `${whole((gallery.bytes - before.bytes) / MIB)} MiB`,
    `${figure(delay.max / 1e6)} ms`,
    `${figure(median(beside))} / ${figure(Math.max(...beside))} ms`,
    `${figure(median(latencies))} ms`,
    `${found} of ${latencies.length}`,
  ])
  gallery.close()
}
await engine.close()
const columns = [
  'fingers',
  'codes made in',
  'processor',
  'memory',
  'longest delay',
  'searches beside',
  'later',
  'mates first',
]
console.log(formatTable(columns, rows))
