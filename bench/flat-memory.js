/**
 * Memory over many searches of a small gallery.
 *
 *     node --expose-gc bench/flat-memory.js [searches, 1000000 unless given]
 *
 * Prints resident and heap memory after each tenth; ends with exit code 1 when the mean of the last three is more than
 * 32 MB above that of the second to fourth. An object left behind by each search would be twice that; garbage that the
 * three threads have not collected yet makes single readings differ by about as much.
 */
import { createEngine } from 'sidik'
import { random, randomTemplate } from './synthetic-templates.js'

const SEARCHES = Number(process.argv[2] ?? 1_000_000)
const ALLOWED_GROWTH_BYTES = 32e6
const TENTHS = 10

const engine = await createEngine({ threads: 2 })
const gallery = engine.createGallery()
const next = random(1)
// Few and small, so that a million searches take minutes: what would grow is what each search costs beside comparing.
for (let i = 0; i < 3; i++) gallery.insert(`person-${i}`, randomTemplate(next, 10))
const probe = randomTemplate(next, 10)
const { signal } = new AbortController()
const resident = []
for (let tenth = 0; tenth < TENTHS; tenth++) {
  const started = performance.now()
  for (let i = 0; i < SEARCHES / TENTHS; i++) await gallery.search(probe, { signal })
  const microseconds = ((performance.now() - started) * 1e3) / (SEARCHES / TENTHS)
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  resident.push(rss)
  const mega = bytes => `${(bytes / 1e6).toFixed(1)} MB`
  console.log(
    `${tenth + 1}/10  ${microseconds.toFixed(0)} us a search  rss ${mega(rss)}  heap ${mega(heapUsed)}  external ${mega(external)}`,
  )
}
await engine.close()
const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length
const growth = mean(resident.slice(7)) - mean(resident.slice(1, 4))
console.log(`growth: ${(growth / 1e6).toFixed(1)} MB`)
if (growth > ALLOWED_GROWTH_BYTES) process.exitCode = 1
