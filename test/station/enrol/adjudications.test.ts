/** Words about a record: whose count, and that nobody crowds out another's. */
import {
  adjudications,
  cardRequests,
  requestCard,
  revokePeer,
  type Station,
  status,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { MOST_WORDS } from '../../../dist/station/enrol/adjudications.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { network } from '../print/network.ts'
import { BY } from '../print/support.ts'
import { acquaint, lineTo, newPlace } from '../sync/support.ts'

const BODY = { nik: '3276014107900001', person: { name: 'Siti' }, operator: 'o' }

/** A record of `station` that its pre-check found like another. */
function reviewable(station: Station, id: string, nik = BODY.nik): void {
  const preCheck = { decision: 'review', candidates: [], persons: 1 }
  append(station, {
    ...{ kind: 'enrolled', direction: 'up', record: id, recordVersion: 1 },
    body: { ...BODY, nik, preCheck },
  } as never)
}

/** Words of a station about a record, also where its own program would let it say none. */
function says(station: Station, record: string, count: number, reason = 'flood'): void {
  partsOf(station).file.transaction(() => {
    for (let i = 0; i < count; i++) {
      const body = {
        candidate: 'other',
        verdict: 'different-persons',
        operator: 'o',
        reason: `${reason} ${i}`,
      } as const
      append(station, { kind: 'adjudicated', direction: 'up', record, recordVersion: 1, body })
    }
  })
}

const reasonsAt = (station: Station, id: string) => adjudications(station, id).map(({ reason }) => reason)

it('of another kiosk are none, hide no record from those who look, and crowd out nobody', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [own, other] = below
  reviewable(own.station, 'a')
  says(other.station, 'a', 3, 'before it came')
  await other.meet()
  await own.meet()
  says(other.station, 'a', 1_000)
  await other.meet()
  expect(reasonsAt(hub, 'a')).toEqual([])
  expect(status(hub).toAdjudicate).toBe(1)
  expect(adjudications(hub)).toMatchObject([{ kind: 'pre-check', record: 'a' }])
  says(own.station, 'a', 1, 'looked')
  await own.meet()
  says(hub, 'a', 1, 'saw')
  expect(reasonsAt(hub, 'a')).toEqual(['looked 0', 'saw 0'])
  expect(status(hub).toAdjudicate).toBe(0)
  expect(adjudications(hub)).toEqual([])
})

it("of the record's own kiosk are the newest, beside all of the hub's", async () => {
  const { hub, below } = await network('kiosk-1')
  const [own] = below
  reviewable(own.station, 'a')
  await own.meet()
  says(hub, 'a', 2, 'saw')
  says(own.station, 'a', 500)
  await own.meet()
  const reasons = reasonsAt(hub, 'a')
  expect(reasons.slice(0, 2)).toEqual(['saw 0', 'saw 1'])
  expect(reasons.slice(2)).toEqual(Array.from({ length: MOST_WORDS }, (_, i) => `flood ${500 - MOST_WORDS + i}`))
})

/** The check of `station` finds a record somewhat like another. */
function finds(station: Station, record: string): void {
  const candidates = [{ record: 'other', score: 90, fpir: 0.01 }]
  const body = { decision: 'review' as const, persons: 1, candidates }
  append(station, { kind: 'checked', direction: 'down', record, recordVersion: 1, body })
}

const listed = (station: Station) => adjudications(station).map(({ kind, record }) => `${kind} ${record}`)

it("end no search of the hub's by the word of its kiosk, nor by one that was said before", async () => {
  const { hub, below } = await network('kiosk-1')
  const [own] = below
  reviewable(own.station, 'a')
  says(own.station, 'a', 1)
  await own.meet()
  expect(listed(hub)).toEqual([])
  says(hub, 'a', 1)
  finds(hub, 'a')
  await own.meet()
  says(own.station, 'a', 1)
  await own.meet()
  expect(listed(hub)).toEqual(['check a'])
  expect(status(hub).toAdjudicate).toBe(1)
  says(hub, 'a', 1)
  expect(listed(hub)).toEqual([])
  expect(status(hub).toAdjudicate).toBe(0)
})

