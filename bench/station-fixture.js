/**
 * Writes a small station of the version that this program makes into fixtures/stations/v<version>, with its key and its identity: made once for
 * each version that is released, and opened by the tests of all later ones.
 *
 *     node bench/station-fixture.js
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addPeer,
  createIdentity,
  openStation,
  override,
  publicIdentity,
  receive,
  rotateKey,
  saveDraft,
  sync,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'

const folder = join('fixtures/stations', `v${MIGRATIONS.length}`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const key = new Uint8Array(32).map((_, i) => 255 - i)
const [identity, hub] = [await createIdentity('3276-01'), await createIdentity('hub')]
const station = await openStation({ path: join(folder, 'station.db'), key: new Uint8Array(32), identity })
const above = await openStation({ path: join(folder, 'hub.db'), key, identity: hub })
addPeer(station, { ...(await publicIdentity(hub)), relation: 'upstream' })
addPeer(above, { ...(await publicIdentity(identity)), relation: 'downstream' })

function record(id, kind, recordVersion, text) {
  const { file, keys } = partsOf(station)
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const body = {
    nik: '3276014107900001',
    person: { name: 'Nobody' },
    operator: 'operator-7',
    preCheck,
    reason: 'typed wrong',
  }
  file.transaction(() => {
    const payloads = [putPayload(file, keys, 'templates', Buffer.from(text))]
    append(station, { kind, direction: 'up', record: id, recordVersion, payloads, body })
  })
}

record('record-1', 'enrolled', 1, 'templates of record 1')
record('record-2', 'enrolled', 1, 'templates of record 2, which are longer '.repeat(300))
await sync(station, { name: 'fixture', exchange: message => receive(above, message) })
rotateKey(station, key)
record('record-2', 'corrected', 2, 'other templates of record 2')
record('record-3', 'enrolled', 1, 'templates of record 3')
override(station, { limit: 'key-age', operator: 'operator-7', reason: 'fixture', until: '2100-01-01T00:00:00.000Z' })
saveDraft(station, { nik: '3276', operator: 'operator-7' })
await station.close()
await above.close()
for (const end of ['hub.db', 'hub.db.mark', 'station.db.mark']) rmSync(join(folder, end))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)
