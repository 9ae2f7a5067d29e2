/**
 * Writes a hub to whose kiosk replacements of lost cards were granted into
 * fixtures/stations/v<version>-replacements, with its key and its identity. Of the kiosk's requests
 * and letters the first names no card, as those of versions before 0.2.0; the others do. The stored
 * one was made by version 4, which takes both and ignores the names.
 *
 *     node bench/station-fixture-replacements.js
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addPeer,
  createIdentity,
  decide,
  hostPrinter,
  openStation,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  receiveStock,
  requestCard,
  spoilCard,
  sync,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'

const operator = 'operator-7'
const folder = join('fixtures/stations', `v${MIGRATIONS.length}-replacements`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const key = new Uint8Array(32).map((_, i) => 255 - i)
const [identity, below] = [await createIdentity('hub'), await createIdentity('kiosk-1')]
const hub = await openStation({ path: join(folder, 'station.db'), key, identity })
const kiosk = await openStation({ path: join(folder, 'kiosk.db'), key, identity: below })
addPeer(kiosk, { ...(await publicIdentity(identity)), relation: 'upstream' })
addPeer(hub, { ...(await publicIdentity(below)), relation: 'downstream' })
const meet = () => sync(kiosk, { name: 'fixture', exchange: message => receive(hub, message) })

const records = ['record-1', 'record-2', 'record-3', 'record-4']
for (const record of records) {
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const body = { nik: `327601410790000${record.at(-1)}`, person: { name: 'Nobody' }, operator, preCheck }
  append(kiosk, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body })
}
await meet()
for (const record of records) {
  decide(hub, record, { state: 'PRINT_READY_RECORD', by: 'centre', unchecked: 'the ministry compares them' })
  requestCard(hub, { record, at: 'hub', operator })
}
receiveStock(hub, {
  shipment: 'note-1',
  from: 'a shop',
  lines: [{ lot: 'blanks-1', item: 'blank', serials: 'AB000001-AB000009' }],
  operator,
})
issueLetter('record-4', { beside: [] })
await meet()
await prints()
spoilCard(hub, printJobs(hub, { record: 'record-4' })[0].job, { reason: 'bent', operator })
await meet()
// As if the kiosk had not heard of the card of the third person.
replace('record-3', { replaces: [] })
await meet()
await prints()
spoilCard(hub, printJobs(hub, { record: 'record-4' })[1].job, { reason: 'bent', operator })
replace('record-1', {})
issueLetter('record-1', {})
replace('record-2', { replaces: [printJobs(hub, { record: 'record-2' })[0].job] })
// As if the kiosk had not heard of the card that it has just named.
issueLetter('record-2', { beside: [] })
await meet()
await hub.close()
await kiosk.close()
for (const end of ['kiosk.db', 'kiosk.db.mark', 'station.db.mark']) rmSync(join(folder, end))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)

function replace(record, named) {
  const request = `replacement-${record}`
  const body = { request, at: 'hub', purpose: 'replacement', ...named, reason: 'lost', operator }
  append(kiosk, { kind: 'card-requested', direction: 'up', record, recordVersion: 1, body })
}

function issueLetter(record, named) {
  const issued = { issuedAt: new Date().toISOString(), until: '2027-05-25', verification: 'SDKL1:' }
  const body = { letter: `letter-${record}`, number: record, code: 'PRR', ...issued, ...named, operator }
  append(kiosk, { kind: 'letter-issued', direction: 'up', record, recordVersion: 1, body })
}

async function prints() {
  const bytes = async () => new Uint8Array(1)
  const document = { title: 'fixture', pages: [{ widthMm: 85.6, heightMm: 53.98 }], pdf: bytes, png: bytes }
  const printer = hostPrinter('printer-1', async () => ({ outcome: 'printed' }))
  await printCards(hub, { printer, render: async () => document })
}
