/**
 * A card under a NIK is in somebody's hands, and its record has that NIK no more: who bears it now gets no second one
 * unasked.
 */
import {
  addPeer,
  createIdentity,
  decide,
  discrepancies,
  handOver,
  issueLetter,
  letters,
  type PrintOutcome,
  planPrinting,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  recordOf,
  requestCard,
  resolveJob,
  revokePeer,
  type Station,
  spoilCard,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { edit } from '../guard/support.ts'
import { type Below, cleared, network } from '../print/network.ts'
import {
  anyStation,
  BY,
  blanks,
  CLEARED,
  corrected,
  JAM,
  nikOf,
  OUT,
  printerThat,
  render,
  withdrawn,
} from '../print/support.ts'

const [NIK, OTHER] = [nikOf(1), nikOf(2)]
const VICTIM = 'record-victim'
const REPLACEMENT = { record: VICTIM, purpose: 'replacement', reason: 'a stranger has one', ...BY } as const
const refused = expect.objectContaining({ code: 'PRINT_REQUESTED' })

async function prints(at: Station, id: string, { lot = at.id, isHandedOver = true } = {}): Promise<string> {
  blanks(at, 3, { lot })
  requestCard(at, { record: id, ...BY })
  const [{ job }] = (await printCards(at, { render, printer: printerThat() })).printed
  if (isHandedOver) handOver(at, job, { to: 'the person', ...BY })
  return job
}

/** Ways in which a record that has a card leaves its NIK. */
const WAYS: Readonly<Record<string, (hub: Station, holder: Below, id: string) => void>> = {
  withdrawn: (_, { station }, id) => withdrawn(station, id),
  corrected: (_, { station }, id) => corrected(station, id, OTHER),
  'called a duplicate': (hub, _, id) => decide(hub, id, { state: 'DUPLICATE_RECORD', by: 'expert-1' }),
}

/** Somebody has a card under the NIK at the first kiosk, and has the NIK no more. */
async function cardIsOut(way: keyof typeof WAYS) {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder)
  await first.meet()
  WAYS[way](hub, first, holder)
  await first.meet()
  return { hub, first, second, holder, job }
}

/** Somebody else is recorded under the NIK at the second, and cleared. */
async function victimAt({ station, meet }: Below, hub: Station): Promise<void> {
  record(station, VICTIM, { nik: NIK })
  await meet()
  decide(hub, VICTIM, CLEARED)
  await meet()
}

const told = (station: Station) =>
  partsOf(station).file.get<{ n: number }>(`SELECT count(*) AS n FROM journal WHERE kind = 'cards-of-nik'`)!.n

const twice = (station: Station) => discrepancies(station).filter(({ code }) => code === 'printed-twice')

const waits = (station: Station) => planPrinting(station).waits.map(({ record, code }) => [record, code])

async function expectWhole(...stations: Station[]): Promise<void> {
  for (const station of stations) expect((await verifyStation(station)).findings).toEqual([])
}

for (const way of Object.keys(WAYS)) {
  describe(`whose record was ${way}`, () => {
    it('keeps the next one from a new card, and is named by the replacement', async () => {
      const { hub, first, second, job } = await cardIsOut(way)
      await victimAt(second, hub)
      expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
      expect(requestCard(second.station, REPLACEMENT).replaces).toEqual([job])
      blanks(second.station, 3)
      const run = await printCards(second.station, { render, printer: printerThat() })
      expect(run.printed).toMatchObject([{ record: VICTIM }])
      for (const { meet } of [first, second]) await meet()
      expect(twice(hub)).toEqual([])
      await expectWhole(hub, first.station, second.station)
    })

    it('keeps a card from being printed that was asked for before', async () => {
      const { hub, second } = await cardIsOut(way)
      record(second.station, VICTIM, { nik: NIK })
      blanks(second.station, 3)
      requestCard(second.station, { record: VICTIM, ...BY })
      await second.meet()
      decide(hub, VICTIM, CLEARED)
      await second.meet()
      expect(waits(second.station)).toEqual([[VICTIM, 'has-card']])
      expect((await printCards(second.station, { render, printer: printerThat() })).printed).toEqual([])
    })
  })
}

it('is told of when it is heard of after the next one was cleared', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder)
  withdrawn(first.station, holder)
  await victimAt(second, hub)
  await first.meet()
  await second.meet()
  expect(waits(second.station)).toEqual([])
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
  expect(requestCard(second.station, REPLACEMENT).replaces).toEqual([job])
})

