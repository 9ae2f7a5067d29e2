import {
  cancelCard,
  cardRequests,
  decide,
  discrepancies,
  handOver,
  hostTransport,
  issueLetter,
  letters,
  letterVerification,
  planPrinting,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  recordOf,
  requestCard,
  resolveJob,
  type Station,
  spoilCard,
  stock,
  sync,
  uncertainJobs,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { type Place, threePlaces } from '../sync/support.ts'
import { cleared, network } from './network.ts'
import {
  BY,
  blanks,
  CLEARED,
  corrected,
  expectLaws,
  JAM,
  nikOf,
  printerThat,
  READY,
  render,
  WHY,
  withdrawn,
} from './support.ts'

const statesAt = (station: Station) => printJobs(station).map(({ state }) => state)

it('what a station prints is known above, with its books and its letters', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  const one = await cleared(hub, below[0], 1)
  const two = await cleared(hub, below[0], 2)
  const letter = issueLetter(station, { record: one, ...BY })
  await meet()
  expect(letters(hub)).toMatchObject([{ record: one, station: 'kiosk-1', state: 'valid' }])
  const { verifyKey } = await publicIdentity(partsOf(station).identity)
  const text = letterVerification(hub, letter.letter)
  expect(verifyLetter(text, () => verifyKey, { station: hub }).valid).toBe(true)
  blanks(station, 3)
  for (const id of [one, two]) requestCard(station, { record: id, ...BY })
  const { printed, uncertain } = await printCards(station, { printer: printerThat(undefined as never, JAM), render })
  handOver(station, printed[0].job, { to: 'Siti Rahasia', ...BY })
  await meet()
  expect(cardRequests(hub)).toEqual(cardRequests(station))
  expect(printJobs(hub)).toEqual(printJobs(station))
  expect(statesAt(hub)).toEqual(['handed-over', 'uncertain'])
  expect(stock(hub, { station: 'kiosk-1' })).toEqual(stock(station))
  expect(verifyLetter(text, () => verifyKey, { station: hub })).toMatchObject({ why: 'revoked' })
  // Whose card it is says what becomes of it.
  const { job } = uncertain[0]
  expect(uncertainJobs(hub)).toEqual([])
  for (const say of [
    () => resolveJob(hub, job, { found: 'printed', ...BY }),
    () => spoilCard(hub, printed[0].job, WHY),
  ]) {
    expect(say).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
  }
  // Nor is it printed above.
  blanks(hub, 3, { lot: 'lot-hub', first: 500 })
  expect(planPrinting(hub)).toEqual({ prints: [], waits: [], counts: {} })
  resolveJob(station, job, { found: 'spoiled', ...BY })
  await meet()
  expect(stock(hub, { station: 'kiosk-1' })[0].accounts).toEqual({ received: -3, available: 1, printed: 1, spoiled: 1 })
  expect(discrepancies(hub)).toEqual([])
  for (const each of [station, hub]) {
    expectLaws(each)
    expect((await verifyStation(each)).findings).toEqual([])
  }
})

it('a card that a station asks of the one above is printed there, and known below', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  const id = await cleared(hub, below[0], 1)
  blanks(station, 2)
  blanks(hub, 2, { lot: 'lot-hub', first: 500 })
  const { request } = requestCard(station, { record: id, at: 'hub', ...BY })
  expect(() => requestCard(station, { record: id, ...BY })).toThrow(
    expect.objectContaining({ code: 'PRINT_REQUESTED' }),
  )
  expect(planPrinting(station)).toMatchObject({ prints: [], waits: [{ request, code: 'elsewhere' }] })
  expect(() => cancelCard(station, request, WHY)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
  await meet()
  expect(planPrinting(hub).prints).toMatchObject([{ request, lot: 'lot-hub' }])
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  await meet()
  expect(cardRequests(station)).toMatchObject([{ request, state: 'printed', at: 'hub' }])
  expect(printJobs(station)).toMatchObject([{ station: 'hub', serial: 'AB000500', state: 'printed' }])
  expect(() => handOver(station, printed[0].job, { to: 'X', ...BY })).toThrow(
    expect.objectContaining({ code: 'PRINT_STATE' }),
  )
  expect(() => requestCard(station, { record: id, ...BY })).toThrow(
    expect.objectContaining({ code: 'PRINT_REQUESTED' }),
  )
  handOver(hub, printed[0].job, { to: 'the kiosk', ...BY })
  await meet()
  expect(cardRequests(station)).toMatchObject([{ state: 'handed-over' }])
  // The books of those above are theirs.
  expect(stock(station).map(({ lot, accounts }) => [lot, accounts])).toEqual([
    ['lot-1', { received: -2, available: 2 }],
  ])
  expect([...discrepancies(station), ...discrepancies(hub)]).toEqual([])
  // The hub asks by itself, to be printed where the person is.
  const other = await cleared(hub, below[0], 2)
  requestCard(hub, { record: other, at: 'kiosk-1', ...BY })
  await meet()
  expect(planPrinting(hub).prints).toEqual([])
  expect((await printCards(station, { printer: printerThat(), render })).printed).toMatchObject([{ record: other }])
  await meet()
  expect(cardRequests(hub, { record: other })).toMatchObject([{ state: 'printed', station: 'hub', at: 'kiosk-1' }])
  for (const each of [station, hub]) {
    expectLaws(each)
    expect((await verifyStation(each)).findings).toEqual([])
  }
})

