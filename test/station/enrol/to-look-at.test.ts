/** Candidates that a search found somewhat like a record: each is listed until somebody has looked at that one. */
import { adjudicate, adjudications, decide, type Station, status, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { network } from '../print/network.ts'

const WHO = { operator: 'expert-1', reason: 'looked at both' }

type Verdict = Parameters<typeof adjudicate>[2]['verdict']

function enrolled(station: Station, id: string, nik: number, candidates: readonly string[] = []): void {
  const preCheck = {
    decision: candidates.length > 0 ? 'review' : 'clear',
    candidates: candidates.map(record => ({ record, score: 90, fpir: 0.001 })),
    persons: 3,
  }
  const body = { nik: `327601410790000${nik}`, person: { name: 'Siti' }, operator: 'o', preCheck }
  append(station, { kind: 'enrolled', direction: 'up', record: id, recordVersion: 1, body } as never)
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
  const many = Array.from({ length: 200 }, (_, i) => `candidate-${i}`)
  enrolled(kiosk.station, 'z', 4, many)
  await kiosk.meet()
  expect(partsOf(hub).file.get('SELECT count(*) AS n FROM to_look_at')).toEqual({ n: 11 })
})
