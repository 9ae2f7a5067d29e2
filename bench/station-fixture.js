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
  announceShipment,
  createIdentity,
  decide,
  hostPrinter,
  installConsumable,
  issueLetter,
  openStation,
  override,
  printCards,
  publicIdentity,
  receive,
  receiveStock,
  requestCard,
  rotateKey,
  saveDraft,
  spoilStock,
  sync,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { MIGRATIONS } from '../dist/station/store/schema.js'
import { randomTemplates } from './support/random-templates.js'

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
    nik: `327601410790000${id.at(-1)}`,
    person: { name: 'Nobody' },
    operator: 'operator-7',
    preCheck,
    reason: 'typed wrong',
  }
  file.transaction(() => {
    const payloads = [
      putPayload(file, keys, 'templates', randomTemplates(text.length + 300)),
      putPayload(file, keys, 'photo', Buffer.from(text)),
    ]
    append(station, { kind, direction: 'up', record: id, recordVersion, payloads, body })
  })
}

record('record-1', 'enrolled', 1, 'templates of record 1')
record('record-2', 'enrolled', 1, 'templates of record 2, which are longer '.repeat(300))
const line = { name: 'fixture', exchange: message => receive(above, message) }
await sync(station, line)
await prints()
rotateKey(station, key)
record('record-2', 'corrected', 2, 'other templates of record 2')
record('record-3', 'enrolled', 1, 'templates of record 3')
requestCard(station, { record: 'record-1', purpose: 'replacement', reason: 'lost', operator: 'operator-7' })
override(station, { limit: 'key-age', operator: 'operator-7', reason: 'fixture', until: '2100-01-01T00:00:00.000Z' })
saveDraft(station, { nik: '3276', operator: 'operator-7' })
await station.close()
await above.close()

/** A card that was printed, one that nobody knows of, and what both took out of the stock. */
async function prints() {
  const operator = 'operator-7'
  for (const id of ['record-1', 'record-2'])
    decide(above, id, { state: 'PRINT_READY_RECORD', by: 'centre', unchecked: 'the ministry compares them' })
  announceShipment(above, {
    to: station.id,
    shipment: 'note-1',
    lines: [{ lot: 'blanks-1', item: 'blank', serials: 'AB000001-AB000500' }],
  })
  await sync(station, line)
  // The card of the first person revokes the letter; of that of the second nobody knows.
  for (const record of ['record-1', 'record-2']) issueLetter(station, { record, operator })
  receiveStock(station, {
    shipment: 'note-1',
    from: 'hub',
    lines: [{ lot: 'blanks-1', item: 'blank', serials: 'AB000001-AB000499' }],
    operator,
  })
  receiveStock(station, {
    shipment: 'note-2',
    from: 'a shop',
    lines: [{ lot: 'ribbons-1', item: 'ribbon', quantity: 3, yieldCards: 500 }],
    operator,
  })
  installConsumable(station, { printer: 'printer-1', lot: 'ribbons-1', operator })
  spoilStock(station, { lines: [{ lot: 'blanks-1', serials: 'AB000007' }], reason: 'bent', operator })
  for (const record of ['record-1', 'record-2']) requestCard(station, { record, operator })
  const document = { title: 'fixture', pages: [{ widthMm: 85.6, heightMm: 53.98 }] }
  const bytes = async () => new Uint8Array(1)
  const outcomes = [{ outcome: 'printed' }, { outcome: 'uncertain', problem: 'lost', message: 'no answer' }]
  const printer = hostPrinter('printer-1', async () => outcomes.shift())
  await printCards(station, { printer, render: async () => ({ ...document, pdf: bytes, png: bytes }) })
}
for (const end of ['hub.db', 'hub.db.mark', 'station.db.mark']) rmSync(join(folder, end))
writeFileSync(join(folder, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`)
writeFileSync(join(folder, 'key.hex'), `${Buffer.from(key).toString('hex')}\n`)
