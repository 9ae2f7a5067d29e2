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
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEngine } from 'sidik'
import { adjudications, enrol, galleryState, openStation, serveHub, status } from 'sidik/station'
import { syntheticNik } from 'sidik/synthesize'
import { Random } from '../dist/random.js'
import { KEY, kioskIds, makeStations, pathOf, workers } from './support/station-night/make.js'
import { fingersOf, personOf } from './support/station-night/people.js'

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
const secondsSince = ms => `${((performance.now() - ms) / 1_000).toFixed(1)} s`

if (!existsSync(join(folder, 'done'))) {
  const startedMs = performance.now()
  await makeStations({ folder, residents, arrivals, kiosks })
  console.log(`made in ${secondsSince(startedMs)}`)
}
const identities = JSON.parse(readFileSync(join(folder, 'identities.json'), 'utf8'))
const engine = await createEngine({ threads: 2 })

async function openHub(name) {
  const startedMs = performance.now()
  const hub = await openStation({ path: pathOf(folder, 'hub'), key: KEY, identity: identities.hub, engine })
  console.log(`${name}: the call of openStation took ${secondsSince(startedMs)}`)
  for (;;) {
    const { loaded, total } = galleryState(hub)
    if (loaded === total) break
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  console.log(`${name}: all ${galleryState(hub).total} persons are read after ${secondsSince(startedMs)}`)
  return hub
}

const first = await openHub('first opening, the index is made')
const tidyMs = performance.now()
await first.close()
console.log(`closed after ${secondsSince(tidyMs)}`)
let hub = await openHub('second opening')

// Other people each time: who was enrolled in an earlier run is in the file.
let [seed, last, longest] = [Math.floor(Date.now() / 1_000) % 1_000_000, performance.now(), 0]
const turns = setInterval(() => {
  longest = Math.max(longest, performance.now() - last - 10)
  last = performance.now()
}, 10)

async function enrolOnce() {
  seed++
  const { nik, birthDate, sex } = syntheticNik(new Random(seed), { province: '32' })
  const address = { street: 'Jl. Mawar 1', rt: '001', rw: '001', village: 'Beji', district: 'Beji' }
  const person = { name: 'Siti', birthDate, sex, birthPlace: 'Depok', address }
  const fingers = fingersOf(50_000_000 + seed)
  const startedMs = performance.now()
  const result = await enrol(hub, { nik, person, fingers, operator: 'bench' })
  if (!result.recorded) throw new Error(JSON.stringify(result.feedback))
  return { ms: performance.now() - startedMs, isCompared: result.preCheck.decision !== 'not-run' }
}
/** Between two enrolments: a counter has somebody every few minutes. */
const ENROLMENT_MS = 10_000

const whole = number => number.toFixed(0)
const median = all => [...all].sort((a, b) => a - b)[all.length >> 1]
// Persons that are read are searched once their index is built: nobody who is enrolled before waits for that.
const buildingMs = performance.now()
while (!(await enrolOnce()).isCompared) await new Promise(resolve => setTimeout(resolve, 500))
console.log(`the first search was answered ${secondsSince(buildingMs)} later`)
const alone = []
for (let i = 0; i < 10; i++) alone.push((await enrolOnce()).ms)

longest = 0
const startedMs = performance.now()
const cpu = process.cpuUsage()
const [whileTheyCome, whileChecked] = [[], []]
let uncompared = 0
/** By message, how many looks at the state of the check found it. */
const problems = new Map()
let [haveCome, isDone] = [false, false]
const enrolling = (async () => {
  while (!isDone) {
    const during = haveCome ? whileChecked : whileTheyCome
    const { ms, isCompared } = await enrolOnce()
    during.push(ms)
    if (!isCompared) uncompared++
    await new Promise(resolve => setTimeout(resolve, ENROLMENT_MS))
  }
})()
const { url, close } = await serveHub(hub, { port: 0 })
const pool = workers(kiosks)
const coming = kioskIds(kiosks).map(id => {
  const station = { path: pathOf(folder, id), key: KEY, identity: identities[id] }
  return pool.run({ station, hub: identities.hub, url }, { name: 'comeHome' })
})
const arriving = Promise.all(coming).then(async sent => {
  console.log(`${sent.reduce((sum, each) => sum + each)} records had come after ${secondsSince(startedMs)}`)
  haveCome = true
  await close()
  await pool.destroy()
})
let shownMs = 0
for (;;) {
  const { unchecked, perMinute = 0, leftMs = 0, problem } = status(hub).check
  if (problem !== undefined) problems.set(problem.message, (problems.get(problem.message) ?? 0) + 1)
  if (haveCome && unchecked === 0) break
  if (performance.now() - shownMs > 15_000) {
    shownMs = performance.now()
    console.log(
      `  ${unchecked} to be checked, ${perMinute.toFixed(0)} a minute, ${(leftMs / 60_000).toFixed(1)} minutes left`,
    )
  }
  // As a screen looks: what it counts takes the hub's time.
  await new Promise(resolve => setTimeout(resolve, 1_000))
}
const totalMs = performance.now() - startedMs
isDone = true
await Promise.all([arriving, enrolling])
clearInterval(turns)
const { user, system } = process.cpuUsage(cpu)
const pairs = adjudications(hub).filter(({ kind }) => kind === 'fingers')
let [planted, found] = [0, 0]
for (let arrival = 0; arrival < arrivals; arrival++) {
  if (!personOf(arrival, residents).isAgain) continue
  planted++
  if (pairs.some(({ record, other }) => [record, other].includes(`arrival-${arrival}`))) found++
}
console.log(`${arrivals} records checked against ${residents} residents in ${(totalMs / 60_000).toFixed(1)} minutes`)
const processorMs = (user + system) / 1_000
console.log(
  `  ${whole(totalMs / arrivals)} ms a record, ${whole(processorMs / arrivals)} of processor, with the kiosks'`,
)
console.log(`  ${found} of ${planted} who were recorded twice are pairs; ${pairs.length - found} other pairs`)
for (const [when, all] of [
  ['alone', alone],
  ['while records came', whileTheyCome],
  ['while they were checked', whileChecked],
])
  if (all.length > 0)
    console.log(`  an enrolment took ${whole(median(all))} ms ${when}, the longest ${whole(Math.max(...all))}`)
console.log(`  ${uncompared} of those were recorded before they were compared`)
for (const [message, looks] of problems) console.log(`  ${looks} looks found: ${message}`)
console.log(
  `  longest turn of the event loop ${whole(longest)} ms; memory ${whole(process.memoryUsage().rss / 2 ** 20)} MiB`,
)
await hub.close()
hub = await openHub('third opening')
await hub.close()
await engine.close()