it('a record that is corrected or withdrawn below while it waits or is printed above', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  blanks(hub, 4)
  const ids: string[] = []
  for (const number of [1, 2, 3]) ids.push(await cleared(hub, below[0], number))
  for (const id of ids) requestCard(station, { record: id, at: 'hub', ...BY })
  await meet()
  withdrawn(station, ids[1])
  const printer = printerThat(async () => {
    // While the first is in the printer, all of this comes.
    corrected(station, ids[0], nikOf(1))
    corrected(station, ids[2], nikOf(7))
    await meet()
    decide(hub, ids[2], CLEARED)
    return { outcome: 'printed' }
  })
  const { printed, waits } = await printCards(hub, { printer, render })
  expect(printed.map(({ record: id, version }) => [id, version])).toEqual([
    [ids[0], 1],
    [ids[2], 2],
  ])
  expect(waits).toMatchObject([{ record: ids[1], code: 'withdrawn' }])
  expect(() => handOver(hub, printed[0].job, { to: 'X', ...BY })).toThrow(/corrected after/)
  spoilCard(hub, printed[0].job, { ...BY, reason: 'the record was corrected' })
  expect(planPrinting(hub).waits).toMatchObject([{ record: ids[0], code: 'not-ready' }, { code: 'withdrawn' }])
  decide(hub, ids[0], CLEARED)
  const again = await printCards(hub, { printer: printerThat(), render })
  expect(again.printed).toMatchObject([{ record: ids[0], version: 2 }])
  await meet()
  expect(printJobs(station)).toEqual(printJobs(hub))
  expectLaws(station)
  expectLaws(hub)
})

it('stations that print for one NIK contradict each other, and the one above says so', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const ids = [await cleared(hub, below[0], 1), await cleared(hub, below[1], 2)]
  const [first, second] = below
  for (const [i, { station }] of below.entries()) {
    blanks(station, 2, { lot: `lot-${i}`, first: 1 + i * 100 })
    requestCard(station, { record: ids[i], ...BY })
  }
  expect((await printCards(first.station, { printer: printerThat(), render })).printed).toHaveLength(1)
  await first.meet()
  // Without the centre's word about the new NIK no program prints: this one writes by hand that it has.
  corrected(second.station, ids[1], nikOf(1))
  expect((await printCards(second.station, { printer: printerThat(), render })).printed).toEqual([])
  const [{ request }] = cardRequests(second.station)
  const route = { direction: 'up', record: ids[1], recordVersion: 2 } as const
  const serial = { prefix: 'AB', digits: 6, number: 101 }
  const body = { request, job: 'by-hand', lot: 'lot-1', serial, printer: 'p', consumables: [] }
  append(second.station, { kind: 'card-reserved', ...route, body })
  for (const kind of ['card-sent', 'card-printed'] as const) {
    append(second.station, { kind, ...route, body: { job: 'by-hand' } })
  }
  await second.meet()
  expect(discrepancies(hub)).toMatchObject([{ station: 'kiosk-2', code: 'printed-twice', detail: { what: 'person' } }])
  // A third record of that NIK gets none.
  record(hub, 'record-hub', { nik: nikOf(1) })
  expect(() => requestCard(hub, { record: 'record-hub', ...BY })).toThrow(
    expect.objectContaining({ code: 'PRINT_REQUESTED' }),
  )
  for (const each of [hub, ...below.map(({ station }) => station)])
    expect((await verifyStation(each)).findings).toEqual([])
})

