/** A hub that compares by an index of persons in another process, which is killed, hangs, lies or forgets. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  adjudications,
  checkRecords,
  createIdentity,
  enrol,
  type Identified,
  type PersonIndex,
  type Recorded,
  recheck,
  recordOf,
  records,
  type Station,
  status,
  verifyStation,
} from 'sidik/station'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EmbeddedIndex } from '../../../dist/station/check/embedded-index.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation, type Options, somebody } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { IndexServer, remoteIndex } from './remote-index.ts'

const engine = await engineForTests()

const servers: IndexServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill()
})

async function newServer(folder = `${newPath()}-index`): Promise<IndexServer> {
  const server = new IndexServer(folder)
  servers.push(server)
  await server.start()
  return server
}

const SEED = 47
const { firstOf, againOf } = peopleOf(SEED, [1, 2, 3, 6, 7])

const MANUAL = { background: false, deadlineMs: 20_000 }
const LONG = { timeout: 50_000 }

async function hubWith(options: Options) {
  const hub = await newStation({ ...options, identity: await createIdentity('hub') })
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  const meetAll = async () => {
    for (const { meet } of [one, two, one, two]) await meet()
  }
  return { hub, one: one.station, two: two.station, meetAll }
}

async function recorded(station: Station, nik: number, fingers: ReturnType<typeof firstOf>): Promise<Recorded> {
  return (await enrol(station, somebody(nik, fingers))) as Recorded
}

const pairsAt = (station: Station) =>
  adjudications(station).map(each => ('other' in each ? [each.kind, each.record, each.other].join(' ') : each.kind))
const pairOf = (a: string, b: string) => ['fingers', ...[a, b].sort()].join(' ')
const timesChecked = (station: Station) =>
  records(station).records.map(({ id }) => recordOf(station, id)!.checks.length)

describe('a hub with an index in another process', () => {
  it.each([
    ['with an engine', true],
    ['without one', false],
  ])('finds a person who was recorded at two kiosks, %s', async (_, hasEngine) => {
    const server = await newServer()
    const index = remoteIndex(server)
    const close = vi.spyOn(index, 'close')
    const { hub, one, two, meetAll } = await hubWith({
      ...(hasEngine && { engine }),
      index,
      check: { deadlineMs: 20_000 },
    })
    const first = await recorded(one, 1, firstOf(1))
    const other = await recorded(one, 2, firstOf(2))
    const second = await recorded(two, 3, againOf(1))
    await meetAll()
    await vi.waitFor(() => expect(status(hub).check).toEqual({ unchecked: 0 }), LONG)
    expect(pairsAt(hub)).toEqual([pairOf(first.recordId, second.recordId)])
    expect(recordOf(hub, other.recordId)!.check).toBe('clear')
    const { preCheck } = await recorded(hub, 4, againOf(2))
    expect(preCheck).toMatchObject({ decision: 'duplicate', persons: 3, candidates: [{ record: other.recordId }] })
    expect((await verifyStation(hub)).findings).toEqual([])
    expect(existsSync(`${hub.path}.index`)).toBe(false)
    await hub.close()
    expect(close).not.toHaveBeenCalled()
    expect((await index.identify(againOf(2), {})).coverage.persons).toBe(4)
  })

  it('records on while the index is gone, and checks all once it is back, though it has forgotten all', async () => {
    for (const isForgotten of [false, true]) {
      const folder = `${newPath()}-index`
      const server = await newServer(folder)
      const options = { engine, index: remoteIndex(server), check: { deadlineMs: 20_000 } }
      const { hub, one, two, meetAll } = await hubWith(options)
      const first = await recorded(one, 1, firstOf(1))
      await meetAll()
      await vi.waitFor(() => expect(status(hub).check).toEqual({ unchecked: 0 }), LONG)

      await server.kill()
      const second = await recorded(two, 2, againOf(1))
      const atHub = await recorded(hub, 3, firstOf(2))
      expect(atHub.preCheck).toMatchObject({ decision: 'not-run', reasons: ['index-unavailable'], persons: 0 })
      const again = await recorded(hub, 4, againOf(2))
      expect(again.preCheck).toMatchObject({ decision: 'not-run', reasons: ['index-unavailable'] })
      await meetAll()
      for (const { recordId } of [second, atHub, again]) expect(recordOf(hub, recordId)!.check).toBe('unchecked')
      await vi.waitFor(() => {
        expect(status(hub).check).toMatchObject({ unchecked: 3, problem: { code: 'INDEX_UNAVAILABLE' } })
      }, LONG)
      expect(pairsAt(hub)).toEqual([])
      await expect(checkRecords(hub)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })

      if (isForgotten) rmSync(folder, { recursive: true })
      await server.start()
      await vi.waitFor(() => expect(status(hub).check).toMatchObject({ unchecked: 0 }), LONG)
      expect(status(hub).check).not.toHaveProperty('problem')
      const pairs = [pairOf(first.recordId, second.recordId), pairOf(atHub.recordId, again.recordId)]
      expect(pairsAt(hub).sort()).toEqual(pairs.sort())
      expect(timesChecked(hub)).toEqual([1, 1, 1, 1])
      expect((await verifyStation(hub)).findings).toEqual([])
      await hub.close()
    }
  })

  it('compares the first record of all, though the index was gone when it was recorded', async () => {
    const server = await newServer()
    await server.kill()
    const station = await newStation({ index: remoteIndex(server), ownCentre: true, check: MANUAL })
    const { recordId } = await recorded(station, 1, firstOf(1))
    expect(recordOf(station, recordId)!.check).toBe('unchecked')
    await server.start()
    expect(await checkRecords(station)).toEqual({ checked: 1, duplicates: 0, reviews: 0, left: 0 })
    expect(recordOf(station, recordId)!.check).toBe('clear')
  })
})

/** Ways in which a call goes wrong. */
const FAULTS = [
  'refuses',
  'loses the answer',
  'hangs',
  'is behind',
  'names a stranger',
  'scores NaN',
  'forgets',
] as const
type Fault = (typeof FAULTS)[number]

