/** Cards that a city prints for a sub-district: sent, received, handed over there. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cardRequests,
  discrepancies,
  dispatchStock,
  filePrinter,
  handOver,
  issueLetter,
  letters,
  planPrinting,
  printCards,
  printJobs,
  printReport,
  receiveCards,
  receiveStock,
  records,
  requestCard,
  resolveJob,
  type Station,
  sendCards,
  serialsTwice,
  shipments,
  spoilCard,
  status,
  stock,
  verifyStation,
} from 'sidik/station'
import { afterAll, expect, it, vi } from 'vitest'
import { type Below, cleared, network } from './network.ts'
import { BY, blanks, corrected, expectLaws, printerThat, render, WHY, withdrawn } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'sidik-passed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const refused = (code: string) => expect.objectContaining({ code })
const stateAt = (station: Station, job: string) => printJobs(station).find(each => each.job === job)?.state
const accountsOf = (station: Station, of = station.id, lot = 'lot-hub') =>
  stock(station, { station: of }).find(each => each.lot === lot)?.accounts

/** A city that has printed `count` cards for its sub-district, which has heard of it. */
async function printed(count: number, ...others: string[]) {
  const { hub, below } = await network('kiosk-1', ...others)
  const [kiosk] = below
  blanks(hub, 20, { lot: 'lot-hub' })
  for (let i = 1; i <= count; i++) requestCard(hub, { record: await cleared(hub, kiosk, i), ...BY })
  const { printed: jobs } = await printCards(hub, { printer: printerThat(), render })
  await kiosk.meet()
  return { hub, kiosk: kiosk.station, meet: kiosk.meet, below, jobs: jobs.map(({ job }) => job), cards: jobs }
}

async function expectSound(...stations: readonly Station[]): Promise<void> {
  for (const station of stations) {
    expectLaws(station)
    expect((await verifyStation(station)).findings).toEqual([])
    const report = printReport(station, { utcOffsetMinutes: 420 })
    expect(report.reconciliation.filter(({ balances }) => !balances)).toEqual([])
  }
}

it('a card is asked for at the city, printed there, and handed over at the sub-district', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station: kiosk, meet }] = below
  const record = await cleared(hub, below[0], 1)
  blanks(hub, 2, { lot: 'lot-hub' })
  requestCard(hub, { record, ...BY })
  const printer = filePrinter({ folder, format: 'pdf' })
  const done = await printCards(hub, { printer, accepts: () => true })
  expect(readdirSync(folder)).toHaveLength(1)
  const [{ job, serial }] = done.printed
  expect(accountsOf(hub)).toEqual({ received: -2, available: 1, printed: 1 })
  const [sent] = sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [job], ...BY })
  expect(sent).toMatchObject({ state: 'on-its-way', station: 'hub', holder: 'kiosk-1', shipment: 'K-1' })
  await meet()
  for (const station of [hub, kiosk]) {
    expect(printJobs(station, { state: 'on-its-way' })).toMatchObject([{ job, holder: 'kiosk-1' }])
    expect(printJobs(station, { state: 'printed' })).toEqual([])
    expect(() => handOver(station, job, { to: 'Siti', ...BY })).toThrow(refused('PRINT_STATE'))
    expect(() => requestCard(station, { record, ...BY })).toThrow(refused('PRINT_REQUESTED'))
    expect(planPrinting(station)).toMatchObject({ prints: [], waits: [] })
    const note = { shipment: 'K-1', state: 'on-its-way', from: 'hub', to: 'kiosk-1', isOfCards: true }
    expect(shipments(station, { state: 'on-its-way' })).toMatchObject([note])
    const way = { from: 'hub', to: 'kiosk-1', shipment: 'K-1', cards: 1 }
    expect(printReport(station).onTheirWay).toMatchObject([way])
    expect(status(station).cardsOnTheirWay).toBe(1)
  }
  expect(accountsOf(hub)).toEqual({ received: -2, available: 1, sent: 1 })
  const { cards, unknown, discrepancies: found } = receiveCards(kiosk, { shipment: 'K-1', cards: [serial!], ...BY })
  expect({ cards, unknown, found }).toMatchObject({ cards: [{ job, state: 'printed' }], unknown: [], found: [] })
  expect(accountsOf(kiosk)).toEqual({ received: -1, printed: 1 })
  // The city has not heard of it, and does not say what becomes of it.
  handOver(kiosk, job, { to: 'Siti Rahmawati', ...BY })
  await meet()
  expect(() => spoilCard(hub, job, WHY)).toThrow(refused('PRINT_STATE'))
  for (const station of [hub, kiosk]) {
    expect(stateAt(station, job)).toBe('handed-over')
    expect(cardRequests(station)).toMatchObject([{ state: 'handed-over', at: 'hub' }])
    expect(records(station).records).toMatchObject([{ centreState: 'CARD_ISSUED' }])
    expect(accountsOf(station, 'kiosk-1')).toEqual({ received: -1, printed: 1 })
    expect(shipments(station, { state: 'received' })).toMatchObject([{ shipment: 'K-1', differences: [] }])
    expect(serialsTwice(station)).toEqual([])
    expect(discrepancies(station)).toEqual([])
  }
  await expectSound(hub, kiosk)
})

