/**
 * A hub's night: kiosks that were without a line for months come at once, and each of their records is compared
 * with all residents. Says how long the hub takes, how fast, what an enrolment at the hub waits meanwhile, and
 * how long the station with all of them takes to open again.
 *
 *     node bench/station-night.js [--residents 20000] [--arrivals 1000] [--kiosks 8] [--folder out/night]
 *
 * Residents have ten fingers each (synthetic templates); 2 % of those who come are residents, or came at
 * another kiosk, under another NIK. What was made is kept in the folder for the next run.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEngine } from 'sidik'
import {
  addPeer,
  adjudications,
  createIdentity,
  encodeTemplates,
  enrol,
  galleryState,
  openStation,
  publicIdentity,
  receive,
  status,
  sync,
} from 'sidik/station'
import { syntheticNik, syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { Random } from '../dist/random.js'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '20000' },
    arrivals: { type: 'string', default: '1000' },
    kiosks: { type: 'string', default: '8' },
    folder: { type: 'string', default: 'out/night' },
  },
})
const [residents, arrivals, kiosks] = [values.residents, values.arrivals, values.kiosks].map(Number)
const folder = join(values.folder, `${residents}-${arrivals}`)
const key = new Uint8Array(32).fill(3)
const SEED = 17
const TEN = Array.from({ length: 10 }, (_, i) => i + 1)
/** One in fifty is somebody who is there already. */
const TWICE_EVERY = 50
const AT_ONCE = 100

const fingersOf = (person, make = syntheticTemplate) =>
  TEN.map(position => ({ position, template: make(SEED, person * 10 + position) }))
const again = (seed, finger) => syntheticProbe(seed, finger, 'typical')
const secondsSince = ms => `${((performance.now() - ms) / 1_000).toFixed(1)} s`

const paths = Object.fromEntries(
  ['hub', ...Array.from({ length: kiosks }, (_, i) => `kiosk-${i + 1}`)].map(id => [id, join(folder, `${id}.db`)]),
)
if (!existsSync(join(folder, 'done'))) await make()

/** Who was recorded, as the person that a number stands for: every fiftieth is somebody else again. */
function personOf(arrival) {
  if (arrival % TWICE_EVERY !== TWICE_EVERY - 1) return { person: residents + arrival, isAgain: false }
  const isResident = arrival % (2 * TWICE_EVERY) === TWICE_EVERY - 1
  return { person: isResident ? (arrival * 7) % residents : residents + arrival - 1, isAgain: true }
}

async function make() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const identities = {}
  for (const id of Object.keys(paths)) identities[id] = await createIdentity(id)
  writeFileSync(join(folder, 'identities.json'), JSON.stringify(identities), { mode: 0o600 })
  const hub = await openStation({ path: paths.hub, key, identity: identities.hub })
  const { file, keys } = partsOf(hub)
  for (let from = 0; from < residents; from += AT_ONCE) {
    file.transaction(() => {
      for (let person = from; person < Math.min(residents, from + AT_ONCE); person++) {
        const payloads = [putPayload(file, keys, 'templates', encodeTemplates(fingersOf(person)))]
        const body = { station: 'elsewhere', sequence: 1 }
        append(hub, {
          kind: 'gallery',
          // The kiosks have had theirs: nobody sends a whole city down in a night.
          direction: 'local',
          record: `resident-${person}`,
          recordVersion: 1,
          body,
          payloads,
        })
      }
    })
  }
  for (let i = 0; i < kiosks; i++) {
    const id = `kiosk-${i + 1}`
    const kiosk = await openStation({ path: paths[id], key, identity: identities[id] })
    addPeer(kiosk, { ...(await publicIdentity(identities.hub)), relation: 'upstream' })
    addPeer(hub, { ...(await publicIdentity(identities[id])), relation: 'downstream' })
    // Until the line broke it followed the hub, whose journal has an entry for each resident.
    await sync(kiosk, { name: 'before', exchange: message => receive(hub, message) })
    const { file, keys } = partsOf(kiosk)
    file.transaction(() => {
      for (let arrival = i; arrival < arrivals; arrival += kiosks) {
        const { person, isAgain } = personOf(arrival)
        const templates = encodeTemplates(fingersOf(person, isAgain ? again : syntheticTemplate))
        append(kiosk, {
          kind: 'enrolled',
          direction: 'up',
          record: `arrival-${arrival}`,
          recordVersion: 1,
          body: {
            nik: syntheticNik(new Random(arrival), { province: '32' }).nik,
            person: { name: 'x' },
            operator: 'bench',
            preCheck: { decision: 'not-run', candidates: [], persons: 0 },
          },
          payloads: [putPayload(file, keys, 'templates', templates)],
        })
      }
    })
    await kiosk.close()
  }
  await hub.close()
  writeFileSync(join(folder, 'done'), '')
}