/** An index whose calls go wrong as `next` says, each in turn. */
async function faulty(next: (call: string) => Fault | undefined): Promise<PersonIndex> {
  const fresh = () =>
    EmbeddedIndex.open(engine, {
      folder: `${newPath()}-index`,
      key: new Uint8Array(32),
      mostBytes: 2 ** 30,
      onDamage: () => expect.unreachable(),
    })
  let index = await fresh()
  const old = [index]
  const change = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const fault = next(name)
    if (fault === 'hangs') await new Promise(() => {})
    if (fault === 'refuses') throw new Error('out of order')
    if (fault === 'forgets') {
      index = await fresh()
      old.push(index)
    }
    const result = await work()
    if (fault === 'loses the answer') throw new Error('the line was cut')
    if (name !== 'identify') return result
    const { candidates, coverage, ...said } = result as Identified
    if (fault === 'is behind') return { ...said, candidates, coverage: { ...coverage, asOf: coverage.asOf - 1 } } as T
    const [best] = candidates
    if (fault === 'names a stranger' && best) return { ...said, candidates: [{ ...best, id: 'nobody' }], coverage } as T
    if (fault === 'scores NaN' && best) return { ...said, candidates: [{ ...best, score: Number.NaN }], coverage } as T
    return result
  }
  return {
    upsert: person => change('upsert', () => index.upsert(person)),
    remove: (id, place) => change('remove', () => index.remove(id, place)),
    knowsUpTo: place => change('knowsUpTo', () => index.knowsUpTo(place)),
    identify: (fingers, options) => change('identify', () => index.identify(fingers, options)),
    async *versions() {
      yield* await change('versions', async () => index.versions())
    },
    close: async () => {
      for (const each of old) await each.close()
    },
  }
}

