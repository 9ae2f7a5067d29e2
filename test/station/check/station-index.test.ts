import type { SidikError } from 'sidik'
import type { IndexedVersion, PersonIndex } from 'sidik/station'
import { syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { StationIndex } from '../../../dist/station/check/station-index.js'

const never = new Promise<never>(() => {})
const nothing = async () => {}

/** An index that does nothing but what is given. */
const indexWith = (calls: Partial<PersonIndex>): PersonIndex => ({
  upsert: nothing,
  remove: nothing,
  knowsUpTo: nothing,
  identify: () => never,
  async *versions() {},
  close: nothing,
  ...calls,
})

const fingers = [{ position: 1, template: syntheticTemplate(5, 1) }]
const person = { id: 'a', version: 'v', place: 1, fingers }
const listOf = (pages: () => Iterable<readonly IndexedVersion[]>) =>
  new StationIndex(
    indexWith({
      async *versions() {
        yield* pages()
      },
    }),
    10_000,
  )
const listed = (pages: () => Iterable<readonly IndexedVersion[]>) => listOf(pages).read(0, nothing)

describe('an index as a station uses it', () => {
  it('is doubted until it has said whom it has, and again after each call that failed', async () => {
    let isBroken = false
    const index = new StationIndex(
      indexWith({
        remove: async () => {
          if (isBroken) throw new TypeError('fetch failed')
        },
        async *versions() {
          yield [{ id: 'a', version: 'v' }]
          yield []
          yield [{ id: 'b', version: 'w' }]
        },
      }),
      10_000,
    )
    expect(index.isDoubted).toBe(true)
    await index.read(2, nothing)
    expect([index.isDoubted, index.size, index.versionOf('b')]).toEqual([false, 2, 'w'])
    isBroken = true
    const message = 'the index of persons cannot take b out: fetch failed'
    await expect(index.remove('b', 3)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE', message })
    expect([index.isDoubted, index.size]).toEqual([true, 2])
  })

  it('has no list without end, and nobody twice', async () => {
    const twice = [{ id: 'a', version: 'v' }]
    const wrong: [string, () => Iterable<readonly IndexedVersion[]>][] = [
      ['a is there twice', () => [twice, twice]],
      [
        'it has no end',
        function* () {
          for (;;) yield []
        },
      ],
      [
        'it has no end',
        function* () {
          for (let i = 0; ; i += 60_000)
            yield Array.from({ length: 60_000 }, (_, k) => ({ id: `${i + k}`, version: 'v' }))
        },
      ],
    ]
    for (const [why, pages] of wrong) {
      await expect(listed(pages)).rejects.toMatchObject({ code: 'INDEX_ANSWER', message: expect.stringContaining(why) })
    }
  })

  it.each<[string, Partial<PersonIndex>, (index: StationIndex) => Promise<unknown>]>([
    ['takes somebody in', { upsert: () => never }, index => index.upsert(person)],
    ['takes somebody out', { remove: () => never }, index => index.remove('a', 1)],
    ['keeps its place', { knowsUpTo: () => never }, index => index.knowsUpTo(1)],
    ['searches', {}, index => index.identify(fingers, {})],
    [
      'lists',
      {
        async *versions() {
          yield await never
        },
      },
      index => index.read(0, nothing),
    ],
  ])('has so long for a call and no longer, and is told when nobody waits any more: it %s', async (_, calls, call) => {
    const signals: (AbortSignal | undefined)[] = []
    const told = Object.fromEntries(
      Object.entries(indexWith(calls)).map(([name, work]) => [
        name,
        (...given: { signal?: AbortSignal }[]) => {
          signals.push(given.at(-1)?.signal)
          return (work as (...all: unknown[]) => unknown)(...given)
        },
      ]),
    ) as unknown as PersonIndex
    const late = { code: 'INDEX_UNAVAILABLE', message: expect.stringContaining('no answer within 100 ms') }
    await expect(call(new StationIndex(told, 100))).rejects.toMatchObject(late)
    expect(signals.map(signal => signal?.aborted)).toEqual([true])

    const closed = new StationIndex(told, 600_000)
    const waiting = call(closed)
    closed.end(Object.assign(new Error('closed'), { code: 'STATION_CLOSED' }) as unknown as SidikError)
    await expect(waiting).rejects.toMatchObject({ code: 'STATION_CLOSED' })
  })

  it('says itself whether there is something to compare: an index cannot', async () => {
    const noFinger = Object.assign(new Error('none'), { code: 'NO_USABLE_FINGER' })
    const index = new StationIndex(
      indexWith({
        upsert: async () => {
          throw noFinger
        },
        identify: async () => {
          throw noFinger
        },
      }),
      10_000,
    )
    await expect(index.upsert(person)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
    await expect(index.identify(fingers, {})).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
    const none = [{ position: 1, missing: 'amputated' as const }]
    await expect(index.upsert({ ...person, fingers: none })).rejects.toMatchObject({ code: 'NO_USABLE_FINGER' })
    await expect(index.identify(none, {})).rejects.toMatchObject({ code: 'NO_USABLE_FINGER' })
  })
})
