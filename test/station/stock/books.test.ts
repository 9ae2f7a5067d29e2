import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  discrepancies,
  hostTransport,
  receive,
  type Station,
  stock,
  stockMoves,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { stationWith } from '../files.ts'
import { acquaint, newPlace, type Place } from '../sync/support.ts'
import { type Deed, deed } from './deeds.ts'
import { entry } from './entries.ts'
import { booksOf, expectBooksBalance } from './support.ts'

/** Does it, or is refused and has changed nothing. @returns whether it was done */
function attempt(station: Station, deed: Deed, others: readonly string[]): boolean {
  const before = [booksOf(station), entriesOf(station)]
  try {
    deed(station, others)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(SidikError)
    expect((error as SidikError).code).toMatch(/^STOCK_/)
    expect([booksOf(station), entriesOf(station)]).toEqual(before)
    return false
  }
}

function entriesOf(station: Station): number {
  return partsOf(station).file.get<{ n: number }>('SELECT count(*) AS n FROM journal')!.n
}

/** The books once more, serial by serial and piece by piece, from their lines alone. */
function expectLinesAddUp(station: Station, of: string): void {
  const [sums, lying] = [new Map<string, number>(), new Map<string, string>()]
  const add = (key: string, quantity: number) => sums.set(key, (sums.get(key) ?? 0) + quantity)
  for (const { lot, from, to, quantity, serials } of stockMoves(station, { station: of })) {
    add(`${lot} ${from}`, -quantity)
    add(`${lot} ${to}`, quantity)
    for (const { first, last } of serials ?? []) {
      expect(last - first + 1).toBe(quantity)
      for (let number = first; number <= last; number++) {
        const known = lying.get(`${lot} ${number}`)
        expect(known ?? 'new').toBe(from === 'received' || from === 'found' ? 'new' : from)
        lying.set(`${lot} ${number}`, to)
      }
    }
  }
  const booked = stock(station, { station: of }).flatMap(({ lot, accounts }) =>
    Object.entries(accounts).map(([account, quantity]) => [`${lot} ${account}`, quantity] as const),
  )
  expect(new Map(booked)).toEqual(new Map([...sums].filter(([, quantity]) => quantity !== 0)))
}

describe('the books of a station', () => {
  it('balance after whatever people try, and nothing that is refused changes them', async () => {
    let [done, refused] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 30 }), async deeds => {
        const { station } = await stationWith(0)
        for (const each of deeds) {
          if (attempt(station, each, ['kiosk-2'])) done++
          else refused++
          expectBooksBalance(station)
        }
        expectLinesAddUp(station, station.id)
        expect((await verifyStation(station)).findings).toEqual([])
        await station.close()
      }),
      { numRuns: 8 },
    )
    // Else nothing was tried.
    expect(done).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(20)
  })
})

describe('the books of several stations', () => {
  const deeds = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.oneof({ weight: 6, arbitrary: deed }, fc.constant('sync'))), {
    minLength: 20,
    maxLength: 40,
  })

  it('are the same above as below, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async all => {
        const [one, two, hub] = [await newPlace('kiosk-1'), await newPlace('kiosk-2'), await newPlace('hub')]
        acquaint(one, hub)
        acquaint(two, hub)
        const places = [one, two, hub]
        for (const [which, each] of all) {
          const { station } = places[which]
          const others = places.map(({ station }) => station.id).filter(id => id !== station.id)
          if (each !== 'sync') attempt(station, each, others)
          else if (which < 2) await toHub(places[which], hub)
        }
        for (const place of [one, two, one]) await toHub(place, hub)
        for (const place of places) {
          expectBooksBalance(place.station)
          expect((await verifyStation(place.station)).findings).toEqual([])
        }
        for (const { station } of [one, two]) {
          expectLinesAddUp(hub.station, station.id)
          expect([...stockMoves(hub.station, { station: station.id })]).toEqual([...stockMoves(station)])
        }
      }),
      { numRuns: 2 },
    )
  })
})

async function toHub(place: Place, hub: Place): Promise<void> {
  await sync(
    place.station,
    hostTransport('a line', message => receive(hub.station, message)),
  )
}

describe('entries that contradict the books', () => {
  it('are booked as far as they can be, and the rest is put on record', async () => {
    let noted = 0
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 15, maxLength: 25 }), async entries => {
        const { station } = await stationWith(0)
        for (const { kind, body } of entries) {
          append(station, { kind, direction: 'up', record: 'record-1', body } as never)
          expectBooksBalance(station)
        }
        noted += discrepancies(station).length
        expect((await verifyStation(station)).findings).toEqual([])
        await station.close()
      }),
      { numRuns: 8 },
    )
    expect(noted).toBeGreaterThan(10)
  })
})