it('one that is missing stays on its way and can come later; one too many and another one are on record', async () => {
  const { hub, kiosk, meet, jobs, cards } = await printed(3)
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  await meet()
  const [one, two, three] = cards.map(({ serial }) => serial!)
  const came = receiveCards(kiosk, { shipment: 'K-1', cards: [one, three, 'ZZ000009'], ...BY })
  expect(came.unknown).toEqual(['ZZ000009'])
  expect(came.discrepancies).toMatchObject([
    { code: 'shipment-differs', detail: { sent: 3, received: 3, missing: two, more: 'ZZ000009' } },
  ])
  await meet()
  for (const station of [hub, kiosk]) {
    expect(discrepancies(station)).toMatchObject([{ station: 'kiosk-1', code: 'shipment-differs' }])
    expect(shipments(station, { state: 'differs' })).toMatchObject([{ shipment: 'K-1' }])
    expect(printJobs(station, { state: 'on-its-way' })).toMatchObject([{ serial: two }])
  }
  // Under the same number, when it comes: alone, and as nothing else.
  expect(receiveCards(kiosk, { shipment: 'K-1', cards: [two], ...BY })).toMatchObject({
    cards: [{ serial: two }],
    discrepancies: [],
  })
  expect(receiveCards(kiosk, { shipment: 'K-1', cards: [two], ...BY }).unknown).toEqual([two])
  for (const job of jobs) handOver(kiosk, job, { to: 'Siti', ...BY })
  await meet()
  expect(printJobs(hub, { state: 'handed-over' })).toHaveLength(3)
  await expectSound(hub, kiosk)
})