it("are asked of a later result, whatever another station's clock says of a pair that it closed", async () => {
  const centre = await newPlace('centre', () => Date.now() + 400 * 86_400_000)
  const [hub, own] = [await newPlace('hub'), await newPlace('kiosk-1')]
  acquaint(own, hub)
  acquaint(hub, centre, { vouches: true })
  reviewable(own.station, 'r')
  const meetAll = async () => {
    for (const [low, high] of [
      [own, hub],
      [hub, centre],
      [hub, centre],
    ])
      await sync(low.station, lineTo(high), { tryNow: true })
  }
  await meetAll()
  const about = { direction: 'down', record: 'r', to: 'kiosk-1' } as const
  const pair = { kind: 'fingers', other: 'elsewhere' } as const
  append(centre.station, { ...about, kind: 'case-opened', body: { ...pair, otherStation: 'kiosk-9' } })
  await meetAll()
  append(centre.station, { ...about, kind: 'case-closed', body: { ...pair, why: 'withdrawn' } })
  await meetAll()
  finds(hub.station, 'r')
  expect(listed(hub.station)).toEqual(['check r'])
})

it('are of the version that was seen: what the next one is like is looked at again', async () => {
  const { hub, below } = await network('kiosk-1')
  const [own] = below
  reviewable(own.station, 'a')
  says(own.station, 'a', 1)
  const preCheck = { decision: 'review', candidates: [], persons: 1 }
  append(own.station, {
    ...{ kind: 'corrected', direction: 'up', record: 'a', recordVersion: 2 },
    body: { ...BODY, reason: 'other fingers', preCheck },
  } as never)
  await own.meet()
  for (const station of [own.station, hub]) expect(listed(station)).toEqual(['pre-check a'])
})

it('are asked first of what was found here, whatever a kiosk says of its own records, and when', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [own, hostile] = below
  reviewable(own.station, 'z')
  await own.meet()
  finds(hub, 'z')
  for (const [i, id] of ['a', 'b', 'c'].entries()) reviewable(hostile.station, id, `327601411090000${i}`)
  await hostile.meet()
  expect(listed(hub)).toEqual(['check z', 'pre-check a', 'pre-check b', 'pre-check c'])
})

it('are taken back with the entries of a kiosk that was revoked, and leave those before', async () => {
  const { hub, below } = await network('kiosk-1')
  const [own] = below
  reviewable(own.station, 'a')
  says(own.station, 'a', 1, 'looked')
  const from = partsOf(own.station).file.get<{ n: number }>(
    `SELECT max(sequence) + 1 AS n FROM journal WHERE station = 'kiosk-1'`,
  )!.n
  says(own.station, 'a', 100, 'thief')
  await own.meet()
  expect(reasonsAt(hub, 'a')).toHaveLength(MOST_WORDS)
  revokePeer(hub, 'kiosk-1', { from, reason: 'lost', operator: 'o' })
  expect(reasonsAt(hub, 'a')).toEqual(['looked 0'])
})

it('requests for cards of one record by one station end at a bound, and leave those of others', async () => {
  const { hub, below } = await network('kiosk-1')
  const [own] = below
  reviewable(own.station, 'a')
  for (let i = 0; i < 200; i++) {
    const body = { request: `request-${i}`, at: 'kiosk-1', purpose: 'new', ...BY } as const
    append(own.station, { kind: 'card-requested', direction: 'up', record: 'a', recordVersion: 1, body })
    const cancelled = { request: body.request, reason: 'flood', ...BY }
    append(own.station, { kind: 'card-cancelled', direction: 'up', record: 'a', recordVersion: 1, body: cancelled })
  }
  await own.meet()
  for (const station of [hub, own.station]) {
    expect(cardRequests(station, { station: 'kiosk-1' })).toHaveLength(64)
    expect((await verifyStation(station)).findings).toEqual([])
  }
  expect(() => requestCard(own.station, { record: 'a', ...BY })).toThrow(/as many cards/)
  requestCard(hub, { record: 'a', ...BY })
  expect(cardRequests(hub, { station: 'hub' })).toHaveLength(1)
})