const identities = JSON.parse(readFileSync(join(folder, 'identities.json'), 'utf8'))
const engine = await createEngine({ threads: 2 })

async function openHub(name) {
  const startedMs = performance.now()
  const hub = await openStation({ path: paths.hub, key, identity: identities.hub, engine })
  console.log(`${name}: the call of openStation took ${secondsSince(startedMs)}`)
  for (;;) {
    const { loaded, total } = galleryState(hub)
    if (loaded === total) break
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  console.log(`${name}: all ${galleryState(hub).total} persons can be searched after ${secondsSince(startedMs)}`)
  return hub
}

const first = await openHub('first opening, the index is made')
const tidyMs = performance.now()
await first.close()
console.log(`closed after ${secondsSince(tidyMs)}`)
let hub = await openHub('second opening')

let [seed, last, longest] = [1_000_000, performance.now(), 0]
const turns = setInterval(() => {
  longest = Math.max(longest, performance.now() - last - 10)
  last = performance.now()
}, 10)

async function enrolOnce() {
  seed++
  const { nik, birthDate, sex } = syntheticNik(new Random(seed), { province: '32' })
  const address = { street: 'Jl. Mawar 1', rt: '001', rw: '001', village: 'Beji', district: 'Beji' }
  const person = { name: 'Siti', birthDate, sex, birthPlace: 'Depok', address }
  const startedMs = performance.now()
  const result = await enrol(hub, { nik, person, fingers: fingersOf(50_000_000 + seed), operator: 'bench' })
  if (!result.recorded) throw new Error(JSON.stringify(result.feedback))
  return performance.now() - startedMs
}
const whole = number => number.toFixed(0)
const median = all => [...all].sort((a, b) => a - b)[all.length >> 1]
const alone = []
for (let i = 0; i < 10; i++) alone.push(await enrolOnce())

longest = 0
const startedMs = performance.now()
const cpu = process.cpuUsage()
const during = []
let isDone = false
const enrolling = (async () => {
  while (!isDone) {
    during.push(await enrolOnce())
    await new Promise(resolve => setTimeout(resolve, 1_000))
  }
})()
for (let i = 0; i < kiosks; i++) {
  const id = `kiosk-${i + 1}`
  const kiosk = await openStation({ path: paths[id], key, identity: identities[id] })
  await sync(kiosk, { name: 'night', exchange: message => receive(hub, message) })
  await kiosk.close()
}
console.log(`${arrivals} records had come after ${secondsSince(startedMs)}`)
let shownMs = 0
for (;;) {
  const { unchecked, perMinute = 0, leftMs = 0, problem } = status(hub).check
  if (problem !== undefined) throw new Error(problem)
  if (unchecked === 0) break
  if (performance.now() - shownMs > 15_000) {
    shownMs = performance.now()
    console.log(
      `  ${unchecked} to be checked, ${perMinute.toFixed(0)} a minute, ${(leftMs / 60_000).toFixed(1)} minutes left`,
    )
  }
  await new Promise(resolve => setTimeout(resolve, 200))
}
const totalMs = performance.now() - startedMs
isDone = true
await enrolling
clearInterval(turns)
const { user, system } = process.cpuUsage(cpu)
const pairs = adjudications(hub).filter(({ kind }) => kind === 'fingers')
let [planted, found] = [0, 0]
for (let arrival = 0; arrival < arrivals; arrival++) {
  if (!personOf(arrival).isAgain) continue
  planted++
  if (pairs.some(({ record, other }) => [record, other].includes(`arrival-${arrival}`))) found++
}
console.log(`${arrivals} records checked against ${residents} residents in ${(totalMs / 60_000).toFixed(1)} minutes`)
console.log(`  ${whole(totalMs / arrivals)} ms a record, ${whole((user + system) / 1_000 / arrivals)} ms of processor`)
console.log(`  ${found} of ${planted} who were recorded twice are pairs; ${pairs.length - found} other pairs`)
console.log(
  `  an enrolment took ${whole(median(alone))} ms alone, ` +
    `${whole(median(during))} (longest ${whole(Math.max(...during))}) beside it`,
)
console.log(
  `  longest turn of the event loop ${whole(longest)} ms; memory ${whole(process.memoryUsage().rss / 2 ** 20)} MiB`,
)
await hub.close()
hub = await openHub('third opening')
await hub.close()
await engine.close()