it('what is lost on the way is printed anew, once the city says so; if it turns up, nobody gets both', async () => {
  const { hub, kiosk, meet, jobs } = await printed(1)
  const [job] = jobs
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  await meet()
  expect(() => spoilCard(kiosk, job, WHY)).toThrow(refused('PRINT_STATE'))
  expect((await printCards(hub, { printer: printerThat(), render })).printed).toEqual([])
  spoilCard(hub, job, { ...BY, reason: 'the courier lost it' })
  expect(accountsOf(hub)).toEqual({ received: -20, available: 19, spoiled: 1 })
  const again = await printCards(hub, { printer: printerThat(), render })
  expect(again.printed).toHaveLength(1)
  const [second] = again.printed.map(each => each.job)
  await meet()
  // The first comes after all.
  expect(receiveCards(kiosk, { shipment: 'K-1', cards: [job], ...BY }).cards).toMatchObject([{ job }])
  expect(() => handOver(kiosk, job, { to: 'Siti', ...BY })).toThrow(refused('PRINT_REQUESTED'))
  spoilCard(kiosk, job, { ...BY, reason: 'destroyed: another was printed' })
  sendCards(hub, { shipment: 'K-2', to: 'kiosk-1', cards: [second], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-2', cards: [second], ...BY })
  handOver(kiosk, second, { to: 'Siti', ...BY })
  await meet()
  for (const station of [hub, kiosk]) {
    expect([stateAt(station, job), stateAt(station, second)]).toEqual(['spoiled', 'handed-over'])
    expect(cardRequests(station)).toMatchObject([{ state: 'handed-over' }])
    expect(new Set(discrepancies(station).map(({ code }) => code))).toContain('card-elsewhere')
  }
})

it('a card that turns up before another was printed is handed over, and none is printed', async () => {
  const { hub, kiosk, meet, jobs } = await printed(1)
  const [job] = jobs
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards: jobs, ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  spoilCard(hub, job, { ...BY, reason: 'nobody has seen it' })
  expect(planPrinting(hub).prints).toHaveLength(1)
  await meet()
  expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [] })
  for (const station of [hub, kiosk]) {
    expect(stateAt(station, job)).toBe('handed-over')
    expect(discrepancies(station)).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'card-elsewhere' })]),
    )
  }
})

