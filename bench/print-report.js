/**
 * How long the report of a city takes, and the picture of its page in docs/print-report.md.
 *
 *     node bench/print-report.js [requests] [--image FILE.png]
 *
 * Two offices over 120 days in which blanks run out twice, as in 2017: about `requests` people ask for a card (25,000 unless given), 4.7 % of the
 * blanks are spoiled. The rows are written straight into the tables: what is measured is reading them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import {
  addPeer,
  createIdentity,
  openStation,
  printReport,
  publicIdentity,
  REPORT_TABLES,
  reportCsv,
  reportDocument,
} from 'sidik/station'
import { Random } from '../dist/random.js'
import { partsOf } from '../dist/station/station.js'
import { median } from './support/median.js'

const requests = Number(process.argv[2] ?? 25_000)
const imagePath = process.argv[3] === '--image' ? process.argv[4] : undefined
const folder = 'out/print-report'
const OFFICES = ['3276-01', '3276-02']
const DAYS = 120
const DAY_MS = 86_400_000
const START_MS = Date.parse('2017-03-01T08:00:00+07:00')
const SPOILED = 0.047
/** Blanks of all offices by day; the queue of the day before the first, as a share of all requests. */
const SHIPMENTS = [
  [40, 0.4],
  [75, 0.25],
  [100, 0.04],
  [107, 0.04],
  [114, 0.04],
]
const QUEUE_BEFORE = 0.5

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const clock = { ms: START_MS + DAYS * DAY_MS - 16 * 3_600_000 }
const identity = await createIdentity('city')
const options = { path: join(folder, 'station.db'), key: new Uint8Array(32).fill(3), identity, clock: () => clock.ms }
const station = await openStation(options)
for (const id of OFFICES)
  addPeer(station, { ...(await publicIdentity(await createIdentity(id))), relation: 'downstream' })
const { file } = partsOf(station)

let [number, cards] = [0, 0]

class Office {
  constructor(id, random) {
    Object.assign(this, {
      id,
      random,
      sequence: 0,
      waiting: { new: [], replacement: [] },
      printed: [],
      available: 0,
      balance: new Map(),
    })
  }

  move(ms, lot, from, to, quantity, job = null) {
    const at = new Date(ms).toISOString()
    file.run(
      'INSERT INTO stock_move (station, sequence, line, at, lot, from_account, to_account, quantity, job) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)',
      ...[this.id, ++this.sequence, at, lot, from, to, quantity, job],
    )
    for (const [account, by] of [
      [from, -quantity],
      [to, quantity],
    ]) {
      const key = `${lot} ${account}`
      this.balance.set(key, (this.balance.get(key) ?? 0) + by)
    }
  }

  request(ms) {
    const purpose = this.random.uniform() < 0.75 ? 'new' : 'replacement'
    this.waiting[purpose].push({ id: `r${++number}`, ms, purpose, urgent: this.random.uniform() < 0.01 ? 1 : 0 })
  }

  /** Cards of a day: as many as two printers make, or blanks allow. */
  print(ms) {
    const most = Math.min(
      this.available,
      this.waiting.new.length + this.waiting.replacement.length,
      Math.round(this.random.uniform(0.8, 1.1) * (requests / OFFICES.length / 60)),
    )
    for (let i = 0; i < most; i++) {
      const at = ms + i * 60_000
      const next = this.waiting.new.length > 0 ? this.waiting.new : this.waiting.replacement
      const job = `j${++cards}`
      this.move(at, 'blanks', 'available', 'reserved', 1, job)
      this.available--
      if (this.random.uniform() < SPOILED) {
        this.move(at + 30_000, 'blanks', 'reserved', 'spoiled', 1, job)
        this.job(job, next[0], 'spoiled', at, at + 30_000)
        continue
      }
      const request = next.shift()
      this.move(at + 30_000, 'blanks', 'reserved', 'printed', 1, job)
      const handedMs = at + this.random.uniform(0.1, 9) * DAY_MS
      const isHanded = handedMs < clock.ms
      this.job(job, request, isHanded ? 'handed-over' : 'printed', at, isHanded ? handedMs : at + 30_000)
      this.write(request, isHanded ? 'handed-over' : 'printed', isHanded ? handedMs : at + 30_000)
    }
  }

