/**
 * How fast records go onto a stick and off it: export and import of bundles, and the bundle back.
 *
 *   node bench/bundles.js [--records N] [--payload-bytes N] [--folder DIR]
 *
 * Payloads are random bytes, which nothing makes smaller. The folder stands for the stick: what a real one adds is its own speed.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  addPeer,
  createIdentity,
  exportBundle,
  importBundle,
  inspectBundles,
  openStation,
  publicIdentity,
} from '../dist/station/index.js'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { describeMachine } from './support/machine.js'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000' },
    'payload-bytes': { type: 'string', default: '150000' },
    folder: { type: 'string' },
  },
})
const records = Number(values.records)
const payloadBytes = Number(values['payload-bytes'])
const parent = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-bundles-'))
const stick = join(parent, 'stick')
mkdirSync(stick)

const identities = { kiosk: await createIdentity('kiosk'), centre: await createIdentity('centre') }
const key = randomBytes(32)
const open = identity => openStation({ path: join(parent, `${identity.id}.db`), key, identity })
const kiosk = await open(identities.kiosk)
const centre = await open(identities.centre)
addPeer(kiosk, { ...(await publicIdentity(identities.centre)), relation: 'upstream' })
addPeer(centre, { ...(await publicIdentity(identities.kiosk)), relation: 'downstream' })

const { file, keys } = partsOf(kiosk)
const preCheck = { decision: 'not-run', candidates: [], persons: 0 }
for (let i = 0; i < records; i++) {
  file.transaction(() => {
    const payloads = [putPayload(file, keys, 'photo', randomBytes(payloadBytes))]
    const body = { nik: String(3_276_010_000_000_000 + i), person: {}, operator: 'operator', preCheck }
    append(kiosk, { kind: 'enrolled', direction: 'up', record: `r${i}`, recordVersion: 1, body, payloads })
  })
}

let highest = 0
const watch = () => {
  highest = Math.max(highest, process.memoryUsage().rss)
}

/** @param bytesOf what was read or written; undefined where that is next to nothing */
async function timed(what, work, bytesOf = () => undefined) {
  const started = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const seconds = (performance.now() - started) / 1000
  // Beside others on one machine the clock on the wall says little.
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1e6).toFixed(1)
  const size = bytesOf(result)
  const rate = size === undefined ? '' : `, ${(size / seconds / 1e6).toFixed(1)} MB/s`
  console.log(
    `${what}: ${seconds.toFixed(1)} s (${cpu} s of processors), ${(records / seconds).toFixed(0)} records/s${rate}`,
  )
  return result
}

console.log(JSON.stringify(describeMachine()))
console.log(`${records} records of ${payloadBytes} bytes`)
const before = process.memoryUsage().rss
const exporting = () => exportBundle(kiosk, { to: 'centre', folder: stick, onProgress: watch })
const { bytes, files } = await timed('export', exporting, result => result.bytes)
const importing = () => importBundle(centre, { folder: stick, onProgress: watch })
const all = () => bytes
await timed('inspect', () => inspectBundles({ folder: stick }), all)
await timed('import (checks all first)', importing, all)
await timed('import once more', importing, all)
const back = join(parent, 'back')
mkdirSync(back)
await timed('receipts back', () => exportBundle(centre, { to: 'kiosk', folder: back }))
await timed('receipts taken', () => importBundle(kiosk, { folder: back }))
const waiting = file.get(`SELECT count(*) AS n FROM record WHERE transport_state <> 'synchronised'`).n
console.log(
  `${files.length - 1} part of ${(bytes / 1e6).toFixed(1)} MB (${(bytes / records / payloadBytes).toFixed(3)} of the payloads); ${waiting} records wait`,
)
console.log(`memory: ${Math.round(highest / 2 ** 20)} MiB at most, ${Math.round(before / 2 ** 20)} MiB before`)

// The disk alone, for comparison: how long it takes to hash what was written.
const some = randomBytes(2 ** 20)
const started = performance.now()
for (let i = 0; i < 200; i++) createHash('sha256').update(some).digest()
console.log(`SHA-256 of this machine: ${(200 / ((performance.now() - started) / 1000)).toFixed(0)} MiB/s`)
await kiosk.close()
await centre.close()
rmSync(parent, { recursive: true })