it('a card goes back and is sent anew; one that nobody took comes back under its own number', async () => {
  const { hub, kiosk, meet, jobs } = await printed(2)
  const [job, other] = jobs
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  // Nothing is sent twice, nor from a place where it is not.
  expect(() => sendCards(hub, { shipment: 'K-2', to: 'kiosk-1', cards: [job], ...BY })).toThrow(refused('PRINT_STATE'))
  await meet()
  expect(() => sendCards(kiosk, { shipment: 'B-1', to: 'hub', cards: [job], ...BY })).toThrow(refused('PRINT_STATE'))
  receiveCards(kiosk, { shipment: 'K-1', cards: [job], ...BY })
  sendCards(kiosk, { shipment: 'B-1', to: 'hub', cards: [job], ...BY })
  await meet()
  for (const station of [hub, kiosk]) expect(stateAt(station, job)).toBe('on-its-way')
  expect(receiveCards(hub, { shipment: 'B-1', cards: [job], ...BY })).toMatchObject({ discrepancies: [] })
  // The courier has brought the other one back.
  expect(receiveCards(hub, { shipment: 'K-1', cards: [other], ...BY })).toMatchObject({ discrepancies: [] })
  await meet()
  for (const station of [hub, kiosk]) {
    for (const each of jobs) expect(printJobs(station).find(one => one.job === each)).not.toHaveProperty('holder')
  }
  expect(accountsOf(hub)).toEqual({ received: -20, available: 18, printed: 2 })
  expect(accountsOf(kiosk)).toEqual({ received: -1, sent: 1 })
  sendCards(hub, { shipment: 'K-2', to: 'kiosk-1', cards: jobs, ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-2', cards: jobs, ...BY })
  for (const each of jobs) handOver(kiosk, each, { to: 'Siti', ...BY })
  await meet()
  expect(printJobs(hub, { state: 'handed-over' })).toHaveLength(2)
  expect(shipments(hub).filter(({ isOfCards }) => isOfCards)).toMatchObject([
    { shipment: 'B-1', state: 'received' },
    { shipment: 'K-1', state: 'differs' },
    { shipment: 'K-2', state: 'received' },
  ])
  for (const each of [hub, kiosk]) expect(serialsTwice(each)).toEqual([])
  await expectSound(hub, kiosk)
})

it('is sent to the station of the record alone, and what came to a wrong one is not its', async () => {
  const { hub, meet, below, jobs, cards } = await printed(2, 'kiosk-2')
  const [kiosk, wrong] = below.map(({ station }) => station)
  expect(() => sendCards(hub, { shipment: 'X-1', to: 'kiosk-2', cards: jobs, ...BY })).toThrow(/station kiosk-1/)
  expect(() => sendCards(hub, { shipment: 'X-1', to: 'nobody', cards: jobs, ...BY })).toThrow(refused('PEER_UNKNOWN'))
  requestCard(hub, { record: await cleared(hub, below[1], 9), ...BY })
  const { printed: theirs } = await printCards(hub, { printer: printerThat(), render })
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  sendCards(hub, { shipment: 'K-2', to: 'kiosk-2', cards: [theirs[0].job], ...BY })
  await meet()
  await below[1].meet()
  // One of the first lies in the parcel of the second.
  const [mine, strays] = [cards[0].serial!, cards[1].serial!]
  expect(() => receiveCards(wrong, { shipment: 'K-1', cards: [strays], ...BY })).toThrow(refused('STOCK_UNKNOWN'))
  const came = receiveCards(wrong, { shipment: 'K-2', cards: [theirs[0].serial!, strays], ...BY })
  expect(came).toMatchObject({
    unknown: [strays],
    discrepancies: [{ code: 'shipment-differs', detail: { more: strays } }],
  })
  expect(() => handOver(wrong, cards[1].job, { to: 'X', ...BY })).toThrow(refused('PRINT_UNKNOWN'))
  receiveCards(kiosk, { shipment: 'K-1', cards: [mine], ...BY })
  await meet()
  await below[1].meet()
  expect(printJobs(hub, { state: 'on-its-way' })).toMatchObject([{ serial: strays, holder: 'kiosk-1' }])
  expect(discrepancies(hub).map(({ station, detail }) => [station, detail.missing ?? detail.more])).toEqual([
    ['kiosk-2', strays],
    ['kiosk-1', strays],
  ])
  // They send it on by hand.
  expect(receiveCards(kiosk, { shipment: 'K-1', cards: [strays], ...BY }).cards).toHaveLength(1)
  await meet()
  await expectSound(hub, kiosk, wrong)
})

it('is not handed over when the record was withdrawn, corrected, or is one of two of a person since', async () => {
  const { hub, meet, below, jobs } = await printed(3, 'kiosk-2')
  const [kiosk] = below.map(({ station }) => station)
  const all = printJobs(kiosk)
  const recordOf = (job: string) => all.find(each => each.job === job)!.record
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards: jobs, ...BY })
  const numberOf = (job: string) => Number(recordOf(job).at(-1))
  // The second kiosk records the NIK of the first card.
  await cleared(hub, below[1], 7, `327601${String(4_107_900_000 + numberOf(jobs[0])).padStart(10, '0')}`)
  await meet()
  expect(() => handOver(kiosk, jobs[0], { to: 'X', ...BY })).toThrow(/same NIK or fingers/)
  withdrawn(kiosk, recordOf(jobs[1]))
  expect(() => handOver(kiosk, jobs[1], { to: 'X', ...BY })).toThrow(/withdrawn/)
  corrected(kiosk, recordOf(jobs[2]), `327601${String(4_107_900_000 + numberOf(jobs[2])).padStart(10, '0')}`)
  expect(() => handOver(kiosk, jobs[2], { to: 'X', ...BY })).toThrow(/corrected after/)
  // What is of no use is spoiled where it lies, and the city learns of it.
  spoilCard(kiosk, jobs[1], WHY)
  await meet()
  expect(stateAt(hub, jobs[1])).toBe('spoiled')
  // One of a record that was withdrawn in time does not leave.
  await expectSound(hub, kiosk)
})

it('does not leave when its record was withdrawn, and is resolved by nobody while it is away', async () => {
  const { hub, kiosk, meet, jobs } = await printed(2)
  const of = printJobs(hub).find(({ job }) => job === jobs[0])!.record
  withdrawn(kiosk, of)
  await meet()
  expect(() => sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })).toThrow(/withdrawn/)
  expect(stateAt(hub, jobs[1])).toBe('printed')
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [jobs[1]], ...BY })
  expect(() => resolveJob(hub, jobs[1], { found: 'spoiled', ...BY })).toThrow(/not here/)
  expect(() => sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [jobs[0]], ...BY })).toThrow(
    refused('STOCK_SENT'),
  )
})

