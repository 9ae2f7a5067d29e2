/**
 * Writes a centre at which one kiosk has taken over the key of another one by two entries of kind
 * 'peer', into fixtures/stations/v<version>-vouched, with its key and its identity. The stored one of
 * version 5 let it happen; at that of version 6 the attempt was refused, and the kiosk revoked.
 *
 *     node bench/station-fixture-vouched.js
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addPeer, createIdentity, openStation, publicIdentity, receive, sync } from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'

const folder = join('fixtures/stations', `v${MIGRATIONS.length}-vouched`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const key = new Uint8Array(32).map((_, i) => 255 - i)
const ids = ['centre', 'hub', 'kiosk-1', 'kiosk-2', 'kiosk-1']
const [identity, hubs, victims, attackers, stolen] = await Promise.all(ids.map(createIdentity))
const open = (name, own) => openStation({ path: join(folder, `${name}.db`), key, identity: own })
const centre = await open('station', identity)
const [hub, victim, attacker] = [
  await open('hub', hubs),
  await open('victim', victims),
  await open('attacker', attackers),
]

async function acquaint(below, own, above, others, vouches = false) {
  addPeer(below, { ...(await publicIdentity(others)), relation: 'upstream' })
  addPeer(above, { ...(await publicIdentity(own)), relation: 'downstream', vouches })
}
const meet = (below, above) => sync(below, { name: 'fixture', exchange: message => receive(above, message) })

await acquaint(hub, hubs, centre, identity, true)
await acquaint(victim, victims, hub, hubs)
await acquaint(attacker, attackers, hub, hubs)
const preCheck = { decision: 'clear', candidates: [], persons: 0 }
const body = { nik: '3276014107900001', person: { name: 'Nobody' }, operator: 'operator-7', preCheck }
append(victim, { kind: 'enrolled', direction: 'up', record: 'record-1', recordVersion: 1, body })
await meet(victim, hub)
await meet(hub, centre)
for (const own of [victims, stolen]) {
  const peer = { ...(await publicIdentity(own)), relation: 'downstream' }
  append(attacker, { kind: 'peer', direction: 'up', body: { peer } })
}
await meet(attacker, hub)
await meet(hub, centre)
await hub.close()
// A version that knows nothing of it has no such function.
const { revokePeer } = await import('sidik/station')
revokePeer?.(centre, 'kiosk-2', { operator: 'operator-7', reason: 'fixture' })
// Its own key, by which the tests write for it what it would have written next.
writeFileSync(join(folder, 'victim.json'), `${JSON.stringify(victims, undefined, 2)}\n`)
for (const each of [centre, victim, attacker]) await each.close()
for (const name of ['hub', 'victim', 'attacker']) {
  for (const end of ['', '.mark']) rmSync(join(folder, `${name}.db${end}`))
}
rmSync(join(folder, 'station.db.mark'))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)