it('is told of whoever fell before under the NIK, and taken back then', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2', 'kiosk-3')
  const [first, second, third] = below
  for (const n of [1, 2]) {
    record(third.station, `record-fell-${n}`, { nik: NIK })
    await third.meet()
    decide(hub, `record-fell-${n}`, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
  }
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder, { isHandedOver: false })
  corrected(first.station, holder, OTHER)
  await victimAt(second, hub)
  for (const { meet } of [first, second]) await meet()
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
  spoilCard(first.station, job, { reason: 'wrong NIK', ...BY })
  for (const { meet } of [first, second]) await meet()
  expect(requestCard(second.station, { record: VICTIM, ...BY }).purpose).toBe('new')
})

it('is told of as that of a fallen record when its record falls under another NIK', async () => {
  const { hub, first, second, holder } = await cardIsOut('corrected')
  await victimAt(second, hub)
  const fell = (at: Station) => partsOf(at).file.all('SELECT fell FROM card_of_nik')
  expect(fell(second.station)).toEqual([{ fell: 0 }])
  decide(hub, holder, { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' })
  await second.meet()
  expect(fell(second.station)).toEqual([{ fell: 1 }])
  decide(hub, holder, CLEARED)
  await second.meet()
  expect(fell(second.station)).toEqual([{ fell: 0 }])
  await expectWhole(hub, first.station, second.station)
})

/** The printer of the first kiosk answered so, the record was corrected, and the other recorded at the second. */
async function printerSaid(outcome: PrintOutcome) {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  blanks(first.station, 3, { lot: 'kiosk-1' })
  requestCard(first.station, { record: holder, ...BY })
  await printCards(first.station, { render, printer: printerThat(outcome) })
  corrected(first.station, holder, OTHER)
  await first.meet()
  await victimAt(second, hub)
  return { hub, first, second, job: printJobs(first.station)[0].job }
}

it('is told of while nobody knows whether it was printed', async () => {
  const { first, second, job } = await printerSaid(JAM)
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
  resolveJob(first.station, job, { found: 'spoiled', ...BY })
  for (const { meet } of [first, second]) await meet()
  expect(requestCard(second.station, { record: VICTIM, ...BY }).purpose).toBe('new')
})

it('is not handed over beside one that is told of, unless somebody says why', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  await prints(first.station, holder)
  // The hub has not heard of that card.
  decide(hub, holder, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
  await victimAt(second, hub)
  const job = await prints(second.station, VICTIM, { isHandedOver: false })
  for (const { meet } of [first, second]) await meet()
  const to = { to: 'the person', ...BY }
  expect(() => handOver(second.station, job, to)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
  expect(handOver(second.station, job, { ...to, note: 'the other was cut up' }).state).toBe('handed-over')
})

it('bears the NIK of the version that it shows, whoever has heard of a later one', async () => {
  const { hub, below } = await network('kiosk-1')
  const [first] = below
  const holder = await cleared(hub, first, 1, NIK)
  blanks(hub, 3)
  requestCard(hub, { record: holder, ...BY })
  await first.meet()
  corrected(first.station, holder, OTHER)
  const [{ job }] = (await printCards(hub, { render, printer: printerThat() })).printed
  await first.meet()
  handOver(hub, job, { to: 'the person', note: 'the line was down', ...BY })
  await first.meet()
  await victimAt(first, hub)
  for (const at of [hub, first.station]) {
    expect(() => requestCard(at, { record: VICTIM, ...BY })).toThrow(refused)
  }
  withdrawn(first.station, holder)
  record(first.station, 'record-other', { nik: OTHER })
  await first.meet()
  expect(requestCard(first.station, { record: 'record-other', ...BY }).purpose).toBe('new')
  await expectWhole(hub, first.station)
})

it('bears that NIK again when it was thought lost, and turns up', async () => {
  const { hub, first, second, job } = await printerSaid(OUT)
  resolveJob(first.station, job, { found: 'printed', note: 'it lay in the tray', ...BY })
  for (const { meet } of [first, second]) await meet()
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
  await expectWhole(hub, first.station, second.station)
})

it('makes a hub write no more than a few words of it, however often its station changes its mind', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder, { isHandedOver: false })
  corrected(first.station, holder, OTHER)
  await victimAt(second, hub)
  await first.meet()
  const says = (kind: string, body: object) =>
    append(first.station, { kind, direction: 'up', record: holder, recordVersion: 1, body } as never)
  for (let i = 0; i < 60; i++) {
    says('card-resolved', { job, found: i % 2 === 0 ? 'untouched' : 'printed', ...BY })
    says('withdrawn', { reason: 'x', ...BY })
    await first.meet()
  }
  expect(told(hub)).toBeLessThanOrEqual(33)
  await second.meet()
  expect(requestCard(second.station, REPLACEMENT).replaces).toEqual([job])
})

it('is named by the letter of who waits for a replacement, which is valid above too', async () => {
  const { hub, second } = await cardIsOut('called a duplicate')
  await victimAt(second, hub)
  requestCard(second.station, REPLACEMENT)
  issueLetter(second.station, { record: VICTIM, ...BY })
  for (let i = 0; i < 2; i++) await second.meet()
  for (const at of [second.station, hub]) expect(letters(at)).toMatchObject([{ state: 'valid' }])
})

it('is told of once, and taken back when the card is there no more', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder, { isHandedOver: false })
  corrected(first.station, holder, OTHER)
  await first.meet()
  await victimAt(second, hub)
  for (const { meet } of [first, second, first, second]) await meet()
  expect(told(hub)).toBe(1)
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(refused)
  spoilCard(first.station, job, { reason: 'wrong NIK', ...BY })
  for (const { meet } of [first, second]) await meet()
  expect(told(hub)).toBe(2)
  blanks(second.station, 3)
  requestCard(second.station, { record: VICTIM, ...BY })
  expect((await printCards(second.station, { render, printer: printerThat() })).printed).toHaveLength(1)
  await expectWhole(hub, first.station, second.station)
})

