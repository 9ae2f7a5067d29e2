/**
 * Enrolments of ten fingers at a station that knows many persons: how many a minute, and where the time goes.
 *
 *   node bench/station-enrol.js [--persons 100000] [--people 10] [--rounds 3] [--at-once 1,2] [--threads 2] [--folder DIR] [--prints DIR]
 *
 * The persons come as another station's gallery entries do: signed entries and sealed templates in the station's file, which is kept in
 * the folder for the next time. Their fingers are synthetic templates, as many different ones as persons, each under ten persons: a
 * tenth of the time to make them, and the same work to search them. Those who are enrolled are given as images of fingers that nobody
 * there has: synthetic ones (kept in the folder too), or those of a folder of sets <set>/<finger>_<impression>.png, of which each person
 * has ten fingers of different sets. Each is withdrawn again, so that nobody is a duplicate.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeImage } from '../dist/image/encode-image.js'
import { createEngine } from '../dist/index.js'
import { Random } from '../dist/random.js'
import { encodeTemplates, enrol, galleryState, withdraw } from '../dist/station/index.js'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { synthesizeFinger, synthesizeImpression, syntheticNik, syntheticTemplate } from '../dist/synthesize/index.js'
import { openIn } from './support/kill-station/station.js'

const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '100000' },
    people: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    'at-once': { type: 'string', default: '1,2' },
    threads: { type: 'string', default: '2' },
    folder: { type: 'string', default: '.scratch/station-enrol' },
    prints: { type: 'string' },
  },
})
const [persons, people, rounds, threads] = ['persons', 'people', 'rounds', 'threads'].map(name => Number(values[name]))

/** Fingers of a person are those of ten different places of a list that each turns by a step of its own. */
const STEPS = [1, 3, 7, 11, 13, 17, 19, 23, 29, 31]
const IN_A_TRANSACTION = 500
const SEED = 20

const seconds = ms => (ms / 1000).toFixed(1)
const since = startedMs => performance.now() - startedMs
mkdirSync(values.folder, { recursive: true })

function makePersons(station) {
  const { file, keys } = partsOf(station)
  const templates = Array.from({ length: persons }, (_, i) => syntheticTemplate(SEED, i))
  for (let from = 0; from < persons; from += IN_A_TRANSACTION) {
    file.transaction(() => {
      for (let p = from; p < Math.min(persons, from + IN_A_TRANSACTION); p++) {
        const fingers = STEPS.map((step, k) => ({
          position: k + 1,
          template: templates[(p * step + k * 997) % persons],
        }))
        const payloads = [putPayload(file, keys, 'templates', encodeTemplates(fingers))]
        const body = { station: 'elsewhere', sequence: p + 1 }
        append(station, { kind: 'gallery', direction: 'down', record: `person-${p}`, recordVersion: 1, body, payloads })
      }
    })
  }
}

async function syntheticImages(person) {
  const images = []
  for (let k = 0; k < 10; k++) {
    const name = join(values.folder, `${person}-${k + 1}.png`)
    if (!existsSync(name)) {
      const master = synthesizeFinger(SEED + 1, person * 10 + k)
      const { image } = synthesizeImpression(master, 1, { sensor: 'optical' })
      writeFileSync(name, await encodeImage(image, 'png'))
    }
    images.push(readFileSync(name))
  }
  return images
}