it('one blank that two stations say to have printed on', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  for (const [i, each] of below.entries()) {
    const id = await cleared(hub, each, i + 1)
    blanks(each.station, 2)
    requestCard(each.station, { record: id, ...BY })
    await printCards(each.station, { printer: printerThat(), render })
    await each.meet()
  }
  const found = discrepancies(hub).filter(({ code }) => code === 'printed-twice')
  expect(found).toMatchObject([{ station: 'kiosk-2', detail: { what: 'blank' } }])
  expect(discrepancies(hub).map(({ code }) => code)).toContain('serial-elsewhere')
})

it('the word of a station about the cards of another has no effect', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [one, two] = below
  const id = await cleared(hub, one, 1)
  blanks(one.station, 1)
  const { request } = requestCard(one.station, { record: id, ...BY })
  await one.meet()
  const forged = { direction: 'up', record: id } as const
  const rogue = two.station
  const job = 'job-forged'
  append(rogue, {
    kind: 'card-requested',
    ...forged,
    body: { request: 'planted', at: 'kiosk-2', purpose: 'new', ...BY },
  })
  append(rogue, { kind: 'card-cancelled', ...forged, body: { request, ...WHY } })
  append(rogue, { kind: 'card-reserved', ...forged, body: { request, job, lot: 'x', printer: 'p', consumables: [] } })
  append(rogue, { kind: 'card-printed', ...forged, body: { job } })
  const body = {
    number: '1',
    letter: 'planted',
    code: 'PRR',
    issuedAt: new Date().toISOString(),
    until: '2099-01-01',
    verification: 'x',
    ...BY,
  }
  append(rogue, { kind: 'letter-issued', ...forged, body })
  await two.meet()
  expect(cardRequests(hub)).toMatchObject([{ request, state: 'waiting' }])
  expect([...printJobs(hub), ...letters(hub)]).toEqual([])
  const { printed } = await printCards(one.station, { printer: printerThat(), render })
  append(rogue, { kind: 'card-spoiled', ...forged, body: { job: printed[0].job, ...WHY } })
  await one.meet()
  await two.meet()
  expect(statesAt(hub)).toEqual(['printed'])
  expectLaws(hub)
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('a request that comes before its record is there when that comes, and can be cancelled before', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station }] = below
  const [source, target] = [partsOf(station), { ...partsOf(hub), self: hub.id }]
  for (const id of ['record-1', 'record-2']) {
    record(station, id, { nik: nikOf(Number(id.at(-1))) })
    requestCard(station, { record: id, at: 'hub', ...BY })
  }
  const take = (kind: string, id: string) => {
    const rows = entriesFrom(source.file, station.id, 1, 100).map(row => ({ row, entry: signedEntryOf(row) }))
    const { row, entry } = rows.find(({ entry: { header } }) => header.kind === kind && header.record === id)!
    target.file.transaction(() => takeEntry(target, entry, bodyBytesOf(source.file, source.keys, row)))
  }
  for (const id of ['record-1', 'record-2']) take('card-requested', id)
  const waiting = cardRequests(hub)
  expect(waiting).toHaveLength(2)
  cancelCard(hub, waiting.find(({ record: id }) => id === 'record-1')!.request, WHY)
  expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [] })
  for (const id of ['record-1', 'record-2']) take('enrolled', id)
  blanks(hub, 2)
  decide(hub, 'record-2', CLEARED)
  expect(planPrinting(hub).prints).toMatchObject([{ record: 'record-2' }])
  expect(() => requestCard(hub, { record: 'record-2', ...BY })).toThrow(
    expect.objectContaining({ code: 'PRINT_REQUESTED' }),
  )
})

it('tells who lost a card that the station has not heard of where to ask, and waits for a message only', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  const records = [await cleared(hub, below[0], 1), await cleared(hub, below[0], 2)]
  for (const record of records) requestCard(station, { record, at: 'hub', ...BY })
  await meet()
  // The line is down: the hub prints and hands over.
  blanks(hub, 9, { lot: 'lot-hub' })
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  for (const { job } of printed) handOver(hub, job, { to: 'Siti Rahasia', ...BY })
  const again = { purpose: 'replacement', reason: 'lost', at: 'hub', ...BY } as const
  const told = expect.objectContaining({
    code: 'PRINT_REQUESTED',
    message: expect.stringMatching(/^station hub .*ask/),
  })
  for (const record of records) expect(() => requestCard(station, { ...again, record })).toThrow(told)
  requestCard(hub, { ...again, record: records[0] })
  await meet()
  requestCard(station, { ...again, record: records[1] })
  await meet()
  expect((await printCards(hub, { printer: printerThat(), render })).printed).toHaveLength(2)
  await meet()
  expect(cardRequests(station)).toEqual(cardRequests(hub))
  for (const each of [hub, station]) expect(discrepancies(each)).toEqual([])
})

