/**
 * 1:N over galleries of templates made at random: comparisons a second and core.
 *
 *     node bench/search.js [--quick]
 *
 * Prints one JSON object; takes about two minutes at 100,000, --quick stops at 10,000.
 */
import { createEngine } from 'sidik'
import { random, randomTemplate } from './synthetic-templates.js'

const SIZES = process.argv.includes('--quick') ? [10_000] : [10_000, 100_000]
const THREADS = [1, 2]
const SEARCHES = 5

const results = []
for (const threads of THREADS) {
  const engine = await createEngine({ threads })
  const gallery = engine.createGallery()
  const next = random(1)
  const probes = Array.from({ length: SEARCHES + 2 }, () => randomTemplate(next))
  for (const size of SIZES) {
    const insertStarted = performance.now()
    const inserted = size - gallery.size
    while (gallery.size < size) gallery.insert(`person-${gallery.size}`, randomTemplate(next))
    const insertMs = performance.now() - insertStarted
    // The first two let the compiler see the kernels at work.
    for (const probe of probes.slice(0, 2)) await gallery.search(probe)
    const times = []
    for (const probe of probes.slice(2)) times.push((await gallery.search(probe)).elapsedMs)
    const searchMs = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
    results.push({
      templates: size,
      threads,
      searchMs: round(searchMs),
      comparisonsPerSecond: Math.round(size / (searchMs / 1_000)),
      comparisonsPerSecondAndCore: Math.round(size / (searchMs / 1_000) / threads),
      makeAndInsertMsEach: round(insertMs / inserted),
      bytesEach: Math.round(gallery.bytes / size),
    })
  }
  await engine.close()
}
console.log(JSON.stringify({ node: process.version, results }, null, 2))

function round(value) {
  return Number(value.toFixed(3))
}
