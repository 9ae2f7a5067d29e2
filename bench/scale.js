/**
 * Searches of real prints among very many: how fast the scan is, how fast the index, and what the index loses.
 *
 *   node bench/scale.js --real DIR --rolled DIR [--fingers 200000] [--probes 100] [--threads 2] [--seed 1] [--json]
 *
 * The first impression of each finger of the sets in --real is enrolled among strangers, others are searched for. Strangers
 * are pieces of rolled prints (--rolled, one a finger; support/strangers.js). Templates of the prints are kept in out/calibration, as bench/calibrate.js keeps them.
 */
import { parseArgs } from 'node:util'
import { createEngine } from '../dist/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { strangers } from './support/strangers.js'
import { figure, whole } from './support/table.js'
import { randomSource } from './support/templates.js'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    fingers: { type: 'string', default: '200000' },
    probes: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const { real, rolled } = values
const prints = await calibrationPrints({ real, rolled }, { cache: 'out/calibration', fresh: false })
const fingers = Number(values.fingers)
const threads = Number(values.threads)
const random = randomSource(Number(values.seed))
const engine = await createEngine({ threads })
const gallery = engine.createGallery()

const dev = prints.filter(({ kind }) => kind === 'real')
const enrolled = new Map()
for (const print of dev) if (!enrolled.has(print.finger)) enrolled.set(print.finger, print)
const stranger = strangers(
  prints.filter(({ kind }) => kind === 'rolled').map(({ template }) => template),
  random,
)
const mates = [...enrolled.values()]
const every = Math.ceil(fingers / mates.length)
const insertMs = fill()
const indexed = await timed(() => gallery.buildIndex())

const others = dev.filter(print => enrolled.get(print.finger) !== print)
const step = Math.max(1, Math.floor(others.length / Number(values.probes)))
const probes = others.filter((_, i) => i % step === 0)
for (const probe of probes.slice(0, 8)) await gallery.search(probe.template, { minScore: 0 })

const scan = await searches({ minScore: 0, exhaustive: true })
const index = await searches({ minScore: 0, exhaustive: false })
report()
await engine.close()

function fill() {
  const startMs = performance.now()
  for (let i = 0; i < fingers; i++) {
    if (i % every === 0) gallery.insert(mates[i / every].finger, mates[i / every].template)
    else gallery.insert(`stranger ${i}`, stranger().template)
  }
  return performance.now() - startMs
}

async function searches(options) {
  const ms = []
  const first = []
  let cpuMs = 0
  const steps = { scanMs: 0, screenMs: 0, rescoreMs: 0 }
  for (const { template, finger } of probes) {
    const before = process.cpuUsage()
    const found = await gallery.search(template, options)
    const { user, system } = process.cpuUsage(before)
    cpuMs += (user + system) / 1000
    ms.push(found.elapsedMs)
    for (const name of Object.keys(steps)) steps[name] += found.steps[name] / probes.length
    first.push(found.candidates[0]?.id === finger)
  }
  ms.sort((a, b) => a - b)
  const at = share => ms[Math.min(ms.length - 1, Math.floor(share * ms.length))]
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), cpuMs: cpuMs / probes.length, steps, first }
}

async function timed(work) {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

function report() {
  const byScan = scan.first.filter(Boolean).length
  const both = scan.first.filter((found, i) => found && index.first[i]).length
  const result = {
    fingers,
    threads,
    probes: probes.length,
    bytesEach: gallery.bytes / fingers,
    residentBytesEach: process.memoryUsage().rss / fingers,
    insertUs: (1000 * insertMs) / fingers,
    indexMs: indexed,
    scan: { ...scan, first: byScan, comparisonsPerCpuSecond: (1000 * fingers) / scan.cpuMs },
    index: { ...index, first: index.first.filter(Boolean).length, ofThoseTheScanRanksFirst: both / byScan },
  }
  if (values.json) {
    console.log(JSON.stringify(result, undefined, 2))
    return
  }
  console.log(
    `${whole(fingers)} fingers, ${threads} threads, ${probes.length} probes: ${whole(result.bytesEach)} bytes a finger with the index, ${whole(result.residentBytesEach)} resident; index built in ${whole(indexed)} ms`,
  )
  for (const [name, { p50Ms, p95Ms, p99Ms, cpuMs, steps, first }] of Object.entries({ scan, index })) {
    const times = Object.entries(steps).map(([step, ms]) => `${step} ${figure(ms)}`)
    console.log(
      `${name}: p50 ${figure(p50Ms)}, p95 ${figure(p95Ms)}, p99 ${figure(p99Ms)} ms; ${figure(cpuMs)} ms of processor time (${times.join(', ')}); ${first.filter(Boolean).length} mates first`,
    )
  }
  console.log(
    `scan: ${whole(result.scan.comparisonsPerCpuSecond)} templates a CPU second; the index ranks first ${both} of the ${byScan} mates that the scan does`,
  )
}
