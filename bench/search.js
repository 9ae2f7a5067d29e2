/**
 * 1:N over galleries of templates made at random: comparisons a second, by the clock and by the time that all threads
 * together were on a core (which other work on the machine does not change).
 *
 *     node bench/search.js [--quick]
 *
 * Prints one JSON object. Up to 100,000 templates, under a minute; --quick stops at 10,000, some seconds. The gallery
 * repeats 5,000 distinct templates: every one has its own record, so that memory is read as with distinct ones.
 */
import { createEngine } from 'sidik'
import { templateToIso } from 'sidik/formats'
import { random, randomTemplate } from './synthetic-templates.js'

const SIZES = process.argv.includes('--quick') ? [10_000] : [10_000, 100_000]
const THREADS = [1, 2]
const DISTINCT = 5_000
const WARMING_SEARCHES = 4
const SEARCHES = 9

const results = []
for (const threads of THREADS) {
  const engine = await createEngine({ threads })
  const next = random(1)
  const templates = Array.from({ length: DISTINCT }, () => described(engine, randomTemplate(next)))
  const probes = Array.from({ length: SEARCHES }, () => described(engine, randomTemplate(next)))
  const gallery = engine.createGallery()
  for (const size of SIZES) {
    const inserted = size - gallery.size
    const insertStarted = performance.now()
    while (gallery.size < size) gallery.insert(`person-${gallery.size}`, templates[gallery.size % DISTINCT])
    const insertMs = performance.now() - insertStarted
    for (let i = 0; i < WARMING_SEARCHES; i++) await gallery.search(probes[i])
    const times = []
    const cpuBefore = process.cpuUsage()
    for (const probe of probes) times.push((await gallery.search(probe)).elapsedMs)
    const cpu = process.cpuUsage(cpuBefore)
    const cpuMs = (cpu.user + cpu.system) / 1_000 / SEARCHES
    const searchMs = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
    results.push({
      templates: size,
      threads,
      medianSearchMs: Number(searchMs.toFixed(1)),
      cpuMsEachSearch: Number(cpuMs.toFixed(1)),
      comparisonsPerSecond: Math.round(size / (searchMs / 1_000)),
      comparisonsPerCpuSecond: Math.round(size / (cpuMs / 1_000)),
      insertMicroseconds: Number(((insertMs * 1_000) / inserted).toFixed(1)),
      bytesEach: Math.round(gallery.bytes / size),
    })
  }
  await engine.close()
}
console.log(JSON.stringify({ node: process.version, results }, null, 2))

/** The template with its codes, as extraction leaves it: without them, inserting would mostly be describing. */
function described(engine, template) {
  return engine.importIso(templateToIso(template)).template
}
