/** Records that are called duplicates, and none stays: refused where it is said, noted where it comes to that. */
import fc from 'fast-check'
import {
  checkRecords,
  correct,
  createIdentity,
  decide,
  enrol,
  handOver,
  importDecisions,
  printCards,
  type Recorded,
  recordOf,
  revokePeer,
  type Station,
  status,
  withdraw,
} from 'sidik/station'
import { syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { below } from '../check/below.ts'
import { peopleOf } from '../check/fingers.ts'
import { hubOfTwo, hubWithPair, recorded as recordedAt } from '../check/network.ts'
import { PRINTED, printerThat, render } from '../print/support.ts'
import { newStation, somebody } from './support.js'

const person = (number: number) => somebody(number, [{ position: 1, template: syntheticTemplate(71, number) }])

async function recorded(station: Station, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 1; i <= count; i++) ids.push(((await enrol(station, person(i))) as Recorded).recordId)
  return ids
}

const office = async () => newStation({ ownCentre: true, identity: await createIdentity('office') })
const duplicateOf = (of: string) => ({ state: 'DUP', duplicateOf: of, by: 'expert-1' })
const circles = (station: Station) => status(station).anomalies.newest.filter(({ code }) => code === 'duplicate-circle')

describe('a decision that a record is a duplicate', () => {
  it('is refused of one that is called a duplicate of it, and names both', async () => {
    const station = await office()
    const [a, b] = await recorded(station, 2)
    decide(station, a, duplicateOf(b))
    const circle = () => decide(station, b, duplicateOf(a))
    expect(circle).toThrow(expect.objectContaining({ code: 'DECISION_CIRCLE' }))
    for (const id of [a, b]) expect(circle).toThrow(new RegExp(id))
    expect(recordOf(station, b)!.decision).toBeUndefined()
    const file = Buffer.from(`record,state,duplicate_of\n${b},DUP,${a}\n`)
    const { refused } = await importDecisions(station, file, { operator: 'clerk-1' })
    expect(refused).toMatchObject([{ line: 2, code: 'duplicate-circle' }])
    // The first taken back, the second may follow.
    decide(station, a, { state: 'ADJUDICATION', by: 'expert-1' })
    decide(station, b, duplicateOf(a))
    expect(recordOf(station, b)!.decision).toMatchObject({ duplicateOf: a })
  })

  it('leaves one record of each chain, whatever is decided', async () => {
    const station = await office()
    const ids = await recorded(station, 6)
    const word = fc.record({ of: fc.nat(5), to: fc.nat(5), isBack: fc.integer({ min: 0, max: 4 }).map(n => n === 0) })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), words => {
        for (const id of ids) decide(station, id, { state: 'PROCESSING', by: 'x' })
        const stays = new Map<number, number>()
        for (const { of, to, isBack } of words) {
          if (of === to) continue
          if (isBack) {
            decide(station, ids[of], { state: 'PROCESSING', by: 'x' })
            stays.delete(of)
            continue
          }
          const isCircle = passes(stays, to, of)
          const say = () => decide(station, ids[of], duplicateOf(ids[to]))
          if (isCircle) expect(say).toThrow(/neither would stay/)
          else {
            say()
            stays.set(of, to)
          }
        }
      }),
      { numRuns: 15 },
    )
    expect(circles(station)).toEqual([])
  })

  it('is noted, once, where it arrives from above and closes a circle', async () => {
    const centre = await newStation({ identity: await createIdentity('centre') })
    const hub = await below(centre, 'hub')
    const kiosk = await below(hub.station, 'kiosk')
    const [a, b] = await recorded(kiosk.station, 2)
    for (let round = 0; round < 2; round++) for (const { meet } of [kiosk, hub]) await meet()
    decide(hub.station, a, duplicateOf(b))
    decide(centre, b, duplicateOf(a))
    for (let round = 0; round < 2; round++) for (const { meet } of [hub, kiosk]) await meet()
    for (const { station } of [hub, kiosk]) {
      expect(circles(station)).toHaveLength(1)
      for (const id of [a, b]) expect(circles(station)[0].detail).toContain(id)
    }
    decide(centre, b, { state: 'ADJUDICATION', by: 'expert-1' })
    decide(centre, b, duplicateOf(a))
    for (let round = 0; round < 2; round++) for (const { meet } of [hub, kiosk]) await meet()
    for (const { station } of [hub, kiosk]) expect(circles(station)).toHaveLength(1)
  })
})

