/** Candidates that a search found somewhat like a record: each is listed until somebody has looked at that one. */
import { adjudicate, adjudications, decide, type Station, status, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { network } from '../print/network.ts'

const WHO = { operator: 'expert-1', reason: 'looked at both' }

type Verdict = Parameters<typeof adjudicate>[2]['verdict']

function enrolled(
  station: Station,
  id: string,
  nik: number,
  candidates: readonly string[] = [],
  { at, version = 1 }: { at?: string; version?: number } = {},
): void {
  const preCheck = {
    ...(at && { at }),
    decision: candidates.length > 0 ? 'review' : 'clear',
    candidates: candidates.map(record => ({ record, score: 90, fpir: 0.001 })),
    persons: 3,
  }
  const body = { nik: `3276014107${String(nik).padStart(6, '0')}`, person: { name: 'Siti' }, operator: 'o', preCheck }
  const kind = version === 1 ? 'enrolled' : 'corrected'
  const why = version === 1 ? {} : { reason: 'a name' }
  append(station, { kind, direction: 'up', record: id, recordVersion: version, body: { ...body, ...why } } as never)
}

/** The check of a station finds a record somewhat like others. */
function finds(station: Station, record: string, candidates: readonly string[]): void {
  const body = {
    decision: 'review' as const,
    persons: 3,
    candidates: candidates.map(candidate => ({ record: candidate, score: 90, fpir: 0.001 })),
  }
  append(station, { kind: 'checked', direction: 'down', record, recordVersion: 1, body })
}

const looks = (station: Station, record: string, candidate: string, verdict: Verdict = 'different-persons') =>
  adjudicate(station, record, { candidate, verdict, ...WHO })

const listed = (station: Station) => adjudications(station).map(({ kind, record }) => `${kind} ${record}`)

/** A hub with three persons' records of its kiosk. */
async function hubOfThree() {
  const { hub, below } = await network('kiosk-1')
  const [kiosk] = below
  for (const [i, id] of ['r', 'x', 'y'].entries()) enrolled(kiosk.station, id, i)
  await kiosk.meet()
  return { hub, kiosk }
}

it('waits for a word about each of them, from either side', async () => {
  const { hub } = await hubOfThree()
  finds(hub, 'r', ['x', 'y'])
  looks(hub, 'r', 'x')
  expect(listed(hub), 'nobody has looked at y').toEqual(['check r'])
  looks(hub, 'y', 'x')
  expect(listed(hub)).toEqual(['check r'])
  looks(hub, 'y', 'r')
  expect(listed(hub)).toEqual([])
  expect(status(hub).toAdjudicate).toBe(0)
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('waits on where whoever looked is undecided', async () => {
  const { hub } = await hubOfThree()
  finds(hub, 'r', ['y'])
  looks(hub, 'r', 'y', 'undecided')
  expect(listed(hub)).toEqual(['check r'])
})

it.each(['looks', 'decides'])('is not hidden by a pair with another, which a person %s about', async how => {
  const { hub } = await hubOfThree()
  finds(hub, 'r', ['y'])
  const about = { direction: 'down', to: 'kiosk-1', kind: 'case-opened' } as const
  for (const [record, other] of [
    ['r', 'x'],
    ['x', 'r'],
  ]) {
    append(hub, { ...about, record, body: { kind: 'fingers', other, otherStation: 'kiosk-1', basis: '- -' } })
  }
  expect(listed(hub)).toEqual(['check r', 'fingers r'])
  if (how === 'looks') looks(hub, 'r', 'x')
  else decide(hub, 'x', { state: 'DUPLICATE_RECORD', duplicateOf: 'r', by: 'expert-1' })
  expect(listed(hub)).toEqual(['check r'])
})

it('is a pair from then on where whoever looked says that they are one person', async () => {
  const { hub, kiosk } = await hubOfThree()
  finds(hub, 'r', ['y'])
  looks(hub, 'r', 'y', 'same-person')
  expect(listed(hub)).toEqual(['fingers r'])
  await kiosk.meet()
  expect(listed(kiosk.station)).toEqual(['fingers r'])
  looks(hub, 'y', 'r')
  expect(listed(hub), 'taken back').toEqual([])
})

it('of a pre-check is answered for by the kiosk, and what the hub finds by the hub', async () => {
  const { hub, kiosk } = await hubOfThree()
  enrolled(kiosk.station, 'z', 4, ['x', 'y'])
  await kiosk.meet()
  looks(kiosk.station, 'z', 'x')
  await kiosk.meet()
  expect(listed(hub)).toEqual(['pre-check z'])
  looks(kiosk.station, 'z', 'y')
  await kiosk.meet()
  expect(listed(hub)).toEqual([])
  finds(hub, 'z', ['x'])
  expect(listed(hub), 'what the hub finds is for the hub to look at').toEqual(['check z'])
})

it('beyond the ten that a search names waits for one word more', async () => {
  const { hub, kiosk } = await hubOfThree()
  const known = Array.from({ length: 12 }, (_, i) => `known-${i}`)
  for (const [i, id] of known.entries()) enrolled(kiosk.station, id, 10 + i)
  enrolled(kiosk.station, 'z', 4, known)
  await kiosk.meet()
  expect(partsOf(hub).file.get('SELECT count(*) AS n FROM to_look_at')).toEqual({ n: 11 })
  for (const candidate of known.slice(0, 10)) looks(hub, 'z', candidate)
  expect(listed(hub)).toEqual(['pre-check z'])
  looks(hub, 'z', 'known-11')
  expect(listed(hub)).toEqual([])
})

it('of whom nobody here knows is answered for by a word about the record itself', async () => {
  const { hub, kiosk } = await hubOfThree()
  enrolled(kiosk.station, 'z', 4, ['nobody', 'y'])
  await kiosk.meet()
  looks(hub, 'z', 'y')
  expect(listed(hub)).toEqual(['pre-check z'])
  looks(hub, 'z', 'z')
  expect(listed(hub)).toEqual([])
})

it.each([
  ['stays answered for when a name is corrected', '2026-01-01T00:00:00.000Z', []],
  ['is looked for again when another search has found it', '2026-01-02T00:00:00.000Z', ['pre-check z']],
])('%s', async (_, at, left) => {
  const { hub, kiosk } = await hubOfThree()
  enrolled(kiosk.station, 'z', 4, ['y'], { at: '2026-01-01T00:00:00.000Z' })
  await kiosk.meet()
  looks(hub, 'z', 'y')
  enrolled(kiosk.station, 'z', 4, ['y'], { at, version: 2 })
  await kiosk.meet()
  expect(listed(hub)).toEqual(left)
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('of a kiosk that finds thousands fill no list, and those behind follow', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [flood, honest] = below
  for (let i = 0; i < 120; i++) enrolled(flood.station, `r-${String(i).padStart(3, '0')}`, 100 + i, ['nobody'])
  enrolled(honest.station, 'z', 4, ['nobody'])
  await flood.meet()
  await honest.meet()
  expect(listed(hub)).toHaveLength(101)
  expect(listed(hub)).toContain('pre-check z')
  expect(status(hub).toAdjudicate).toBe(101)
  expect(listed(flood.station), 'its own list is whole').toHaveLength(120)
  for (const { record } of adjudications(hub)) looks(hub, record, record)
  expect(listed(hub)).toHaveLength(20)
})