it('is told of where the hub printed it itself', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  const holder = await cleared(hub, first, 1, NIK)
  corrected(first.station, holder, OTHER)
  await first.meet()
  await victimAt(second, hub)
  expect(told(hub)).toBe(0)
  corrected(first.station, holder, NIK)
  await first.meet()
  decide(hub, VICTIM, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
  decide(hub, holder, CLEARED)
  const job = await prints(hub, holder, { isHandedOver: false })
  corrected(first.station, holder, OTHER)
  await first.meet()
  decide(hub, VICTIM, CLEARED)
  await second.meet()
  expect(requestCard(second.station, REPLACEMENT).replaces).toEqual([job])
})

it('is told of through a hub, which passes it on and keeps the rule itself', async () => {
  const centre = await anyStation({ identity: await createIdentity('centre') })
  const { hub, below } = await network('kiosk-2')
  const [second] = below
  const first = await anyStation({ identity: await createIdentity('kiosk-1') })
  for (const station of [hub, first]) {
    addPeer(station, { ...(await publicIdentity(partsOf(centre).identity)), relation: 'upstream' })
    const vouches = station === hub
    addPeer(centre, { ...(await publicIdentity(partsOf(station).identity)), relation: 'downstream', vouches })
  }
  const up = (station: Station) => sync(station, { name: 'here', exchange: message => receive(centre, message) })
  record(first, 'record-holder', { nik: NIK })
  await up(first)
  decide(centre, 'record-holder', CLEARED)
  await up(first)
  const job = await prints(first, 'record-holder')
  corrected(first, 'record-holder', OTHER)
  await up(first)
  record(second.station, VICTIM, { nik: NIK })
  await second.meet()
  await up(hub)
  await second.meet()
  for (const station of [hub, second.station]) {
    expect(() => requestCard(station, { record: VICTIM, ...BY })).toThrow(refused)
  }
  expect(requestCard(second.station, REPLACEMENT).replaces).toEqual([job])
  await expectWhole(centre, hub, first, second.station)
})

it('is told of no more when the station that printed it is revoked', async () => {
  const { hub, second } = await cardIsOut('corrected')
  await victimAt(second, hub)
  revokePeer(hub, 'kiosk-1', { from: 1, reason: 'stolen', ...BY })
  await second.meet()
  expect(requestCard(second.station, { record: VICTIM, ...BY }).purpose).toBe('new')
  await expectWhole(hub, second.station)
})

it('is not forgotten by a hand in the file', async () => {
  const { hub, second } = await cardIsOut('corrected')
  await victimAt(second, hub)
  edit(second.station.path, 'DELETE FROM card_of_nik')
  expect(() => requestCard(second.station, { record: VICTIM, ...BY })).toThrow(
    expect.objectContaining({ code: 'STATION_ALTERED' }),
  )
})

it('is no kiosk to tell of', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [first, second] = below
  await victimAt(second, hub)
  const word = { kind: 'cards-of-nik', record: VICTIM, body: { cards: [{ job: 'j-1' }] } }
  append(first.station, { ...word, direction: 'up' } as never)
  for (const { meet } of [first, second]) await meet()
  expect(requestCard(second.station, { record: VICTIM, ...BY }).purpose).toBe('new')
})

it('leaves cards and records of one station to that station', async () => {
  const { hub, below } = await network('kiosk-1')
  const [first] = below
  const holder = await cleared(hub, first, 1, NIK)
  const job = await prints(first.station, holder)
  corrected(first.station, holder, OTHER)
  await victimAt(first, hub)
  expect(told(hub)).toBe(0)
  expect(() => requestCard(first.station, { record: VICTIM, ...BY })).toThrow(refused)
  expect(requestCard(first.station, REPLACEMENT).replaces).toEqual([job])
  expect(printJobs(first.station).map(({ state }) => state)).toEqual(['handed-over'])
  expect(recordOf(hub, VICTIM)?.centreState).toBe('PRINT_READY_RECORD')
})
