/** 1:N: mated probes searched for in galleries of two sizes by one and by two workers, by learned and geometric codes. */
import benny from 'benny'
import { Matcher } from '../dist/core/matcher.js'
import { encodeTemplate } from '../dist/formats/index.js'
import { createEngine } from '../dist/index.js'
import { loadCore } from '../dist/node/core-file.js'
import { median } from './support/median.js'
import { figure, formatTable, whole } from './support/table.js'
import {
  fingerMinutiae,
  impressionOf,
  learnedContentsOf,
  randomSource,
  shaken,
  templateOf,
  withCodes,
} from './support/templates.js'

/**
 * Fingers that are described; a larger gallery holds them several times, under different ids. Describing 100,000 would
 * take half a minute and change nothing: every record is compared by itself, whatever else is there.
 */
const DISTINCT = 5_000
const PROBES = 16
/** The mate is looked for, whatever a gallery of this size asks of a score. */
const RANKING = { minScore: 0 }

const KINDS = { learned: makeLearned, geometric: makeGeometric }

export async function benchSearch({ sizes = [10_000, 100_000], threads = [1, 2], seconds = 15 } = {}) {
  const distinctTemplates = Math.min(DISTINCT, Math.max(...sizes))
  const results = []
  for (const [codes, make] of Object.entries(KINDS)) {
    const { templates, probes } = make(distinctTemplates)
    for (const count of threads) {
      const engine = await createEngine({ threads: count })
      try {
        for (const size of sizes) {
          results.push({ codes, ...(await benchOne(engine, size, { templates, probes, seconds })) })
        }
      } finally {
        await engine.close()
      }
    }
  }
  return { suite: 'search', distinctTemplates, results }
}

async function benchOne(engine, size, { templates, probes, seconds }) {
  const gallery = engine.createGallery()
  try {
    const startedMs = performance.now()
    for (let i = 0; i < size; i++) gallery.insert(`finger-${i}`, templates[i % templates.length])
    const insertUs = (1000 * (performance.now() - startedMs)) / size
    const { latenciesMs, cpuMs } = await timeSearches(engine, gallery, probes, seconds)
    const medianMs = median(latenciesMs)
    const comparisonsPerSecond = (1000 * size) / medianMs
    return {
      size,
      threads: engine.threads,
      searches: latenciesMs.length,
      latencyMs: { median: medianMs, min: Math.min(...latenciesMs), max: Math.max(...latenciesMs) },
      comparisonsPerSecond,
      comparisonsPerSecondAndCore: comparisonsPerSecond / engine.threads,
      comparisonsPerCpuSecond: (1000 * size * latenciesMs.length) / cpuMs,
      insertUs,
      bytesEach: gallery.bytes / size,
    }
  } finally {
    gallery.close()
  }
}

/**
 * Milliseconds from call to answer, one search after the other, and the processor time of all threads in all of them,
 * which says the same on a machine that is busy with other things too.
 */
async function timeSearches(engine, gallery, probes, seconds) {
  // The first search of a worker makes its searcher, and in the first ones V8 compiles the kernels to the end.
  for (const probe of probes) checkFound(await gallery.search(probe, RANKING), gallery.size)
  const latenciesMs = []
  let cpuMs = 0
  let i = 0
  const test = async () => {
    const startedMs = performance.now()
    const before = process.cpuUsage()
    await gallery.search(probes[i++ % probes.length], RANKING)
    latenciesMs.push(performance.now() - startedMs)
    const { user, system } = process.cpuUsage(before)
    cpuMs += (user + system) / 1000
  }
  const name = `${gallery.size} fingers, ${engine.threads} ${engine.threads === 1 ? 'worker' : 'workers'}`
  await benny.suite(name, benny.add(name, test, { initCount: 1, minSamples: 10, maxTime: seconds }))
  return { latenciesMs, cpuMs }
}

/** A search that finds the wrong finger is not worth timing. */
function checkFound({ candidates, searched }, size) {
  if (searched !== size) throw new Error(`${searched} of ${size} templates were searched`)
  if (!(candidates[0]?.score > 40)) throw new Error('a mated probe was not found in the gallery')
}

function makeGeometric(count) {
  const matcher = new Matcher(loadCore())
  const random = randomSource(2)
  const fingers = Array.from({ length: count }, () => fingerMinutiae(random))
  const probes = fingers.slice(0, PROBES).map(finger => templateOf(impressionOf(finger, random), matcher))
  return { templates: fingers.map(finger => templateOf(finger, matcher)), probes }
}

function makeLearned(count) {
  const random = randomSource(2)
  const fingers = Array.from({ length: count }, () => withCodes(fingerMinutiae(random), random))
  const encode = coded => encodeTemplate(learnedContentsOf(coded))
  const probes = fingers.slice(0, PROBES).map(finger => encode(shaken(impressionOf(finger, random), random)))
  return { templates: fingers.map(encode), probes }
}

export function formatSearch({ results }) {
  const header = [
    'codes',
    'fingers',
    'workers',
    'median ms',
    'comparisons/s',
    'a core',
    'a CPU second',
    'insert us',
    'bytes each',
  ]
  const rows = results.map(each => [
    each.codes,
    whole(each.size),
    each.threads,
    figure(each.latencyMs.median),
    whole(each.comparisonsPerSecond),
    whole(each.comparisonsPerSecondAndCore),
    whole(each.comparisonsPerCpuSecond),
    figure(each.insertUs),
    whole(each.bytesEach),
  ])
  return `1:N search, exhaustive, whole search from call to answer\n${formatTable(header, rows)}`
}
