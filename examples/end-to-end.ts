/**
 * The whole way in one file: two kiosks record three people without a line, one of them twice. The line comes back,
 * the hub finds who was recorded twice, somebody decides, and the cards are printed and handed over.
 *
 *     node end-to-end.js PRINTS FOLDER
 *
 * PRINTS holds prints of three fingers in two impressions each: 101_1.png, 101_2.png, 102_1.png and so on.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import * as sidik from 'sidik/station'

const [prints, folder] = process.argv.slice(2)
if (prints === undefined || folder === undefined) throw new Error('usage: node end-to-end.js PRINTS FOLDER')
const [key, operator, by] = [crypto.getRandomValues(new Uint8Array(32)), 'operator-7', 'expert-1']
await using engine = await createEngine()

async function open(id: string) {
  const identity = await sidik.createIdentity(id)
  const station = await sidik.openStation({ path: join(folder!, `${id}.db`), key, identity, engine })
  return { station, identity: await sidik.publicIdentity(identity), line: { id, identity } }
}
const [hub, beji, cinere] = [await open('hub'), await open('beji'), await open('cinere')]
const served = await sidik.serveHub(hub.station, { port: 0 })
for (const { station, identity } of [beji, cinere]) {
  sidik.addPeer(station, { ...hub.identity, relation: 'upstream' })
  sidik.addPeer(hub.station, { ...identity, relation: 'downstream' })
}

async function enrol(station: sidik.Station, name: string, nik: string, finger: number, impression: number) {
  const image = await readFile(join(prints!, `${finger}_${impression}.png`))
  const address = { street: 'Jalan Mawar 1' }
  const person = { name, birthDate: '1990-02-15', sex: 'male', birthPlace: 'Depok', address } as const
  const missing = [2, 3, 4, 5, 6, 7, 8, 9, 10].map(position => [position, 'not-captured' as const])
  const fingers = [{ position: 1, image }]
  // The print's picture stands in for photo and signature, which a card needs.
  const rest = { exceptions: Object.fromEntries(missing), photo: image, signature: image, operator }
  const result = await sidik.enrol(station, { nik, person, fingers, ...rest })
  if (!result.recorded) throw new Error(result.feedback.map(({ message }) => message).join('; '))
  return result.recordId
}
const budi = await enrol(beji.station, 'Budi', '3276051502900001', 101, 1)
const agus = await enrol(beji.station, 'Agus', '3276051502900002', 102, 1)
const again = await enrol(cinere.station, 'Budi S.', '3276051502900003', 101, 2)
const joko = await enrol(cinere.station, 'Joko', '3276051502900004', 103, 1)

async function synchronise() {
  for (const { station, line } of [beji, cinere, beji]) {
    const transport = sidik.httpTransport({ url: served.url, identity: line.identity, peer: hub.identity })
    await sidik.sync(station, transport)
    await transport.close?.()
  }
}
await synchronise()
await sidik.checkRecords(hub.station)
for (const pair of sidik.adjudications(hub.station)) console.log('to decide:', pair)

sidik.decide(hub.station, again, { state: 'DUPLICATE_RECORD', duplicateOf: budi, by })
for (const record of [budi, agus, joko]) sidik.decide(hub.station, record, { state: 'PRINT_READY_RECORD', by })
await synchronise()

for (const [{ station }, serials] of [
  [beji, 'AB0001-AB0010'],
  [cinere, 'AB0011-AB0020'],
] as const) {
  const lines = [{ lot: 'L-1', item: 'blank', serials }]
  sidik.receiveStock(station, { shipment: `SJ-${station.id}`, from: 'Ditjen Dukcapil', operator, lines })
  const { records } = sidik.records(station, { station: station.id })
  for (const { id } of records) sidik.requestCard(station, { record: id, operator })
  const { printed, waits } = await sidik.printCards(station, { printer: sidik.filePrinter({ folder, format: 'pdf' }) })
  for (const { job } of printed) sidik.handOver(station, job, { to: 'the person', operator })
  console.log(
    `${station.id}: ${printed.length} handed over; waits: ${waits.map(({ code }) => code).join() || 'nobody'}`,
  )
}
await served.close()
for (const { station } of [beji, cinere, hub]) await station.close()
