/**
 * Whether searching leaks: searches a small gallery over and over and prints the memory of the process, workers
 * included. Exit code 1 when it has grown by more than the bounds below after the warm-up.
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
import { loadCore } from '../dist/node/core-file.js'
import { whole } from './support/table.js'
import { fingerMinutiae, impressionOf, randomSource, templateOf } from './support/templates.js'

const MIB = 2 ** 20

/** Searches that are not judged: caches and compiled code reach their size, the workers' heaps their first collections. */
const WARM_UP_SHARE = 0.3
/** After the warm-up: one every 50,000 of a million searches. */
const REPORTS = 14

/**
 * Most growth from the first half of the reports to the second, each by its lowest: a worker's heap rises by about
 * 15 MiB from collection to collection, and what has leaked is what even the lowest shows. A leak of 32 bytes a search,
 * about one small object, would be 11 MiB between two halves of a million searches.
 */
const RSS_BOUND_MIB = 10
/** Of the main thread, where garbage is collected before each report. */
const HEAP_BOUND_MIB = 2

/** Fewer say little: the bounds are for the growth over a million. */
const DEFAULT_SEARCHES = '1000000'

/** Searches in flight at once: no worker waits for the main thread. */
const IN_FLIGHT = 8

const { searches, templates, minutiae, threads } = readArguments()
const collectGarbage = exposeCollector()
const matcher = new Matcher(loadCore())
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
const rows = []
for (let report = 1, done = warmUp; report <= REPORTS; report++) {
  const target = warmUp + Math.round(((searches - warmUp) * report) / REPORTS)
  await searchTimes(target - done)
  rows.push(measure(target))
  done = target
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
  const half = rows.length >> 1
  const lowest = (key, from, to) => Math.min(...rows.slice(from, to).map(row => row[key]))
  const grown = key => lowest(key, half, rows.length) - lowest(key, 0, half)
  const ok = grown('rssMiB') <= RSS_BOUND_MIB && grown('heapMiB') <= HEAP_BOUND_MIB
  console.log(
    `${whole(searches)} searches of ${templates} templates of ${minutiae} minutiae, ${whole(aSecond)} a second on ${threads} workers`,
  )
  console.log(
    `from the first to the second half after the warm-up: rss ${signed(grown('rssMiB'))} MiB (bound ${RSS_BOUND_MIB}), heap ${signed(grown('heapMiB'))} MiB (bound ${HEAP_BOUND_MIB}): ${ok ? 'flat' : 'NOT FLAT'}`,
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
      searches: { type: 'string', default: DEFAULT_SEARCHES },
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
