/**
 * Measures what a card costs from its request to the hand-over, without printer and paper:
 * processor time, and where it goes.
 *
 *     node bench/station-cards.js [persons]
 */
import { mkdirSync, rmSync } from 'node:fs'
import {
  addPeer,
  createIdentity,
  decide,
  handOver,
  openStation,
  printCards,
  publicIdentity,
  receiveStock,
  requestCard,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'

const persons = Number(process.argv[2] ?? 300)
const folder = 'out/station-cards'
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const identity = await createIdentity('bench')
const station = await openStation({ path: `${folder}/station.db`, key: new Uint8Array(32).fill(3), identity })
addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
const by = { operator: 'bench' }
const serial = number => `AB${String(number).padStart(6, '0')}`
const lines = [{ lot: 'lot-1', item: 'blank', serials: `${serial(1)}-${serial(persons)}` }]
receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines, ...by })

async function timed(what, work) {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  const each = value => `${(value / persons).toFixed(2)} ms`
  console.log(`${what.padEnd(24)} ${each(performance.now() - start)}, ${each((user + system) / 1_000)} of a processor`)
}

const ids = Array.from({ length: persons }, (_, i) => `record-${i}`)
const preCheck = { decision: 'clear', candidates: [], persons: 0 }
await timed('recorded', () => {
  for (const [i, record] of ids.entries()) {
    const body = { nik: String(3276010101900000 + i), person: { name: `Nobody ${i}` }, operator: 'bench', preCheck }
    append(station, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body })
  }
})
await timed('cleared', () => {
  for (const id of ids)
    decide(station, id, { state: 'PRINT_READY_RECORD', by: 'bench', unchecked: 'the ministry compares them' })
})
await timed('asked for', () => {
  for (const record of ids) requestCard(station, { record, ...by })
})
const document = { title: 'a card', pages: [{ widthMm: 85.6, heightMm: 53.98 }], pdf: async () => new Uint8Array(1) }
const render = async () => ({ ...document, png: document.pdf })
const printer = { name: 'bench', print: async () => ({ outcome: 'printed' }) }
let printed
await timed('printed', async () => {
  printed = (await printCards(station, { printer, render })).printed
})
await timed('handed over', () => {
  for (const { job } of printed) handOver(station, job, { to: 'the person', ...by })
})
await station.close()
