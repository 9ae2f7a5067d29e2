/**
 * Writes a hub at which two kiosks have recorded one NIK each, of which one case is open and one settled, and
 * one person under two NIKs, found by their fingers, into fixtures/stations/v<version>-cases, with its key and
 * its identity. One more record has come since, and is not compared yet. The record that fell has a card, of which
 * the station of the other was told.
 *
 *     node bench/station-fixture-cases.js
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import {
  addPeer,
  checkRecords,
  createIdentity,
  decide,
  encodeTemplates,
  openStation,
  publicIdentity,
  receive,
  sync,
} from 'sidik/station'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'

const folder = join('fixtures/stations', `v${MIGRATIONS.length}-cases`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const key = new Uint8Array(32).map((_, i) => 255 - i)
const identity = await createIdentity('hub')
const engine = await createEngine({ threads: 1 })
const hub = await openStation({ path: join(folder, 'station.db'), key, identity, engine, check: { background: false } })

const fingersOf = make => encodeTemplates([1, 2].map(position => ({ position, template: make(5, position) })))
function recorded(kiosk, person, nik, templates) {
  const { file, keys } = partsOf(kiosk)
  const payloads = templates === undefined ? [] : [putPayload(file, keys, 'templates', templates)]
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const body = { nik, person: { name: 'Nobody' }, operator: 'operator-7', preCheck }
  append(kiosk, {
    kind: 'enrolled',
    direction: 'up',
    record: `record-${kiosk.id}-${person}`,
    recordVersion: 1,
    body,
    payloads,
  })
}

function printed(kiosk, record) {
  const says = (kind, body) => append(kiosk, { kind, direction: 'up', record, recordVersion: 1, body })
  const request = { request: 'request-1', at: kiosk.id, purpose: 'new', operator: 'operator-7' }
  says('card-requested', request)
  says('card-reserved', { request: 'request-1', job: 'job-1', lot: 'lot-1', printer: 'printer-1', consumables: [] })
  says('card-printed', { job: 'job-1' })
}

for (const id of ['kiosk-1', 'kiosk-2']) {
  const own = await createIdentity(id)
  const kiosk = await openStation({ path: join(folder, `${id}.db`), key, identity: own })
  addPeer(kiosk, { ...(await publicIdentity(identity)), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(own)), relation: 'downstream' })
  for (const person of [1, 2]) recorded(kiosk, person, `327601410790000${person}`)
  const again = (seed, finger) => syntheticProbe(seed, finger, 'clean')
  recorded(kiosk, 3, `32760141079001${id.slice(-1)}1`, fingersOf(id === 'kiosk-1' ? syntheticTemplate : again))
  await sync(kiosk, { name: 'fixture', exchange: message => receive(hub, message) })
  await checkRecords(hub)
  if (id === 'kiosk-2') {
    printed(kiosk, 'record-kiosk-2-2')
    recorded(
      kiosk,
      4,
      '3276014107900199',
      fingersOf((seed, finger) => syntheticTemplate(seed, finger + 20)),
    )
    await sync(kiosk, { name: 'fixture', exchange: message => receive(hub, message) })
  }
  await kiosk.close()
}
decide(hub, 'record-kiosk-2-2', { state: 'DUPLICATE_RECORD', by: 'expert-1' })
await hub.close()
await engine.close()
rmSync(join(folder, 'station.db.index'), { recursive: true })
for (const id of ['kiosk-1', 'kiosk-2']) for (const end of ['', '.mark']) rmSync(join(folder, `${id}.db${end}`))
rmSync(join(folder, 'station.db.mark'))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)
