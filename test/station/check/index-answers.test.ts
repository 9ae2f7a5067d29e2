import fc from 'fast-check'
import type { SidikError } from 'sidik'
import type { Identified } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { type Asked, readIdentified, readVersions } from '../../../dist/station/check/index-answers.js'

const KNOWN = ['a', 'b', 'c', 'own']
const asked: Asked = {
  fingers: 2,
  persons: 3,
  asOf: 12,
  without: ['own'],
  limit: 3,
  targetFpir: 0.001,
  isKnown: id => KNOWN.includes(id),
}

const candidate = (id: string, score: number, fpir: number) => ({
  id,
  score,
  fpir,
  fingers: [0, 1].map(index => ({
    probeIndex: index,
    probePosition: index + 1,
    enrolledIndex: index,
    enrolledPosition: index + 1,
    score: score / 2,
    swapped: false,
    verdict: 'agreeing' as const,
  })),
})

const TRUE: Identified = {
  decision: 'duplicate',
  reasons: [],
  candidates: [candidate('a', 120, 1e-11), candidate('b', 11, 0.5)],
  missRate: 0.001,
  feedback: [{ code: 'too-few-minutiae', fingers: [1], message: 'capture this finger again' }],
  coverage: { persons: 3, asOf: 12 },
}

const codeOf = (answer: unknown) => {
  try {
    readIdentified(answer, asked)
    return undefined
  } catch (error) {
    return (error as SidikError).code
  }
}
const [best, second] = TRUE.candidates
const withBest = (change: object) => ({ ...TRUE, candidates: [{ ...best, ...change }, second] })
const withFinger = (change: object) => withBest({ fingers: [{ ...best.fingers[0], ...change }] })

describe('an answer of an index', () => {
  it('is taken as it is where all of it can be true, and nothing else that it has', () => {
    expect(readIdentified(TRUE, asked)).toEqual(TRUE)
    expect(readIdentified({ ...TRUE, more: 1, coverage: { persons: 900, asOf: 13, slots: 4 } }, asked)).toEqual({
      ...TRUE,
      coverage: { persons: 900, asOf: 13 },
    })
  })

  it.each<[string, unknown]>([
    ['older than what was asked for', { ...TRUE, coverage: { persons: 3, asOf: 11 } }],
    ['of fewer persons than there are', { ...TRUE, coverage: { persons: 2, asOf: 12 } }],
    [
      'clear of fewer persons than there are',
      { ...TRUE, decision: 'clear', candidates: [], coverage: { persons: 0, asOf: 12 } },
    ],
  ])('is behind: %s', (_, answer) => expect(codeOf(answer)).toBe('INDEX_BEHIND'))

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'clear'],
    ['without coverage', { ...TRUE, coverage: undefined }],
    ['coverage that is no number', { ...TRUE, coverage: { persons: 3, asOf: Number.NaN } }],
    ['coverage without end', { ...TRUE, coverage: { persons: Number.POSITIVE_INFINITY, asOf: 12 } }],
    ['a decision that is none', { ...TRUE, decision: 'not-run' }],
    ['a reason that is none', { ...TRUE, decision: 'review', reasons: ['no-finger'] }],
    ['a stranger', withBest({ id: 'nobody' })],
    ['an id that is no text', withBest({ id: 7 })],
    ['an id without end', withBest({ id: 'a'.repeat(1_000_000) })],
    ['the one that was to be left out', withBest({ id: 'own' })],
    ['somebody twice', withBest({ id: 'b' })],
    ['a score that is no number', withBest({ score: Number.NaN })],
    ['a score without end', withBest({ score: Number.POSITIVE_INFINITY })],
    ['scores in another order', withBest({ score: 10 })],
    ['a rate above 1', withBest({ fpir: 1.5 })],
    ['a rate that is no number', withBest({ fpir: Number.NaN })],
    ['a finger that was not given', withFinger({ probeIndex: 2 })],
    ['a finger beyond ten', withFinger({ enrolledPosition: 11 })],
    ['a finger with a score that is no number', withFinger({ score: Number.NaN })],
    ['a verdict that is none', withFinger({ verdict: 'same' })],
    ['eleven fingers', withBest({ fingers: Array(11).fill(best.fingers[0]) })],
    ['feedback on a finger that was not given', { ...TRUE, feedback: [{ ...TRUE.feedback[0], fingers: [2] }] }],
    ['a miss rate above 1', { ...TRUE, missRate: 2 }],
    ['clear beside somebody who matches', { ...TRUE, decision: 'clear' }],
    ['a duplicate of nobody', { ...TRUE, candidates: [] }],
    ['a duplicate of somebody who does not match', { ...TRUE, candidates: [second] }],
    [
      'more candidates than were asked for, of which none is read',
      {
        ...TRUE,
        candidates: Array.from({ length: 300_000 }, () => ({
          get id() {
            throw new Error('it was read')
          },
        })),
      },
    ],
    [
      'more candidates than were asked for',
      { ...TRUE, candidates: ['a', 'b', 'c', 'd'].map(id => candidate(id, 1, 1e-9)) },
    ],
  ])('cannot be true: %s', (_, answer) => expect(codeOf(answer)).toBe('INDEX_ANSWER'))

  it('is refused with a code, or has only what the station knows, whatever it is', () => {
    const finger = fc.record({ probeIndex: fc.nat(3), score: fc.double() })
    const anybody = fc.record({
      id: fc.constantFrom('a', 'b', 'own', 'nobody'),
      score: fc.double(),
      fpir: fc.double({ min: -1, max: 2 }),
      fingers: fc.array(
        finger.map(each => ({ ...best.fingers[0], ...each })),
        { maxLength: 2 },
      ),
    })
    const answer = fc.record({
      decision: fc.constantFrom('clear', 'review', 'duplicate'),
      reasons: fc.constant([]),
      candidates: fc.array(anybody, { maxLength: 4 }),
      missRate: fc.double({ min: -1, max: 2 }),
      feedback: fc.constant([]),
      coverage: fc.record({ persons: fc.integer({ min: 2, max: 4 }), asOf: fc.integer({ min: 11, max: 13 }) }),
    })
    fc.assert(
      fc.property(fc.oneof(answer, fc.anything()), said => {
        const code = codeOf(said)
        if (code !== undefined) {
          expect(['INDEX_BEHIND', 'INDEX_ANSWER']).toContain(code)
          return
        }
        const { decision, candidates, coverage } = readIdentified(said, asked)
        expect(coverage.asOf >= 12 && coverage.persons >= 3).toBe(true)
        expect(candidates.every(({ id, score }) => ['a', 'b'].includes(id) && Number.isFinite(score))).toBe(true)
        expect(decision === 'clear' && candidates.some(({ fpir }) => fpir <= 0.001)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a page of who is in an index', () => {
  it('has ids and versions, and nothing else', () => {
    expect(readVersions([{ id: 'a', version: 'v', place: 3 }])).toEqual([{ id: 'a', version: 'v' }])
    expect(readVersions([])).toEqual([])
  })

  it.each([
    [undefined],
    [{}],
    [['a']],
    [[{ id: 'a' }]],
    [[{ id: '', version: 'v' }]],
    [[{ id: 'a', version: 'v w' }]],
    [[{ id: 'a', version: 'v'.repeat(65) }]],
    [Array(65_537).fill({ id: 'a', version: 'v' })],
  ])('is refused otherwise (%#)', page => {
    expect(() => readVersions(page)).toThrow(expect.objectContaining({ code: 'INDEX_ANSWER' }))
  })
})
