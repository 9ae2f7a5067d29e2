/** Requests for cards that name more replaced cards than anybody has. */
import { cardRequests, planPrinting, refusals, requestCard, type Station, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { cleared, network } from './network.ts'
import { BY, blanks, newOffice, person } from './support.ts'

const MOST = 64
const named = (count: number, of = 'other') => Array.from({ length: count }, (_, i) => `${of}-${i}`)

/** Says that cards were printed for a request. */
function claimsCards(station: Station, record: string, request: string, jobs: readonly string[]): void {
  const route = { direction: 'up', record, recordVersion: 1 } as const
  for (const job of jobs) {
    append(station, {
      kind: 'card-reserved',
      ...route,
      body: { request, job, lot: 'lot-1', printer: 'p', consumables: [] },
    })
    append(station, { kind: 'card-printed', ...route, body: { job } })
  }
}

it('count as far as anybody can have cards: the rest is not kept, and replaces nothing', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station: kiosk, meet }] = below
  blanks(hub, 9)
  const asks = (record: string, request: string, replaces: readonly string[]) => {
    const body = { request, at: 'hub', purpose: 'replacement' as const, replaces: [...replaces], ...BY }
    append(kiosk, { kind: 'card-requested', direction: 'up', record, recordVersion: 1, body })
  }
  const [first, second] = [await cleared(hub, below[0], 1), await cleared(hub, below[0], 2)]
  for (const [record, job] of [
    [first, 'had-1'],
    [second, 'had-2'],
  ]) {
    const { request } = requestCard(kiosk, { record, ...BY })
    claimsCards(kiosk, record, request, [job])
  }
  asks(first, 'q-1', [...named(MOST - 1), 'had-1', ...named(900, 'more')])
  asks(second, 'q-2', [...named(MOST), 'had-2'])
  await meet()
  for (const station of [hub, kiosk]) {
    const kept = cardRequests(station, { state: 'waiting' }).map(({ replaces }) => replaces)
    expect(kept).toEqual([[...named(MOST - 1), 'had-1'], named(MOST)])
    expect((await verifyStation(station)).findings).toEqual([])
  }
  const { prints, waits } = planPrinting(hub)
  expect(prints.map(({ request }) => request)).toEqual(['q-1'])
  expect(waits).toMatchObject([{ request: 'q-2', code: 'has-card' }])
})

it('are not written: a replacement names all cards that the person has, or is not asked for', async () => {
  const station = await newOffice()
  const record = person(station, 1)
  const { request } = requestCard(station, { record, ...BY })
  const replacement = { record, purpose: 'replacement', reason: 'lost', ...BY } as const
  claimsCards(station, record, request, named(MOST + 1))
  expect(() => requestCard(station, replacement)).toThrow(/more than 64 cards/)
  append(station, {
    kind: 'card-spoiled',
    direction: 'up',
    record,
    recordVersion: 1,
    body: { job: 'other-0', reason: 'never was', ...BY },
  })
  expect(requestCard(station, replacement).replaces).toHaveLength(MOST)
})

it('are refused where they come, beyond what an entry may name, and stay readable where they are written', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station: kiosk, meet }] = below
  const record = await cleared(hub, below[0], 1)
  const route = { direction: 'up', record, recordVersion: 1 } as const
  const asks = (request: string, count: number) => {
    const body = { request, at: 'hub', purpose: 'replacement', replaces: named(count), ...BY } as const
    append(kiosk, { kind: 'card-requested', ...route, body })
  }
  asks('q-1000', 1_000)
  asks('q-1001', 1_001)
  const letter = { number: 'n', letter: 'l', code: 'x', verification: 'v', until: '2027-01-01', ...BY }
  const body = { ...letter, issuedAt: new Date().toISOString(), beside: named(1_001) }
  append(kiosk, { kind: 'letter-issued', ...route, body })
  await meet()
  expect(cardRequests(hub).map(({ request }) => request)).toEqual(['q-1000'])
  expect(refusals(kiosk)).toMatchObject([
    { code: 'ENTRY_CORRUPT', kind: 'card-requested' },
    { code: 'ENTRY_CORRUPT', kind: 'letter-issued' },
  ])
  for (const station of [hub, kiosk]) expect((await verifyStation(station)).findings).toEqual([])
})
