/** A centre, a hub that prints for the records of its kiosk, and a kiosk of the centre's own. */
import {
  cancelCard,
  decide,
  discrepancies,
  handOver,
  issueLetter,
  letters,
  printCards,
  printJobs,
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
import { record } from '../files.ts'
import { acquaint, lineTo, newPlace, type Place, threePlaces } from '../sync/support.ts'
import { BY, blanks, CLEARED, corrected, JAM, nikOf, printerThat, render, WHY } from './support.ts'

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
