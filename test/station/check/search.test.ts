/** Candidates as they are told, and searches behind those that one search has room for. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { missedBy } from '../../../dist/station/check/own-records.js'
import { searchPerson } from '../../../dist/station/check/search.js'
import { searchAll } from '../../../dist/station/check/search-all.js'
import { partsOf } from '../../../dist/station/station.js'
import { newStation } from '../enrol/support.js'
import { peopleOf } from './fingers.ts'

const FINGERS = peopleOf(5, [1]).firstOf(1)
const PERSONS = 1_000

interface Somebody {
  readonly id: string
  readonly fpir: number
}

/** An index that finds these, best first, whoever is looked for. */
function indexOf(found: readonly Somebody[]) {
  const identify = async (_: unknown, { limit, without }: { limit: number; without: readonly string[] }) => ({
    decision: 'review',
    reasons: ['near'],
    candidates: found
      .filter(({ id }) => !without.includes(id))
      .slice(0, limit)
      .map(each => ({ ...each, score: 50, fingers: [], templates: undefined })),
    coverage: { persons: PERSONS },
    missRate: 0,
    feedback: [],
  })
  return { persons: PERSONS, through: 0, absent: 0, withoutRoom: 0, identify } as never
}

const near = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `near-${i}`, fpir: 0.01 }))

it('tells the FPIR to one digit, on the side of the rate, and of twenty times it, on which it is', async () => {
  const parts = partsOf(await newStation())
  // Logarithms: rates and FPIRs of all sizes, which often lie within a digit of each other.
  const rates = fc.double({ min: -7, max: -1.7, noNaN: true }).map(log => 10 ** log)
  const besides = fc.oneof(fc.double({ min: 0.4, max: 2.5, noNaN: true }), fc.constantFrom(1, 20, 19.5, 20.5))
  await fc.assert(
    fc.asyncProperty(rates, besides, async (targetFpir, times) => {
      const fpir = targetFpir * times
      const { preCheck } = await searchPerson(parts, indexOf([{ id: 'a', fpir }]), FINGERS, { targetFpir })
      if (fpir >= 0.5) return
      const told = preCheck.candidates[0].fpir
      expect(told <= targetFpir).toBe(fpir <= targetFpir)
      expect(told <= 20 * targetFpir).toBe(fpir <= 20 * targetFpir)
      expect(told).toBe(Number(told.toPrecision(1)))
      expect(Math.abs(told / fpir - 1)).toBeLessThan(1)
    }),
    { numRuns: 500 },
  )
})

it('of a record names all who are near, however many copies of a person stand before another', async () => {
  const parts = partsOf(await newStation())
  const gallery = indexOf([...near(24), { id: 'far', fpir: 0.3 }])
  const { preCheck } = await searchAll(parts, gallery, FINGERS, { targetFpir: 0.001 }, { record: 'r', templates: null })
  expect(preCheck.candidates.map(({ record }) => record)).toEqual(near(24).map(({ id }) => id))
  const few = indexOf([...near(3), { id: 'far', fpir: 0.3 }])
  const found = await searchAll(parts, few, FINGERS, { targetFpir: 0.001 }, { record: 'r', templates: null })
  expect(found.preCheck.candidates.map(({ record }) => record)).toEqual(['near-0', 'near-1', 'near-2', 'far'])
})

it('of an enrolment is made once more where others may stand behind those that it names', async () => {
  const parts = partsOf(await newStation())
  const missed = async (count: number) =>
    missedBy(parts, await searchPerson(parts, indexOf(near(count)), FINGERS, { targetFpir: 0.001 }), 'r')
  expect([await missed(9), await missed(10), await missed(30)]).toEqual([0, 1, 1])
})
