/** Cards and letters of one NIK by one kiosk: each entry about it is checked against all of them. */
import { refusals, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { MOST_OF_ONE_NIK } from '../../../dist/station/sync/nik-quota.js'
import { record } from '../files.ts'
import { lineTo, type Place, twoPlaces } from './support.js'

const NIK = '3276010101900001'

const count = ({ station }: Place, sql: string, ...values: string[]) =>
  partsOf(station).file.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, ...values)!.n

/** As no program of ours does: so many cards begun for one request, with lots that nobody knows. */
function reserve({ station }: Place, id: string, cards: number): void {
  const about = { direction: 'up', record: id, recordVersion: 1 } as const
  const body = { request: `c-${id}`, at: 'kiosk-1', purpose: 'new', operator: 'operator-7' } as const
  append(station, { kind: 'card-requested', ...about, body })
  for (let i = 0; i < cards; i++) {
    const card = { request: `c-${id}`, job: `${id}-${i}`, lot: 'lot-1', printer: 'p', consumables: [] }
    append(station, { kind: 'card-reserved', ...about, body: card })
  }
}

it('cards of one request end at a number that nobody spoils, and of one NIK at its quota', async () => {
  const { kiosk, hub } = await twoPlaces()
  partsOf(kiosk.station).file.transaction(() => {
    for (let i = 0; i < 10; i++) {
      record(kiosk.station, `r-${i}`, { nik: NIK })
      reserve(kiosk, `r-${i}`, 140)
    }
  })
  await sync(kiosk.station, lineTo(hub))
  expect(count(hub, 'print_job WHERE record = ?', 'r-0')).toBe(128)
  const cards = count(hub, 'record r JOIN card_request c ON c.record = r.id JOIN print_job j ON j.request = c.id')
  const requests = count(hub, 'record r JOIN card_request c ON c.record = r.id')
  expect(count(hub, 'record') + requests + cards).toBe(MOST_OF_ONE_NIK)
  expect(new Set(refusals(kiosk.station).map(({ code }) => code))).toEqual(new Set(['NIK_QUOTA']))
  expect((await verifyStation(hub.station)).findings).toEqual([])
})

it('letters that name no cards end where those do that name them', async () => {
  const { kiosk, hub } = await twoPlaces()
  partsOf(kiosk.station).file.transaction(() => {
    record(kiosk.station, 'r-1', { nik: NIK })
    for (let i = 0; i < 150; i++) {
      const letter = { number: `n-${i}`, letter: `l-${i}`, code: 'x', verification: 'v', operator: 'operator-7' }
      const body = { ...letter, issuedAt: '2026-01-02T03:04:05.678Z', until: '2027-01-01' }
      const named = i % 2 === 0 ? { ...body, beside: [] } : body
      append(kiosk.station, { kind: 'letter-issued', direction: 'up', record: 'r-1', recordVersion: 1, body: named })
    }
  })
  await sync(kiosk.station, lineTo(hub))
  expect(count(hub, 'letter')).toBe(128)
  expect((await verifyStation(hub.station)).findings).toEqual([])
})