describe('an index that fails', () => {
  it.each<[Fault, string]>([
    ['refuses', 'INDEX_UNAVAILABLE'],
    ['loses the answer', 'INDEX_UNAVAILABLE'],
    ['hangs', 'INDEX_UNAVAILABLE'],
    ['is behind', 'INDEX_BEHIND'],
    ['forgets', 'INDEX_BEHIND'],
    ['names a stranger', 'INDEX_ANSWER'],
    ['scores NaN', 'INDEX_ANSWER'],
  ])('and %s in a search leaves the record due, whatever it said', async (fault, code) => {
    let isSearchFaulty = true
    const index = await faulty(call => (isSearchFaulty && call === 'identify' ? fault : undefined))
    const check = { background: false, deadlineMs: fault === 'hangs' ? 500 : 20_000 }
    const { hub, one, two, meetAll } = await hubWith({ engine, index, check })
    const first = await recorded(one, 1, firstOf(1))
    const second = await recorded(two, 2, againOf(1))
    await meetAll()
    await expect(checkRecords(hub)).rejects.toMatchObject({ code })
    expect(status(hub).check).toMatchObject({ unchecked: 2, problem: { code } })
    const atHub = await recorded(hub, 3, firstOf(2))
    expect(atHub.preCheck).toMatchObject({ decision: 'not-run', reasons: ['index-unavailable'], missed: 2 })
    expect(timesChecked(hub)).toEqual([0, 0, 0])
    isSearchFaulty = false
    expect(await checkRecords(hub)).toMatchObject({ checked: 3, left: 0 })
    expect(status(hub).check).toEqual({ unchecked: 0 })
    expect(pairsAt(hub)).toEqual([pairOf(first.recordId, second.recordId)])
    await hub.close()
    await index.close()
  })

  it('is not asked by each enrolment anew: one waits for the deadline, those after it do not', async () => {
    const asked: string[] = []
    let isHanging = true
    const index = await faulty(call => {
      asked.push(call)
      return isHanging && call === 'identify' ? 'hangs' : undefined
    })
    const station = await newStation({ index, check: { background: false, deadlineMs: 500 } })
    for (const nik of [1, 2, 3]) {
      const { preCheck } = await recorded(station, nik, firstOf(nik))
      expect(preCheck).toMatchObject({ decision: 'not-run', reasons: ['index-unavailable'] })
    }
    expect(asked.filter(call => call === 'identify').length).toBe(1)
    isHanging = false
    expect(await checkRecords(station)).toMatchObject({ checked: 3, left: 0 })
    expect((await recorded(station, 4, againOf(1))).preCheck).toMatchObject({ decision: 'duplicate', persons: 3 })
    await station.close()
    await index.close()
  })

  it('does not keep a station from closing while it hangs', async () => {
    const index = await faulty(() => 'hangs')
    const station = await newStation({ index, check: { deadlineMs: 600_000 } })
    const waiting = expect(enrol(station, somebody(1, firstOf(1)))).rejects.toMatchObject({ code: 'STATION_CLOSED' })
    await station.close()
    await waiting
    await index.close()
  })

  it('comes, whatever fails in whatever order, to the cases of the embedded one', async () => {
    // Recorded where nothing compares, and copied for each run.
    const identity = await createIdentity('hub')
    const given = { path: newPath(), identity, ownCentre: true }
    const bare = await newStation(given)
    const kiosk = await below(bare, 'kiosk-1')
    for (const [i, person] of [1, 2, 1, 3].entries())
      await recorded(kiosk.station, i + 1, [firstOf, againOf][i >> 1](person))
    await kiosk.meet()
    await bare.close()

    const outcome = async (options: Options) => {
      const path = newPath()
      cpSync(given.path, path)
      const station = await newStation({ identity, path, ...options })
      await recorded(station, 5, againOf(3))
      let fails = 0
      const untilDone = async (work: () => Promise<unknown>): Promise<unknown> => {
        try {
          return await work()
        } catch (error) {
          // A slow machine misses deadlines by itself.
          if (!(error instanceof SidikError) || !error.code.startsWith('INDEX_') || ++fails > 60) throw error
          return untilDone(work)
        }
      }
      await untilDone(() => checkRecords(station))
      await untilDone(() => recheck(station, { operator: 'operator-7', reason: 'to be sure' }))
      const nikOf = new Map(records(station).records.map(({ id }) => [id, recordOf(station, id)!.contents!.nik]))
      const cases = adjudications(station).map(each =>
        'other' in each ? [each.kind, ...[nikOf.get(each.record), nikOf.get(each.other)].sort()].join(' ') : each.kind,
      )
      expect(records(station).records.map(({ check }) => check)).not.toContain('unchecked')
      expect((await verifyStation(station)).findings).toEqual([])
      await station.close()
      return cases.sort()
    }

    const expected = await outcome({ engine, check: MANUAL })
    expect(expected.length).toBe(2)
    const fault = fc.option(fc.constantFrom(...FAULTS), { freq: 2 })
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 24 }), async plan => {
        const left = plan.map(each => each ?? undefined)
        const index = await faulty(() => left.shift())
        const check = { background: false, deadlineMs: 250 }
        expect(await outcome({ engine, index, check })).toEqual(expected)
        await index.close()
      }),
      { numRuns: 12 },
    )
  })
})
