/** A centre, a hub that prints for the records of its kiosk, and a kiosk of the centre's own. */
import {
  cancelCard,
  cardRequests,
  decide,
  discrepancies,
  handOver,
  issueLetter,
  letters,
  letterVerification,
  printCards,
  printJobs,
  receive,
  receiveCards,
  recordOf,
  requestCard,
  resolveJob,
  type Station,
  sendCards,
  spoilCard,
  spoilStock,
  sync,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { record } from '../files.ts'
import { acquaint, lineTo, newPlace, type Place, threePlaces } from '../sync/support.ts'
import { BY, blanks, CLEARED, corrected, JAM, nikOf, printerThat, render, templatesOf, WHY } from './support.ts'

const NIK = nikOf(1)
const refused = expect.objectContaining({ code: 'PRINT_REQUESTED' })

async function city() {
  const { kiosk, hub, centre } = await threePlaces()
  const other = await newPlace('kiosk-9')
  acquaint(other, centre)
  const lines: readonly (readonly [Place, Place])[] = [
    [kiosk, hub],
    [hub, centre],
    [other, centre],
  ]
  const meet = async () => {
    for (let i = 0; i < 3; i++) for (const [from, to] of lines) await sync(from.station, lineTo(to))
  }
  await meet()
  record(kiosk.station, 'record-1', { nik: NIK })
  await meet()
  decide(centre.station, 'record-1', CLEARED)
  await meet()
  blanks(hub.station, 5)
  const prints = async (...answers: Parameters<typeof printerThat>) => {
    requestCard(hub.station, { record: 'record-1', ...BY })
    await printCards(hub.station, { render, printer: printerThat(...answers) })
    return printJobs(hub.station)[0].job
  }
  const all = [kiosk, hub, centre, other].map(({ station }) => station)
  return { kiosk: kiosk.station, hub: hub.station, centre: centre.station, other: other.station, meet, prints, all }
}

async function expectWhole(stations: readonly Station[]): Promise<void> {
  for (const station of stations) {
    expect((await verifyStation(station)).findings).toEqual([])
    expect(discrepancies(station)).toEqual([])
  }
}

/** Somebody else is recorded under the NIK at the centre's own kiosk, and cleared. */
async function otherOfNik({ other, centre, meet }: Awaited<ReturnType<typeof city>>): Promise<void> {
  record(other, 'record-2', { nik: NIK })
  await meet()
  decide(centre, 'record-2', CLEARED)
  await meet()
}

/** Writes a version of a record with a photo that takes some messages. */
function slowly(at: Station, id: string, version: number, nik: string): void {
  const { file, keys } = partsOf(at)
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const body = { nik, person: { name: 'Siti Rahasia' }, operator: 'operator-7', preCheck, reason: 'wrong' }
  file.transaction(() => {
    const payloads = [
      ...templatesOf(at, 'record-1'),
      putPayload(file, keys, 'photo', Buffer.from(Uint8Array.from({ length: 400_000 }, (_, i) => (i * i) >> 3))),
    ]
    const kind = version === 1 ? 'enrolled' : 'corrected'
    append(at, { kind, direction: 'up', record: id, recordVersion: version, body, payloads } as never)
  })
}

/** Entries come, until one of that kind does, and not all of the photo. */
async function meetSlowly(below: Station, above: Station, kind: string): Promise<void> {
  const isThere = () => partsOf(above).file.get('SELECT 1 FROM journal WHERE kind = ?', kind) !== undefined
  const exchange = (message: Uint8Array) => {
    if (isThere()) throw new Error('the line is cut')
    return receive(above, message)
  }
  await sync(below, { name: 'here', exchange }, { messageBytes: 65_536, retry: { attempts: 1 } }).catch(() => {})
}

it('a card that a hub prints and hands over is known to the centre, which prints no other', async () => {
  const all = await city()
  const { hub, centre, other, kiosk, meet, prints } = all
  handOver(hub, await prints(), { to: 'the person', ...BY })
  await meet()
  expect(printJobs(centre)).toMatchObject([{ station: 'hub', state: 'handed-over' }])
  for (const station of [kiosk, hub, centre]) expect(recordOf(station, 'record-1')?.centreState).toBe('CARD_ISSUED')
  expect(() => requestCard(centre, { record: 'record-1', ...BY })).toThrow(refused)
  withdraw(kiosk, 'record-1', WHY)
  await meet()
  await otherOfNik(all)
  for (const station of [centre, other]) {
    expect(() => requestCard(station, { record: 'record-2', ...BY })).toThrow(refused)
  }
  await expectWhole(all.all)
})

it('a card that is sent on and handed over at the kiosk is, too, whoever is heard first', async () => {
  const { hub, centre, kiosk, meet, prints, all } = await city()
  const job = await prints()
  sendCards(hub, { shipment: 'K-1', to: kiosk.id, cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'the person', ...BY })
  await meet()
  expect(printJobs(centre)).toMatchObject([{ station: 'hub', state: 'handed-over', holder: 'kiosk-1' }])
  expect(recordOf(centre, 'record-1')?.centreState).toBe('CARD_ISSUED')
  await expectWhole(all)
})

it('a card that the kiosk has asked for is, too, though its request is heard of behind it', async () => {
  const all = await city()
  const { kiosk, hub, centre, meet } = all
  requestCard(kiosk, { record: 'record-1', at: hub.id, ...BY })
  await sync(kiosk, { name: 'here', exchange: message => receive(hub, message) })
  await printCards(hub, { render, printer: printerThat() })
  handOver(hub, printJobs(hub)[0].job, { to: 'the person', ...BY })
  await meet()
  expect(printJobs(centre)).toMatchObject([{ station: 'hub', state: 'handed-over' }])
  expect(recordOf(centre, 'record-1')?.centreState).toBe('CARD_ISSUED')
  expect(() => requestCard(centre, { record: 'record-1', ...BY })).toThrow(refused)
  await expectWhole(all.all)
})

it('a card of a version whose images are still on their way bears its NIK once they have come', async () => {
  const all = await city()
  const { kiosk, hub, centre, meet, prints } = all
  slowly(kiosk, 'record-1', 2, nikOf(2))
  await sync(kiosk, { name: 'here', exchange: message => receive(hub, message) })
  decide(hub, 'record-1', CLEARED)
  await prints()
  await meetSlowly(hub, centre, 'told-below')
  expect(printJobs(centre)).toMatchObject([{ version: 2, state: 'printed' }])
  expect(recordOf(centre, 'record-1')?.version).toBe(1)
  expect((await verifyStation(centre)).findings).toEqual([])
  await meet()
  expect(recordOf(centre, 'record-1')?.version).toBe(2)
  await otherOfNik(all)
  expect(requestCard(centre, { record: 'record-2', ...BY }).purpose).toBe('new')
  await expectWhole(all.all)
})

it('a letter of a record whose images are still on their way is known once they have come, with its text', async () => {
  const { kiosk, hub, centre, meet, all } = await city()
  slowly(kiosk, 'record-3', 1, nikOf(3))
  await sync(kiosk, { name: 'here', exchange: message => receive(hub, message) })
  decide(hub, 'record-3', CLEARED)
  spoilStock(hub, { lines: [{ lot: 'lot-1', serials: 'AB000001-AB000005' }], ...WHY })
  const { letter, verification } = issueLetter(hub, { record: 'record-3', ...BY })
  await meetSlowly(hub, centre, 'told-below')
  expect(recordOf(centre, 'record-3')).toBeUndefined()
  await meet()
  expect(letters(centre)).toMatchObject([{ station: 'hub', state: 'valid' }])
  expect(letterVerification(centre, letter)).toBe(verification)
  await expectWhole(all)
})

it('bodies with a member that is none of theirs stop nobody, and name no more cards than others', async () => {
  const { kiosk, hub, centre, meet } = await city()
  const asks = (body: object) =>
    append(kiosk, { kind: 'card-requested', direction: 'up', record: 'record-1', recordVersion: 1, body } as never)
  const many = Array.from({ length: 3_000 }, (_, i) => `j-${i}`)
  const request = { at: kiosk.id, purpose: 'replacement', reason: 'x', ...BY }
  asks({ ...request, request: 'q-1', said: null })
  asks({ ...request, request: 'q-2', said: {}, replaces: many })
  const said = { ...request, request: 'q-3', said: {}, replaces: many }
  append(hub, {
    kind: 'told-below',
    direction: 'up',
    record: 'record-1',
    body: { kind: 'card-requested', said },
  } as never)
  for (const job of [{}, [], true, ['j']]) {
    const odd = { ...request, request: `q-${JSON.stringify(job).length + 9}`, job }
    append(hub, {
      kind: 'told-below',
      direction: 'up',
      record: 'record-1',
      body: { kind: 'card-requested', said: odd },
    } as never)
  }
  record(kiosk, 'record-4', { nik: nikOf(4) })
  await meet()
  expect(recordOf(centre, 'record-4')).toBeDefined()
  const asked = cardRequests(centre, { record: 'record-1' }).map(({ request }) => request)
  expect(asked).toContain('q-1')
  expect(asked).not.toContain('q-2')
  expect(asked).not.toContain('q-3')
  expect((await verifyStation(centre)).findings).toEqual([])
})

it('a card that is spoiled, one that may be printed and a request that is taken back are known', async () => {
  const all = await city()
  const { hub, centre, kiosk, meet, prints } = all
  const job = await prints(JAM)
  corrected(kiosk, 'record-1', nikOf(2))
  await meet()
  expect(printJobs(centre)).toMatchObject([{ state: 'uncertain' }])
  await otherOfNik(all)
  expect(() => requestCard(centre, { record: 'record-2', ...BY })).toThrow(refused)
  resolveJob(hub, job, { found: 'printed', ...BY })
  spoilCard(hub, job, { reason: 'bent', ...BY })
  const [{ request }] = printJobs(hub)
  cancelCard(hub, request, WHY)
  await meet()
  expect(requestCard(centre, { record: 'record-2', ...BY }).purpose).toBe('new')
})

it('a letter that a hub issues is known to the centre', async () => {
  const { hub, centre, meet, all } = await city()
  spoilStock(hub, { lines: [{ lot: 'lot-1', serials: 'AB000001-AB000005' }], ...WHY })
  issueLetter(hub, { record: 'record-1', ...BY })
  await meet()
  expect(letters(centre)).toMatchObject([{ station: 'hub', state: 'valid' }])
  expect(() => issueLetter(centre, { record: 'record-1', ...BY })).toThrow(
    expect.objectContaining({ code: 'LETTER_REFUSED' }),
  )
  await expectWhole(all)
})

it('a kiosk tells of no card for another one, nor a hub of a word that is none', async () => {
  const { hub, centre, other, meet } = await city()
  const tells = (by: Station, said: object, kind = 'card-requested') =>
    append(by, {
      kind: 'told-below',
      direction: 'up',
      record: 'record-1',
      recordVersion: 1,
      body: { kind, said },
    } as never)
  tells(other, { request: 'q-1', at: other.id, purpose: 'new', ...BY })
  tells(other, { request: 'q-1', job: 'j-1', lot: 'x', printer: 'p', consumables: [] }, 'card-reserved')
  tells(other, { job: 'j-1' }, 'card-printed')
  expect(() => tells(hub, { job: 7 }, 'card-printed')).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }))
  await meet()
  expect(printJobs(centre)).toEqual([])
  expect(requestCard(centre, { record: 'record-1', ...BY }).purpose).toBe('new')
})
