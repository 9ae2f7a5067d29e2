/** What an index throws is turned into a code of ours, whatever it is: nobody goes unrecorded for it. */
import { describe, expect, it } from 'vitest'
import { StationIndex } from '../../../dist/station/check/station-index.js'
import { peopleOf } from './fingers.ts'

const odd: [name: string, thrown: () => unknown][] = [
  ['an object without a text', () => Object.create(null)],
  ['an error whose message is an object', () => Object.assign(new Error(), { message: { detail: 'gone' } })],
  ['an error without a message', () => Object.assign(new Error(), { message: undefined })],
  [
    'an error whose message throws',
    () => ({
      get message() {
        throw new Error('gone')
      },
    }),
  ],
  ['null', () => null],
  ['a text', () => 'gone'],
]
const fingers = peopleOf(3, [1, 2]).firstOf(1)

const indexThat = (members: object) => new StationIndex(members as never, 1_000)

describe('an index of persons', () => {
  it.each(odd)('that rejects with %s is unavailable', async (_, thrown) => {
    const fails = async () => {
      throw thrown()
    }
    const index = indexThat({ identify: fails, upsert: fails, remove: fails, knowsUpTo: fails })
    const calls = [
      () => index.identify(fingers, {}),
      () => index.upsert({ id: 'a', version: 'v', place: 1, fingers }),
      () => index.remove('a', 1),
      () => index.knowsUpTo(1),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
    expect(index.isDoubted).toBe(true)
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    [
      'something that throws',
      {
        get done() {
          throw new Error('gone')
        },
      },
    ],
  ])('whose list says %s is unavailable', async (_, next) => {
    const versions = () => ({ [Symbol.asyncIterator]: () => ({ next: async () => next }) })
    await expect(indexThat({ versions }).read(1, async () => {})).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
  })
})
