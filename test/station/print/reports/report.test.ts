import { decide, printReport } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../../dist/random.js'
import { append } from '../../../../dist/station/journal/append.js'
import { partsOf } from '../../../../dist/station/station.js'
import { edit } from '../../guard/support.ts'
import { newPlace } from '../../sync/support.js'
import { isKnown, jakartaDay, queueDay, spread, stockDay, waits } from './expected.js'
import { below, newOffice, type Office, syncTo } from './offices.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Midnight in Jakarta. */
const START_MS = Date.parse('2017-03-01T00:00:00+07:00')
const JAKARTA = { utcOffsetMinutes: 420 }

const days = (from: string, count: number) =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(from) + i * DAY_MS).toISOString().slice(0, 10))

/** Some days of an office's life, by chance from a seed. */
function live(office: Office, clock: { ms: number }, random: Random, numberOfDays: number, every: number): void {
  const chance = (share: number) => random.uniform() < share
  const [blanks, ribbons] = [`B-${office.id}`, `R-${office.id}`]
  let [available, printed]: [number, typeof office.cards] = [0, []]
  for (let day = 0; day < numberOfDays; day++) {
    if (day % every !== 0) continue
    // From just after midnight, which is the day before in UTC, to late in the evening.
    clock.ms = START_MS + day * DAY_MS + 60_000
    office.together(() => {
      if (day % (5 * every) === every) {
        office.receive(blanks, 'blank', 12)
        available += 12
      }
      if (day === every) {
        office.receive(ribbons, 'ribbon', 3)
        office.install(ribbons)
      }
      for (let i = random.uniform(0, 4); i > 1; i--) {
        const card = office.request(chance(0.7) ? 'new' : 'replacement', chance(0.2))
        if (chance(0.2)) office.issueLetter(card)
        clock.ms += HOUR_MS
      }
      const waiting = office.cards.filter(card => card.printedMs === undefined && card.cancelledMs === undefined)
      if (chance(0.1) && waiting.length > 0) office.cancel(waiting.shift()!)
      for (const card of waiting.slice(0, Math.min(3, available))) {
        if (chance(0.1)) office.release(card, blanks)
        else {
          if (chance(0.15)) office.jam(card, blanks)
          else office.print(card, blanks)
          available--
        }
        clock.ms += HOUR_MS
      }
      clock.ms = START_MS + day * DAY_MS + 23.5 * HOUR_MS
      printed = office.cards.filter(card => card.printedMs !== undefined && card.handedOverMs === undefined)
      for (const card of printed) {
        if (chance(0.1)) office.spoil(card, blanks)
        else if (chance(0.6)) office.handOver(card)
      }
      if (available > 4 && chance(0.1)) {
        office.correct(blanks, 1, false)
        office.spoilBlanks(blanks, 1)
        office.send(blanks, 1, 'elsewhere')
        office.giveBack(blanks, 1)
        available -= 4
      }
      if (chance(0.1)) {
        office.correct(blanks, 1, true)
        available++
      }
    })
  }
  office.together(() => {
    office.useUp(ribbons)
    const left = office.cards.find(card => card.printedMs === undefined && card.cancelledMs === undefined)
    if (available > 0 && left !== undefined) office.begin(left, blanks)
  })
}

/** What a report must say of the offices, from the first to the last of `dates`. */
function check(
  report: ReturnType<typeof printReport>,
  offices: readonly Office[],
  dates: readonly string[],
  nowMs: number,
) {
  const byId = offices.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const items = ['blank', 'ribbon']
  const stock = dates.flatMap(day =>
    byId.flatMap(office => items.filter(item => isKnown(office, item, day)).map(item => stockDay(office, item, day))),
  )
  expect(report.stock).toEqual(stock)
  expect(report.queue).toEqual(dates.flatMap(day => byId.map(office => queueDay(office, day))))
  const last = dates.at(-1)!
  const isWithin = (ms: number | undefined) => ms !== undefined && dates.includes(jakartaDay(ms))
  const times = (of: readonly Office[]) => {
    const cards = of.flatMap(office => office.cards)
    const waiting = cards.filter(card => waits(card, last))
    const oldest = Math.min(...waiting.map(card => card.requestedMs))
    return {
      toPrint: spread(
        cards
          .filter(({ printedMs }) => isWithin(printedMs))
          .map(card => (card.printedMs! - card.requestedMs) / HOUR_MS),
      ),
      toHandOver: spread(
        cards
          .filter(({ handedOverMs }) => isWithin(handedOverMs))
          .map(card => (card.handedOverMs! - card.requestedMs) / HOUR_MS),
      ),
      waiting: waiting.length,
      ...(waiting.length > 0 && {
        oldestRequestedAt: new Date(oldest).toISOString(),
        oldestHours: Math.round(((nowMs - oldest) / HOUR_MS) * 100) / 100,
      }),
    }
  }
  expect(report.waiting).toEqual([...byId.map(office => ({ station: office.id, ...times([office]) })), times(byId)])
  for (const { station, item, period, total, differences, balances } of report.reconciliation) {
    const rows = stock.filter(row => row.station === station && row.item === item)
    const sum = (name: string) => rows.reduce((all, row) => all + Number(row[name]), 0)
    for (const name of ['received', 'found', 'printed', 'used', 'spoiled', 'returned', 'sent', 'missing'] as const) {
      expect([station, item, name, period[name]]).toEqual([station, item, name, sum(name)])
    }
    for (const name of ['available', 'reserved', 'installed'] as const) {
      expect([period[name], total[name]]).toEqual([rows.at(-1)![name], rows.at(-1)![name]])
    }
    expect([differences, balances]).toEqual([[], true])
  }
  expect(report.balances).toBe(true)
}

