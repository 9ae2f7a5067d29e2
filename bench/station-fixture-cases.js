/**
 * Writes a hub at which two kiosks have recorded one NIK each, of which one case is open and one settled, into
 * fixtures/stations/v<version>-cases, with its key and its identity.
 *
 *     node bench/station-fixture-cases.js
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addPeer, createIdentity, decide, openStation, publicIdentity, receive, sync } from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'

const folder = join('fixtures/stations', `v${MIGRATIONS.length}-cases`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const key = new Uint8Array(32).map((_, i) => 255 - i)
const identity = await createIdentity('hub')
const hub = await openStation({ path: join(folder, 'station.db'), key, identity })
for (const id of ['kiosk-1', 'kiosk-2']) {
  const own = await createIdentity(id)
  const kiosk = await openStation({ path: join(folder, `${id}.db`), key, identity: own })
  addPeer(kiosk, { ...(await publicIdentity(identity)), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(own)), relation: 'downstream' })
  for (const person of [1, 2]) {
    const preCheck = { decision: 'clear', candidates: [], persons: 0 }
    const body = { nik: `327601410790000${person}`, person: { name: 'Nobody' }, operator: 'operator-7', preCheck }
    append(kiosk, { kind: 'enrolled', direction: 'up', record: `record-${id}-${person}`, recordVersion: 1, body })
  }
  await sync(kiosk, { name: 'fixture', exchange: message => receive(hub, message) })
  await kiosk.close()
}
decide(hub, 'record-kiosk-2-2', { state: 'DUPLICATE_RECORD', by: 'expert-1' })
await hub.close()
for (const id of ['kiosk-1', 'kiosk-2']) for (const end of ['', '.mark']) rmSync(join(folder, `${id}.db${end}`))
rmSync(join(folder, 'station.db.mark'))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)
