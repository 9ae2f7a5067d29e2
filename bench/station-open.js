/**
 * How long a station of 100,000 records takes to open, to say how it stands, and to be verified; what the mark costs each commit.
 *
 *     node bench/station-open.js [records]
 *
 * The station is made once by the functions that enrolment ends in (one signed entry, a sealed body and a sealed payload of 2 KB each) and
 * kept in out/. Nothing of it is synchronised: the dearest case for `status`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import {
  addPeer,
  createIdentity,
  limits,
  openStation,
  publicIdentity,
  rotateKey,
  status,
  verifyStation,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { MarkWriter, markPathOf } from '../dist/station/store/mark.js'
import { putPayload } from '../dist/station/store/payloads.js'

const records = Number(process.argv[2] ?? 100_000)
const folder = 'out/station-open'
const path = join(folder, `${records}.db`)
const key = new Uint8Array(32).fill(3)

const median = values => values.sort((a, b) => a - b)[values.length >> 1]

/** Medians of the time on the clock and of that of the processor: on a machine with other work the second says more. */
async function timed(work, times = 5) {
  const [ms, cpuMs] = [[], []]
  for (let i = 0; i < times; i++) {
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    await work()
    ms.push(performance.now() - start)
    const { user, system } = process.cpuUsage(cpu)
    cpuMs.push((user + system) / 1_000)
  }
  return `${formatMs(median(ms))}, ${formatMs(median(cpuMs))} of a processor`
}

const formatMs = ms => (ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms.toFixed(ms < 1 ? 3 : 1)} ms`)

async function build() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const identity = await createIdentity('bench')
  writeFileSync(join(folder, 'identity.json'), JSON.stringify(identity), { mode: 0o600 })
  const station = await openStation({ path, key, identity })
  addPeer(station, { ...(await publicIdentity(await createIdentity('centre'))), relation: 'upstream' })
  const { file, keys } = partsOf(station)
  for (let i = 0; i < records; ) {
    file.transaction(() => {
      for (const end = Math.min(i + 200, records); i < end; i++) record(station, file, keys, i)
    })
  }
  await station.close()
}

function record(station, file, keys, i) {
  const payload = Buffer.alloc(2_000, `${i} `)
  const preCheck = { decision: i % 50 === 0 ? 'review' : 'clear', candidates: [], persons: i }
  append(station, {
    kind: 'enrolled',
    direction: 'up',
    record: `record-${i}`,
    recordVersion: 1,
    payloads: [putPayload(file, keys, 'templates', payload)],
    body: { nik: String(3276010101900000 + i), person: { name: `Nobody ${i}` }, operator: 'bench', preCheck },
  })
}

if (!existsSync(path)) await build()
const identity = JSON.parse(readFileSync(join(folder, 'identity.json'), 'utf8'))
const megabytes = statSync(path).size / 2 ** 20

// Once, of a file that an older version wrote: its journal is checked, and its tables are made
// anew.
const version = () => {
  const database = new Database(path, { readonly: true })
  const found = database.pragma('user_version', { simple: true })
  database.close()
  return found
}
const before = version()
const adopting = await timed(async () => (await openStation({ path, key, identity })).close(), 1)
const opening = await timed(async () => (await openStation({ path, key, identity })).close())
const station = await openStation({ path, key, identity })
const stating = await timed(() => status(station), 20)
const limiting = await timed(() => limits(station), 20)

const { file, keys } = partsOf(station)
const other = new Database(path)
const write = () => other.exec(`INSERT OR REPLACE INTO noted (about) VALUES ('bench')`)
const writing = await timed(write, 20)
const checking = await timed(() => {
  write()
  file.transaction(() => {})
}, 20)
other.close()
let next = Date.now()
const one = () => file.transaction(() => record(station, file, keys, next++))
const withMark = await timed(one, 300)
const writer = new MarkWriter(markPathOf(path))
let applied = 0
const marking = await timed(
  () =>
    writer.note({ get: sql => (sql.includes('max') ? { last: ++applied } : file.get(sql, identity.id)) }, identity.id),
  300,
)
writer.close()
const rotating = await timed(() => rotateKey(station, key), 3)

let found
const verifying = await timed(async () => {
  found = await verifyStation(station)
}, 1)
const { ok, counts } = found
await station.close()

const row = (what, value) => console.log(`${what.padEnd(34)} ${value}`)
row('records', `${records}, ${megabytes.toFixed(0)} MB`)
if (before < version()) row(`first open, of version ${before}`, adopting)
row('open', opening)
row('another connection writes', writing)
row('  and what it wrote is looked at', checking)
row('status', stating)
row('limits', limiting)
row('one record, on the disk', withMark)
row('  of that the mark', marking)
row('rotateKey', rotating)
row('verify', `${verifying}, ${ok ? 'whole' : 'DAMAGED'}`)
row(
  'unused bytes',
  `${((100 * counts.unusedBytes) / (counts.pages * 4_096)).toFixed(1)} %, of which not zero ${counts.strayBytes}`,
)
