import fc from 'fast-check'
import type { Template } from 'sidik'
import { checkSequence, type SequencePrint } from 'sidik/capture'
import { describe, expect, it } from 'vitest'
import { Lab, tenprint, unordered } from '../../support/sequence.js'

const lab = new Lab()
/** Good, fair, poor and hardly any. */
const TEMPLATES: readonly Template[] = Array.from({ length: 24 }, (_, i) =>
  lab.print(i, [40, 40, 20, 12, 5][i % 5], [70, 25, 70, 10][i % 4]),
)

/** Prints of any positions, in any captures, and any scores between them. */
const anything = fc
  .record({
    prints: fc.uniqueArray(
      fc.record({
        place: fc.nat(TEMPLATES.length - 1),
        position: fc.integer({ min: 1, max: 10 }),
        impression: fc.constantFrom('rolled', 'plain'),
        group: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
      }),
      { maxLength: 16, selector: ({ place }) => place },
    ),
    // Mostly low, as scores are.
    scores: fc.array(fc.oneof(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 120 })), {
      minLength: 300,
      maxLength: 300,
    }),
  })
  .map(({ prints, scores }) => {
    const given = prints.flatMap(({ place, position, impression, group }, i): SequencePrint[] => {
      const twice = prints
        .slice(0, i)
        .some(other => group !== undefined && other.group === group && other.position === position)
      return twice ? [] : [{ position, impression, template: TEMPLATES[place], ...(group !== undefined && { group }) }]
    })
    const numbers = new Map(TEMPLATES.map((template, i) => [template, i]))
    const match = (a: Template, b: Template) => {
      const [low, high] = [numbers.get(a)!, numbers.get(b)!].sort((x, y) => x - y)
      return { score: scores[(high * (high - 1)) / 2 + low] }
    }
    return { given, engine: { match } }
  })

describe('a sequence check', () => {
  it('says the same of the same prints in any order', () => {
    fc.assert(
      fc.property(
        anything.chain(({ given, engine }) =>
          fc.tuple(fc.constant(given), fc.constant(engine), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, engine, shuffled]) => {
          expect(unordered(checkSequence(engine, shuffled), shuffled)).toEqual(
            unordered(checkSequence(engine, given), given),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('passes over no print in silence, whatever the scores: it is named, or another one matches it', () => {
    fc.assert(
      fc.property(anything, ({ given, engine }) => {
        const { findings, unchecked } = checkSequence(engine, given)
        const named = new Set([...findings, ...unchecked].flatMap(({ prints }) => prints))
        given.forEach(({ template }, i) => {
          const matched = given.some((other, j) => j !== i && engine.match(template, other.template).score >= 30)
          expect(named.has(i) || matched).toBe(true)
        })
        for (const { prints, evidence, message } of [...findings, ...unchecked]) {
          expect(prints).toEqual([...new Set(prints)].sort((a, b) => a - b))
          expect(prints.every(i => given[i] !== undefined)).toBe(true)
          for (const { prints: pair, score } of evidence) {
            expect(score).toBe(engine.match(given[pair[0]].template, given[pair[1]].template).score)
          }
          expect(message).toMatch(/capture|see /)
        }
      }),
      { numRuns: 500 },
    )
  })

  it("finds every way in which single captures stand at each other's positions, and is content when they are put right", () => {
    const FINGERS = [2, 3, 4, 5, 7, 8, 9, 10]
    fc.assert(
      fc.property(fc.shuffledSubarray(FINGERS, { minLength: 8 }), order => {
        const rolled = new Map(FINGERS.map((position, i) => [position, order[i]]))
        const prints = tenprint((impression, position) =>
          lab.print(impression === 'rolled' ? (rolled.get(position) ?? position) : position),
        )
        const { findings } = checkSequence(lab, prints)
        const displaced = FINGERS.filter(position => rolled.get(position) !== position)
        expect(findings.length > 0).toBe(displaced.length > 0)
        const named = new Set(findings.flatMap(finding => finding.prints.map(i => prints[i].position)))
        expect(displaced.filter(position => !named.has(position))).toEqual([])
        const proposed = new Map(
          findings.flatMap(finding => finding.proposed.map(({ print, position }) => [print, position])),
        )
        const righted = prints.map((print, i) => ({ ...print, position: proposed.get(i) ?? print.position }))
        expect(checkSequence(lab, righted)).toEqual({ findings: [], unchecked: [] })
      }),
      { numRuns: 40 },
    )
  })
})