/** Eight persons by eight impressions of eight sets of ten fingers: person p has finger k of set (p + k) mod 8. */
function realImages(folder, index) {
  const sets = readdirSync(folder).sort()
  const impression = 1 + (Math.floor(index / sets.length) % 8)
  return Array.from({ length: 10 }, (_, k) =>
    readFileSync(join(folder, sets[(index + k) % sets.length], `${101 + k}_${impression}.png`)),
  )
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
function line(name, all) {
  const sorted = [...all].sort((a, b) => a - b)
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
  const [p50, p99] = [0.5, 0.99].map(share => quantile(sorted, share).toFixed(0))
  console.log(
    `  ${name.padEnd(34)} mean ${mean.toFixed(0).padStart(5)} ms, p50 ${p50.padStart(5)}, p99 ${p99.padStart(5)}`,
  )
}

const given = []
for (let person = 0; person < people; person++) {
  given.push(values.prints === undefined ? await syntheticImages(person) : realImages(values.prints, person))
}

const name = `knows-${persons}`
const finished = join(values.folder, `${name}.whole`)
if (!existsSync(finished)) {
  for (const end of ['', '-wal', '-shm']) rmSync(join(values.folder, `${name}.db${end}`), { force: true })
  const startedMs = performance.now()
  const station = await openIn(values.folder, name)
  makePersons(station)
  await station.close()
  writeFileSync(finished, '')
  console.log(`${persons} persons written into the station's file in ${seconds(since(startedMs))} s`)
}

const engine = await createEngine({ threads })
let gallery
const recogniser = {
  extract: (image, options) => engine.extract(image, options),
  decode: (image, options) => engine.decode(image, options),
  encodeWsq: (image, options) => engine.encodeWsq(image, options),
  explain: (a, b) => engine.explain(a, b),
  createGallery: () => {
    gallery = engine.createGallery()
    return gallery
  },
  personsOf: of => engine.personsOf(of),
}
let startedMs = performance.now()
const station = await openIn(values.folder, name, { engine: recogniser })
console.log(`opened in ${since(startedMs).toFixed(0)} ms`)
while (galleryState(station).loaded < persons) await new Promise(resolve => setTimeout(resolve, 100))
console.log(`${galleryState(station).loaded} persons read in the background in ${seconds(since(startedMs))} s`)
startedMs = performance.now()
await gallery.buildIndex()
console.log(`index built in ${seconds(since(startedMs))} s more`)

const times = { whole: [], extract: [], search: [], write: [] }
const results = {}
const why = { operator: 'bench', reason: 'bench' }
const overrides = ['finger-unusable', 'same-finger-twice'].map(code => ({ code, reason: 'bench' }))
async function one(index) {
  // Another NIK each time: the file keeps those of the time before.
  const { nik, birthDate, sex } = syntheticNik(new Random(Date.now() + 7 * index))
  const fingers = given[index % people].map((image, k) => ({ position: k + 1, image }))
  const address = { street: 'Jl. Margonda Raya 54' }
  const person = { name: `Person ${index}`, birthDate, sex, birthPlace: 'Depok', address }
  const at = { begin: performance.now() }
  const onProgress = ({ step, done, total }) => {
    if (step === 'extract' && done === total) at.extracted = performance.now()
    if (step === 'search') at.searched = performance.now()
  }
  const enrolment = { nik, person, fingers, overrides, operator: 'bench' }
  const result = await enrol(station, enrolment, { onProgress })
  const end = performance.now()
  const name = result.recorded ? result.preCheck.decision : result.feedback.map(({ code }) => code).join()
  results[name] = (results[name] ?? 0) + 1
  if (!result.recorded) return
  withdraw(station, result.recordId, why)
  times.whole.push(end - at.begin)
  times.extract.push(at.extracted - at.begin)
  times.search.push(at.searched - at.extracted)
  times.write.push(end - at.searched)
}

for (let warming = 0; warming < 3; warming++) await one(warming)
async function measure(atOnce) {
  for (const all of Object.values(times)) all.length = 0
  for (const name of Object.keys(results)) delete results[name]
  const [load] = loadavg()
  const cpuBefore = process.cpuUsage()
  const startedMs = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < rounds * people) await one(next++)
    }),
  )
  const tookMs = since(startedMs)
  const { user, system } = process.cpuUsage(cpuBefore)
  const count = times.whole.length
  const kind = values.prints === undefined ? 'synthetic prints' : `prints of ${values.prints}`
  console.log(
    `${count} enrolments of ten ${kind}, ${atOnce} at once, ${threads} threads, load ${load.toFixed(1)} before`,
  )
  console.log(`  ${((count / tookMs) * 60_000).toFixed(0)} a minute; ${JSON.stringify(results)}`)
  console.log(`  ${((user + system) / 1000 / count).toFixed(0)} ms of processor each`)
  line('an enrolment', times.whole)
  line('draft, decoding, extraction, WSQ', times.extract)
  line('waiting in turn, search', times.search)
  line('transaction', times.write)
}

for (const atOnce of values['at-once'].split(',').map(Number)) await measure(atOnce)
console.log(`memory of the process ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`)
await station.close()
await engine.close()