describe('printReport', () => {
  it('says of 120 days of three offices, seen from the one above, what they did; and of any days between', async () => {
    const clock = { ms: START_MS }
    const hub = await newOffice('hub', clock)
    const offices = [await newOffice('3276-02', clock), await newOffice('3276-01', clock), hub]
    for (const office of offices.slice(0, 2)) below(office, hub.place)
    for (const [i, office] of offices.entries()) live(office, clock, new Random(i + 1), 120, 4 + 2 * i)
    clock.ms = START_MS + 120 * DAY_MS
    for (const office of offices.slice(0, 2)) await syncTo(office, hub.place)
    clock.ms -= 60_000
    const report = printReport(hub.station, { from: '2017-03-01', to: '2017-06-28', ...JAKARTA })
    expect(report).toMatchObject({ madeBy: 'hub', stations: ['3276-01', '3276-02', 'hub'], ...JAKARTA })
    check(report, offices, days('2017-03-01', 120), clock.ms)
    expect(report.queue.reduce((sum, { printed }) => sum + printed, 0)).toBeGreaterThan(100)
    expect(report.uncertain.map(({ station, printer }) => [station, printer])).toEqual(
      offices
        .filter(({ cards }) =>
          cards.some(
            card => card.job && card.printedMs === undefined && card.cancelledMs === undefined && isOpen(hub, card.job),
          ),
        )
        .map(({ id }) => [id, 'p1'])
        .sort(),
    )

    // Own rows are the same at the office itself, and days in the middle those of the whole.
    const [office] = offices
    const own = printReport(office.station, { from: '2017-04-10', to: '2017-04-30', ...JAKARTA })
    expect(own.stations).toEqual(['3276-02'])
    check(own, [office], days('2017-04-10', 21), Date.parse('2017-05-01T00:00:00+07:00'))
    const two = printReport(hub.station, {
      from: '2017-04-10',
      to: '2017-04-10',
      stations: ['hub', '3276-02'],
      ...JAKARTA,
    })
    check(two, [office, hub], ['2017-04-10'], Date.parse('2017-04-11T00:00:00+07:00'))
  })

  it('is of zeros for days without anything, and before there is anything', async () => {
    const clock = { ms: START_MS }
    const office = await newOffice('3276-09', clock)
    const report = printReport(office.station, JAKARTA)
    expect([report.from, report.to, report.stations]).toEqual(['2017-01-31', '2017-03-01', ['3276-09']])
    check(report, [office], days('2017-01-31', 30), clock.ms)
    expect([report.stock, report.reconciliation, report.discrepancies, report.uncertain]).toEqual([[], [], [], []])

    office.receive('B', 'blank', 5)
    const card = office.request('new', false)
    clock.ms += 40 * DAY_MS
    const quiet = printReport(office.station, { ...JAKARTA, from: '2017-04-05' })
    check(quiet, [office], days('2017-04-05', 6), clock.ms)
    expect(quiet.stock.map(({ available, received }) => [available, received])).toEqual(Array(6).fill([5, 0]))
    expect(quiet.waiting[0]).toMatchObject({ waiting: 1, oldestHours: 960 })

    office.print(card, 'B')
    const [row] = printReport(office.station, { ...JAKARTA, to: '2017-04-10', from: '2017-04-10' }).reconciliation
    expect(row.period).toMatchObject({ start: 5, received: 0, cameIn: 5, printed: 1, available: 4, accountedFor: 5 })
    expect(row.total).toMatchObject({ start: 0, received: 5, cameIn: 5, printed: 1, available: 4, accountedFor: 5 })
    // As it was the day before.
    const before = printReport(office.station, { ...JAKARTA, to: '2017-04-09', from: '2017-04-09' })
    expect(before.reconciliation[0].total).toMatchObject({ received: 5, printed: 0, available: 5, balances: true })
  })

  it('counts on the day that an office has, whatever its offset', async () => {
    const clock = { ms: Date.parse('2017-03-01T23:30:00Z') }
    const office = await newOffice('3276-08', clock)
    office.receive('B', 'blank', 5)
    const dayOf = (utcOffsetMinutes: number) => printReport(office.station, { utcOffsetMinutes }).stock.at(-1)!.day
    expect([-60, 0, 29, 30, 420].map(dayOf)).toEqual([
      '2017-03-01',
      '2017-03-01',
      '2017-03-01',
      '2017-03-02',
      '2017-03-02',
    ])
  })

  it('says why people wait, as far as tables tell', async () => {
    const clock = { ms: START_MS }
    const [office, hub] = [await newOffice('3276-07', clock), await newPlace('hub')]
    below(office, hub)
    const [ready, , failed, uncertain, set] = [1, 2, 3, 4, 5].map(() => office.request('new', false))
    await syncTo(office, hub)
    for (const card of [ready, uncertain, set])
      decide(hub.station, card.record, { state: 'PRR', by: 'centre', unchecked: 'the ministry compares them' })
    decide(hub.station, failed.record, { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'centre' })
    await syncTo(office, hub)
    const reasons = () => printReport(office.station).reasons
    const none = { withdrawn: 0, toDecide: 0, unchecked: 0, inHand: 0, uncertain: 0, noBlank: 0, ready: 0 }
    const some = { station: '3276-07', ...none }
    const notReady = { '-': 1, ENROLL_FAILURE_AT_CENTRAL: 1 }
    expect(reasons()).toEqual([{ ...some, notReady, noBlank: 3 }])
    // As another program may say it.
    const body = { state: '__proto__', by: 'centre' }
    append(hub.station, { kind: 'decision', direction: 'down', record: failed.record, recordVersion: 1, body })
    await syncTo(office, hub)
    expect(Object.entries(reasons()[0].notReady)).toEqual([
      ['-', 1],
      ['__proto__', 1],
    ])
    decide(hub.station, failed.record, { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'centre' })
    await syncTo(office, hub)
    office.receive('B', 'blank', 5)
    office.begin(uncertain, 'B')
    expect(reasons()).toEqual([{ ...some, notReady, uncertain: 1, ready: 2 }])
    decide(hub.station, ready.record, { state: 'PRR', by: 'centre' })
    await syncTo(office, hub)
    expect(reasons()).toEqual([{ ...some, notReady, uncertain: 1, unchecked: 1, ready: 1 }])
    const seen = printReport(office.station).uncertain
    expect(seen).toMatchObject([{ station: '3276-07', job: uncertain.job, lot: 'B', since: expect.any(String) }])
  })

  it('finds where the books of a station do not agree with themselves', async () => {
    const clock = { ms: START_MS }
    const office = await newOffice('3276-06', clock)
    office.receive('B', 'blank', 5)
    office.receive('R', 'ribbon', 2)
    office.print(office.request('new', false), 'B')
    const state = () =>
      printReport(office.station, JAKARTA).reconciliation.map(({ lot, balances, period, differences }) => [
        ...[lot, balances, period.balances],
        ...differences.map(({ account, with: way, moves, counted }) => `${account} ${way} ${moves} ${counted}`),
      ])
    expect(state()).toEqual([
      ['B', true, true],
      ['R', true, true],
    ])
    edit(office.station.path, "UPDATE stock_balance SET quantity = 9 WHERE lot = 'R' AND account = 'available'")
    expect(state()[1]).toEqual(['R', false, false, 'available balance 2 9'])
    edit(office.station.path, "UPDATE print_job SET state = 'released'")
    expect(state()[0]).toEqual(['B', true, true])
    edit(office.station.path, "UPDATE print_job SET state = 'reserved'")
    expect(state()[0]).toEqual(['B', false, true, 'reserved cards 0 1', 'printed cards 1 0'])
    edit(office.station.path, "DELETE FROM stock_move WHERE lot = 'R'")
    expect(state()[1]).toEqual(['R', false, false, 'available balance 0 9', 'received balance 0 -2'])
    expect(printReport(office.station, JAKARTA).balances).toBe(false)
  })

  it('refuses what it cannot report on', async () => {
    const { station } = await newOffice('3276-05', { ms: START_MS })
    const thrown = (options: object) => {
      try {
        printReport(station, options)
      } catch (error) {
        return `${(error as Error).constructor.name}: ${(error as Error).message}`
      }
    }
    expect(thrown({ form: '2017-01-01' })).toMatch(/^TypeError.*did you mean 'from'/)
    expect(thrown({ from: 20170101 })).toMatch(/^TypeError: from /)
    for (const to of ['2017-02-30', '2017-2-1', 'today', '2017-01-01T00:00:00Z'])
      expect(thrown({ to })).toMatch(/^RangeError: to /)
    expect(thrown({ from: '2017-03-02', to: '2017-03-01' })).toBe('RangeError: from is after to')
    expect(thrown({ from: '2014-01-01', to: '2017-03-01' })).toMatch(/^RangeError: from and to are 1156 days/)
    expect(thrown({ utcOffsetMinutes: 900 })).toMatch(/^RangeError: utcOffsetMinutes/)
    expect(thrown({ stations: [] })).toMatch(/^TypeError: stations/)
    expect(thrown({ stations: ['3276-05', 'elsewhere'] })).toBe(
      'SidikError: stations[1] is not this station, nor one below it',
    )
  })
})

function isOpen(hub: Office, job: string): boolean {
  const row = partsOf(hub.station).file.get<{ state: string }>('SELECT state FROM print_job WHERE id = ?', job)
  return row?.state === 'sent' || row?.state === 'uncertain'
}