  job(id, request, state, reservedMs, changedMs) {
    const times = [reservedMs, changedMs].map(ms => new Date(ms).toISOString())
    file.run(
      `INSERT INTO print_job (id, request, record, station, lot, printer, consumables, state, reserved_at, changed_at)
       VALUES (?, ?, ?, ?, 'blanks', 'p1', '[]', ?, ?, ?)`,
      ...[id, request.id, request.id, this.id, state, ...times],
    )
  }

  write({ id, ms, purpose, urgent }, state, changedMs) {
    const times = [ms, changedMs].map(each => new Date(each).toISOString())
    file.run(
      `INSERT INTO card_request (id, record, station, prints, purpose, urgent, state, requested_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, id, this.id, this.id, purpose, urgent, state, ...times],
    )
  }

  finish() {
    for (const request of Object.values(this.waiting).flat()) this.write(request, 'waiting', request.ms)
    for (const [key, quantity] of this.balance) {
      if (quantity !== 0)
        file.run('INSERT INTO stock_balance VALUES (?, ?, ?, ?)', this.id, ...key.split(' '), quantity)
    }
  }
}

const offices = OFFICES.map((id, i) => new Office(id, new Random(i + 1)))
file.transaction(() => {
  file.run("INSERT INTO lot (id, item) VALUES ('blanks', 'blank'), ('ribbons', 'ribbon')")
  const [before, perDay] = [requests * QUEUE_BEFORE, (requests * (1 - QUEUE_BEFORE)) / DAYS].map(
    all => all / OFFICES.length,
  )
  for (const office of offices) {
    for (let i = 0; i < before; i++) office.request(START_MS - office.random.uniform(0, 90) * DAY_MS)
    for (const queue of Object.values(office.waiting)) queue.sort((a, b) => a.ms - b.ms)
    office.move(START_MS, 'ribbons', 'received', 'available', 20)
    office.move(START_MS, 'ribbons', 'available', 'installed', 1)
    for (let i = 1; i < 18; i++) {
      office.move(START_MS + (40 + 3 * i) * DAY_MS, 'ribbons', 'installed', 'used', 1)
      office.move(START_MS + (40 + 3 * i) * DAY_MS, 'ribbons', 'available', 'installed', 1)
    }
    for (let day = 0; day < DAYS; day++) {
      const ms = START_MS + day * DAY_MS
      const [, share = 0] = SHIPMENTS.find(([on]) => on === day) ?? []
      const blanks = Math.round((share * requests) / OFFICES.length / 100) * 100
      if (blanks > 0) {
        office.move(ms, 'blanks', 'received', 'available', blanks)
        office.available += blanks
      }
      // Not on Sundays.
      if (new Date(ms).getUTCDay() === 0) continue
      for (let i = 0; i < perDay * office.random.uniform(0.9, 1.4); i++) office.request(ms + i * 60_000)
      office.print(ms + 60_000)
    }
    office.finish()
  }
})

function timed(name, work) {
  const cpuMs = []
  let result
  for (let i = 0; i < 5; i++) {
    const cpu = process.cpuUsage()
    result = work()
    const { user, system } = process.cpuUsage(cpu)
    cpuMs.push((user + system) / 1_000)
  }
  console.log(`${name}: ${median(cpuMs).toFixed(0)} ms of a processor`)
  return result
}

console.log(`${number} requests, ${cards} blanks used`)
const asked = { from: '2017-03-01', to: '2017-06-28', utcOffsetMinutes: 420 }
const report = timed('printReport, 120 days', () => printReport(station, asked))
if (!report.balances) throw new Error('the books do not add up')
timed('four tables of CSV', () => REPORT_TABLES.map(table => reportCsv(report, table)))
const cpu = process.cpuUsage()
const document = reportDocument(report)
const png = await document.png(0, 110)
const { user } = process.cpuUsage(cpu)
console.log(`page of 110 dpi: ${(user / 1_000).toFixed(0)} ms of a processor, ${document.pages.length} page(s)`)
if (imagePath !== undefined) {
  writeFileSync(
    imagePath,
    await sharp(png).greyscale().png({ palette: true, colours: 16, compressionLevel: 9 }).toBuffer(),
  )
  console.log(`${imagePath}: ${(await sharp(imagePath).metadata()).width} px wide`)
}
await station.close()