const alone = (station: Station) => status(station).anomalies.newest.filter(({ code }) => code === 'duplicate-alone')
const WHO = { operator: 'operator-7', reason: 'recorded in error' }
const FAILED = { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' }
const people = peopleOf(97, [1, 2, 6, 7])
const { firstOf, againOf } = people

describe('a duplicate of a record that does not stay', () => {
  it('is refused when that was withdrawn or could not be taken in, also by way of others', async () => {
    const station = await office()
    const [a, b, c, d] = await recorded(station, 4)
    decide(station, b, duplicateOf(a))
    decide(station, c, FAILED)
    const gone = expect.objectContaining({ code: 'DECISION_NONE_STAYS' })
    expect(() => decide(station, d, duplicateOf(c))).toThrow(gone)
    decide(station, c, duplicateOf(b))
    withdraw(station, a, WHO)
    expect(() => decide(station, d, duplicateOf(c))).toThrow(gone)
    const { refused } = await importDecisions(station, Buffer.from(`record,state,duplicate_of\n${d},DUP,${c}\n`), {
      operator: 'clerk-1',
    })
    expect(refused).toMatchObject([{ line: 2, code: 'duplicate-gone' }])
  })

  it.each<[string, (net: Pair) => unknown]>([
    ['is withdrawn', ({ at, stays }) => withdraw(at, stays, WHO)],
    ['could not be taken in', ({ hub, stays }) => decide(hub, stays, FAILED)],
    ['has other fingers', ({ at, stays }) => correct(at, stays, { fingers: firstOf(5) }, WHO)],
  ])('is noted once that one %s', async (_, change) => {
    const pair = await decidedPair()
    await change(pair)
    for (let i = 0; i < 2; i++) {
      await pair.meet()
      await checkRecords(pair.hub)
    }
    expect(alone(pair.hub)).toHaveLength(1)
    for (const id of [pair.stays, pair.falls]) expect(alone(pair.hub)[0].detail).toContain(id)
  })

  it.each(['fingers', 'nik'])(
    'is noted when that one is undone, as its station was revoked (a case of %s)',
    async kind => {
      const { hub, one, two, meet } = await hubOfTwo()
      const falls = await recordedAt(one.station, 1, firstOf(1))
      const stays = await recordedAt(two.station, ...((kind === 'nik' ? [1, firstOf(2)] : [2, againOf(1)]) as Who))
      await meet()
      await checkRecords(hub)
      decide(hub, falls, duplicateOf(stays))
      expect(alone(hub)).toEqual([])
      revokePeer(hub, 'kiosk-2', { operator: 'supervisor-1', reason: 'stolen', from: 1 })
      expect(alone(hub)).toHaveLength(1)
      for (const id of [stays, falls]) expect(alone(hub)[0].detail).toContain(id)
    },
  )

  it('is noted anew when it comes to the same once somebody has decided about it again', async () => {
    const { hub, at, stays, falls, meet } = await decidedPair()
    const third = await recordedAt(at, 3, firstOf(1))
    await meet()
    await checkRecords(hub)
    for (const [i, other] of [stays, third].entries()) {
      decide(hub, falls, duplicateOf(other))
      withdraw(at, other, WHO)
      for (let again = 0; again < 2; again++) {
        await meet()
        await checkRecords(hub)
      }
      expect(alone(hub)).toHaveLength(i + 1)
    }
  })

  it('is noted when it has other fingers itself, and not when the same fingers were put down again', async () => {
    const pair = await decidedPair()
    await correct(pair.at, pair.stays, { fingers: againOf(1) }, WHO)
    await pair.meet()
    await checkRecords(pair.hub)
    expect(alone(pair.hub)).toEqual([])
    await correct(pair.other, pair.falls, { fingers: firstOf(6) }, WHO)
    await pair.meet()
    await checkRecords(pair.hub)
    expect(alone(pair.hub)).toHaveLength(1)
  })
})

it('a duplicate whose card was handed over is noted', async () => {
  const { hub, one, meet, wanted } = await hubOfTwo()
  const first = await recordedAt(one.station, 1, firstOf(1))
  await meet()
  await checkRecords(hub)
  decide(hub, first, { state: 'PRR', by: 'expert-1' })
  await wanted(one, first)
  const { printed } = await printCards(one.station, { printer: printerThat(PRINTED), render })
  handOver(one.station, printed[0].job, { to: 'the person', operator: 'operator-7' })
  await meet()
  const second = await recordedAt(one.station, 2, againOf(1))
  await meet()
  await checkRecords(hub)
  decide(hub, first, duplicateOf(second))
  const noted = status(hub).anomalies.newest.filter(({ code }) => code === 'duplicate-with-card')
  expect(noted.map(({ detail }) => detail)).toEqual([expect.stringContaining(first)])
})

it('is asked of no card whose entry names no record', async () => {
  const { hub, one, meet } = await hubOfTwo()
  const body = { job: 'job-1', to: 'the person', operator: 'operator-7' }
  const { file } = partsOf(one.station)
  file.transaction(() => append(one.station, { kind: 'card-handed-over', direction: 'up', body }))
  await meet()
  expect(status(hub).peers.map(({ refused }) => refused)).toEqual([0, 0])
  expect(status(hub).anomalies.count).toBe(0)
})

type Who = [nik: number, ReturnType<typeof firstOf>]
type Pair = Awaited<ReturnType<typeof decidedPair>>

/** Somebody recorded at two kiosks, of whom the hub has said which record stays. */
async function decidedPair() {
  const { hub, one, two, meet, first: stays, second: falls } = await hubWithPair(people)
  decide(hub, falls, duplicateOf(stays))
  await meet()
  return { hub, at: one.station, other: two.station, stays, falls, meet }
}

/** Whether the chain from one record on goes by way of another. */
function passes(stays: ReadonlyMap<number, number>, from: number, by: number): boolean {
  for (let at: number | undefined = from; at !== undefined; at = stays.get(at)) if (at === by) return true
  return false
}