it('a letter of a station that did not know of the card is revoked, above as below', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  const id = await cleared(hub, below[0], 1)
  const lost = await cleared(hub, below[0], 2)
  for (const record of [id, lost]) requestCard(station, { record, at: 'hub', ...BY })
  await meet()
  blanks(hub, 3, { lot: 'lot-hub' })
  await printCards(hub, { printer: printerThat(), render })
  for (const { job } of printJobs(hub, { record: lost })) handOver(hub, job, { to: 'Siti Rahasia', ...BY })
  issueLetter(station, { record: id, ...BY })
  await meet()
  expect(letters(hub)).toMatchObject([{ record: id, state: 'revoked' }])
  expect(letters(hub)).toEqual(letters(station).map(letter => ({ ...letter, changedAt: expect.any(String) })))
  // Who has lost a card waits again: that letter stands, also while the next card is being printed.
  requestCard(station, { record: lost, purpose: 'replacement', reason: 'lost', at: 'hub', ...BY })
  await meet()
  await printCards(hub, { printer: printerThat(JAM), render })
  issueLetter(station, { record: lost, ...BY })
  await meet()
  for (const each of [hub, station]) expect(letters(each, { record: lost })).toMatchObject([{ state: 'valid' }])
  for (const each of [hub, station]) expect(await verifyStation(each)).toMatchObject({ ok: true })
})

it('a card that was handed over is issued, as the hub says when it hears of it', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  const id = await cleared(hub, below[0], 1)
  blanks(station, 1)
  requestCard(station, { record: id, ...BY })
  const { printed } = await printCards(station, { printer: printerThat(), render })
  handOver(station, printed[0].job, { to: 'Siti', ...BY })
  const states = () => [hub, station].map(each => recordOf(each, id)?.centreState)
  expect(states()).toEqual([READY, READY])
  await meet()
  await meet()
  expect(states()).toEqual(['CARD_ISSUED', 'CARD_ISSUED'])
  // Nothing is said twice.
  const decisions = () => partsOf(hub).file.all(`SELECT 1 FROM journal WHERE kind = 'decision' AND record = ?`, id)
  expect(decisions()).toHaveLength(2)
  await meet()
  expect(decisions()).toHaveLength(2)
  for (const each of [hub, station]) expect((await verifyStation(each)).findings).toEqual([])
})

it('a card that the centre prints for a kiosk of a hub is known at all three', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  const meet = async (below: Place, above: Place) =>
    void (await sync(
      below.station,
      hostTransport('here', message => receive(above.station, message)),
    ))
  const all = async () => {
    await meet(kiosk, hub)
    await meet(hub, centre)
    await meet(kiosk, hub)
  }
  record(kiosk.station, 'record-1', { nik: nikOf(1) })
  await all()
  decide(centre.station, 'record-1', CLEARED)
  await all()
  const id = kiosk.station.id
  requestCard(kiosk.station, { record: 'record-1', at: centre.station.id, ...BY })
  blanks(centre.station, 3)
  await all()
  expect(planPrinting(hub.station)).toMatchObject({ prints: [], waits: [] })
  const { printed } = await printCards(centre.station, { printer: printerThat(), render })
  expect(printed).toHaveLength(1)
  await all()
  for (const { station } of [kiosk, hub, centre]) {
    expect(cardRequests(station)).toMatchObject([
      { record: 'record-1', state: 'printed', station: id, at: centre.station.id },
    ])
    expect(printJobs(station)).toMatchObject([{ station: centre.station.id, state: 'printed' }])
    // Nobody makes a second one.
    expect(() => requestCard(station, { record: 'record-1', ...BY })).toThrow(
      expect.objectContaining({ code: 'PRINT_REQUESTED' }),
    )
    expectLaws(station)
    expect((await verifyStation(station)).findings).toEqual([])
  }
})
