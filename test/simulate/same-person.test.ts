import { describe, expect, it } from 'vitest'
import type { PersonPair } from '../../dist/simulate/plan-types.js'
import { samePersonFacts } from '../../dist/simulate/same-person.js'

const PAIRS = Array.from({ length: 60 }, (_, i): PersonPair => [2 * i, 2 * i + 1])

describe('a person who was recorded twice', () => {
  it('is known again among few mostly, and among more persons less often', async () => {
    const plan = { seed: 7, samePerson: PAIRS }
    const [few, many, all] = await Promise.all(
      [300, 3e8, Number.MAX_SAFE_INTEGER].map(population => samePersonFacts(plan, population)),
    )
    expect([few, many, all].map(facts => facts.map(({ pair }) => pair))).toEqual([PAIRS, PAIRS, PAIRS])
    const seen = (facts: typeof few) => facts.filter(({ matches }) => matches).map(({ pair: [first] }) => first)
    expect(seen(few).length).toBeGreaterThan(PAIRS.length / 2)
    expect(seen(few)).toEqual(expect.arrayContaining(seen(many)))
    expect(seen(many).length).toBeLessThan(seen(few).length)
    expect(seen(all).length).toBeLessThan(seen(many).length)
  })
})