it('notes of cards and of blanks are not taken for one another', async () => {
  const { hub, kiosk, meet, jobs } = await printed(1)
  const lines = [{ lot: 'lot-hub', item: 'blank', serials: 'AB000010-AB000011' }]
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: jobs, ...BY })
  dispatchStock(hub, {
    shipment: 'S-1',
    to: 'kiosk-1',
    lines: [{ lot: 'lot-hub', serials: 'AB000010-AB000011' }],
    ...BY,
  })
  expect(() => sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: jobs, ...BY })).toThrow(refused('STOCK_SENT'))
  await meet()
  expect(() => receiveStock(kiosk, { shipment: 'K-1', from: 'hub', lines, ...BY })).toThrow(refused('PRINT_STATE'))
  expect(() => receiveCards(kiosk, { shipment: 'S-1', cards: [], ...BY })).toThrow(refused('STOCK_UNKNOWN'))
  receiveStock(kiosk, { shipment: 'S-1', from: 'hub', lines, ...BY })
  receiveCards(kiosk, { shipment: 'K-1', cards: jobs, ...BY })
  // A lot's quota is of those that are printed of it here.
  const taken = (of: Station) =>
    printReport(of, { utcOffsetMinutes: 0 }).reconciliation.map(({ lot, total }) => [lot, total.printed])
  expect(taken(kiosk)).toEqual([['lot-hub', 1]])
  await meet()
  await expectSound(hub, kiosk)
})

it('keeps the quota of a lot: a card that left was taken of it, one that came was not', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station: kiosk, meet }] = below
  blanks(hub, 9, { lot: 'lot-hub', rules: { quota: { new: 1 } } })
  for (const number of [1, 2]) requestCard(hub, { record: await cleared(hub, below[0], number), ...BY })
  const { printed: jobs, waits } = await printCards(hub, { printer: printerThat(), render })
  expect(waits).toMatchObject([{ code: 'no-lot-allows' }])
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [jobs[0].job], ...BY })
  expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [{ code: 'no-lot-allows' }] })
  dispatchStock(hub, { shipment: 'S-1', to: 'kiosk-1', lines: [{ lot: 'lot-hub', serials: 'AB000009' }], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards: [jobs[0].job], ...BY })
  receiveStock(kiosk, {
    shipment: 'S-1',
    from: 'hub',
    lines: [{ lot: 'lot-hub', item: 'blank', serials: 'AB000009' }],
    ...BY,
  })
  requestCard(kiosk, { record: await cleared(hub, below[0], 3), ...BY })
  expect(planPrinting(kiosk).prints).toHaveLength(1)
  // Spoiled there, it frees nothing here.
  spoilCard(kiosk, jobs[0].job, WHY)
  await printCards(kiosk, { printer: printerThat(), render })
  expect(planPrinting(kiosk).prints).toEqual([])
  await meet()
  await expectSound(hub, kiosk)
})

it('a letter is void while the card is on its way, as while it is printed, and valid when it is lost', async () => {
  const { hub, below } = await network('kiosk-1')
  const [one] = below as [Below]
  const record = await cleared(hub, one, 1)
  issueLetter(one.station, { record, ...BY })
  requestCard(one.station, { record, at: 'hub', ...BY })
  await one.meet()
  blanks(hub, 2, { lot: 'lot-hub' })
  const { printed: jobs } = await printCards(hub, { printer: printerThat(), render })
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [jobs[0].job], ...BY })
  await one.meet()
  expect(letters(one.station)).toMatchObject([{ state: 'revoked' }])
  spoilCard(hub, jobs[0].job, WHY)
  await one.meet()
  for (const station of [hub, one.station]) expect(letters(station)).toMatchObject([{ state: 'valid' }])
})
