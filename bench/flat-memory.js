/**
 * Whether searching leaks: searches a small gallery over and over and prints the memory of the process, workers
 * included. Exit code 1 when it has grown by more than the bounds below since the warm-up.
 *
 *   node bench/flat-memory.js [--searches 1000000] [--templates 4] [--minutiae 16] [--threads 2]
 *
 * What a search allocates (messages, promises, lists) depends neither on the number of templates nor on their size, so
 * few and small ones let a million searches end within minutes. One search in a hundred replaces a template.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Matcher } from '../dist/core/matcher.js'
import { createEngine } from '../dist/index.js'
import { loadCoreModule } from './support/core.js'
import { whole } from './support/table.js'
import { fingerMinutiae, impressionOf, randomSource, templateOf } from './support/templates.js'

const MIB = 2 ** 20
/** After the warm-up: one every 50,000 of a million searches. */
const REPORTS = 18
/** Searches before the first report: caches, compiled code and the heaps of the workers reach their size. */
const WARM_UP_SHARE = 0.1

/** At 16 bytes a search, the smallest leak there can be, a million searches would grow by 15 MiB. */
const HEAP_BOUND_MIB = 4
/** Of the whole process: the workers' heaps come and go by a few MiB between collections. */
const RSS_BOUND_MIB = 24

/** Searches in flight at once: no worker waits for the main thread. */
const IN_FLIGHT = 8

const { searches, templates, minutiae, threads } = readArguments()
const collectGarbage = exposeCollector()
const matcher = new Matcher(loadCoreModule())
const random = randomSource(5)
const fingers = Array.from({ length: templates }, () => fingerMinutiae(random, minutiae, minutiae))
const stored = fingers.map(finger => templateOf(finger, matcher))
const probes = fingers.map(finger => templateOf(impressionOf(finger, random), matcher))

const engine = await createEngine({ threads })
const gallery = engine.createGallery()
stored.forEach((template, i) => {
  gallery.insert(String(i), template)
})

const warmUp = Math.round(searches * WARM_UP_SHARE)
await searchTimes(warmUp)
const startedMs = performance.now()
const rows = [measure(warmUp)]
for (let report = 1; report <= REPORTS; report++) {
  const target = warmUp + Math.round(((searches - warmUp) * report) / REPORTS)
  await searchTimes(target - rows.at(-1).searches)
  rows.push(measure(target))
}
await engine.close()
finish()

async function searchTimes(count) {
  let left = count
  const lane = async () => {
    while (left > 0) {
      const i = left--
      const { searched } = await gallery.search(probes[i % templates])
      if (searched !== templates) throw new Error(`${searched} of ${templates} templates were searched`)
      if (i % 100 === 0) gallery.insert(String(i % templates), stored[i % templates], { replace: true })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
}

function measure(done) {
  collectGarbage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const row = { searches: done, rssMiB: rss / MIB, heapMiB: heapUsed / MIB, externalMiB: external / MIB }
  console.log(
    `${whole(done).padStart(9)} searches: rss ${row.rssMiB.toFixed(1)}, heap ${row.heapMiB.toFixed(2)}, external ${row.externalMiB.toFixed(2)} MiB`,
  )
  return row
}

function finish() {
  const aSecond = (searches - warmUp) / ((performance.now() - startedMs) / 1000)
  const grown = key => rows.at(-1)[key] - rows[0][key]
  const ok = grown('rssMiB') <= RSS_BOUND_MIB && grown('heapMiB') <= HEAP_BOUND_MIB
  console.log(
    `${whole(searches)} searches of ${templates} templates of ${minutiae} minutiae, ${whole(aSecond)} a second on ${threads} workers`,
  )
  console.log(
    `since the warm-up (${whole(warmUp)}): rss ${signed(grown('rssMiB'))} MiB (bound ${RSS_BOUND_MIB}), heap ${signed(grown('heapMiB'))} MiB (bound ${HEAP_BOUND_MIB}): ${ok ? 'flat' : 'NOT FLAT'}`,
  )
  if (!ok) process.exitCode = 1
}

function signed(value) {
  return `${value < 0 ? '' : '+'}${value.toFixed(2)}`
}

/** What is garbage but not yet collected says nothing about leaks. */
function exposeCollector() {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      searches: { type: 'string', default: '1000000' },
      templates: { type: 'string', default: '4' },
      minutiae: { type: 'string', default: '16' },
      threads: { type: 'string', default: '2' },
    },
  })
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      const value = Number(text)
      if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} must be a whole number from 1`)
      return [name, value]
    }),
  )
}
