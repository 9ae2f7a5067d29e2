/**
 * How long the plan of a printing office takes, and a card without its printer.
 *
 *     node bench/print-plan.js [requests] [printed]
 *
 * `requests` people wait (10,000 unless given), of whom one in twenty is not cleared, one in fifty has had a card and one in a hundred is urgent, with
 * blanks of four lots with rules for half of them; `printed` more have their cards (20,000). The station is made anew in out/ each time: half a minute.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  addPeer,
  createIdentity,
  decide,
  openStation,
  planPrinting,
  printCards,
  publicIdentity,
  receiveStock,
  requestCard,
} from 'sidik/station'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { median } from './support/median.js'

const [requests, printed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 20_000)]
const folder = 'out/print-plan'
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const identity = await createIdentity('bench')
const key = new Uint8Array(32).fill(3)
const station = await openStation({ path: join(folder, 'station.db'), key, identity })
addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
const { file } = partsOf(station)
const by = { operator: 'bench' }

function person(number) {
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const body = {
    nik: String(3_276_010_000_000_000 + number),
    person: { name: `Person ${number}` },
    operator: 'bench',
    preCheck,
  }
  const record = `record-${number}`
  append(station, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body })
  decide(station, record, { state: number % 20 === 0 ? 'PROCESSING' : 'PRINT_READY_RECORD', by: 'bench' })
  return record
}

/** A card that was printed, as the entries that follow one another say it. */
function printedCard(number) {
  const record = `record-${number}`
  append(station, { kind: 'decision', direction: 'down', record, body: { state: 'PRINT_READY_RECORD', by: 'bench' } })
  const { request } = requestCard(station, { record, ...by })
  const entry = { direction: 'up', record }
  const body = { request, job: `job-${number}`, lot: 'old', printer: 'bench', consumables: [] }
  append(station, { kind: 'card-reserved', ...entry, recordVersion: 1, body })
  for (const kind of ['card-sent', 'card-printed']) append(station, { kind, ...entry, body: { job: `job-${number}` } })
}

function inSlices(from, through, each) {
  for (let number = from; number <= through; ) {
    file.transaction(() => {
      for (const end = Math.min(number + 500, through + 1); number < end; number++) each(number)
    })
  }
}

const lots = [
  { lot: 'old', item: 'blank', quantity: printed + 1 },
  {
    lot: 'prr',
    item: 'blank',
    quantity: Math.ceil(requests / 4),
    rules: { states: ['PRR'], quota: { new: requests / 8 } },
  },
  { lot: 'soon', item: 'blank', quantity: Math.ceil(requests / 8), rules: { until: '2099-01-01T00:00:00.000Z' } },
  { lot: 'any', item: 'blank', quantity: Math.ceil(requests / 4) },
]
receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines: lots, ...by })
inSlices(1, printed, number => {
  person(number)
  printedCard(number)
})
inSlices(printed + 1, printed + requests, number => {
  const record = person(number)
  const urgent = number % 100 === 0 ? { urgent: { reason: 'bench', by: 'bench' } } : {}
  const again = number % 50 === 0 ? { purpose: 'replacement', reason: 'lost' } : {}
  requestCard(station, { record, ...urgent, ...again, ...by })
})

async function timed(times, work) {
  const [ms, cpuMs] = [[], []]
  for (let i = 0; i < times; i++) {
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    await work()
    ms.push(performance.now() - start)
    const { user, system } = process.cpuUsage(cpu)
    cpuMs.push((user + system) / 1_000)
  }
  return `${median(ms).toFixed(1)} ms, ${median(cpuMs).toFixed(1)} ms of a processor`
}

const plan = planPrinting(station)
console.log(`${requests} requests, ${printed} cards printed before: ${plan.prints.length} would print`)
console.log(`  the others wait: ${JSON.stringify(plan.counts)}`)
console.log(`planPrinting: ${await timed(11, () => planPrinting(station))}`)
const policy = { order: ['urgent', 'oldest-record'], quota: { new: 3_000, replacement: 100 } }
console.log(`planPrinting with a policy: ${await timed(11, () => planPrinting(station, { policy }))}`)
const printer = { name: 'bench', print: async () => ({ outcome: 'printed' }) }
const limit = 200
const took = await timed(1, () => printCards(station, { printer, limit, render: async () => ({}) }))
console.log(`printCards, ${limit} cards, a printer that takes no time: ${took}`)
await station.close()
