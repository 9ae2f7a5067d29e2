import { createEngine, type Engine, type FingerInput, type Gallery, type Persons } from 'sidik'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { captured, newHands, swappedFingers } from '../support/people.js'
import { random } from '../support/random-templates.js'

vi.setConfig({ testTimeout: 60_000 })

const PERSONS = 60
const next = random(33)
const hands = Array.from({ length: PERSONS }, () => newHands(next))

describe('identifyPerson', () => {
  let engine: Engine
  let gallery: Gallery
  let persons: Persons
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
    gallery = engine.createGallery()
    persons = engine.personsOf(gallery)
    for (const [i, each] of hands.entries()) {
      await persons.enrol(`p${i}`, { fingers: captured(next, each) }, { skipSameFingerCheck: true })
    }
  })
  afterAll(() => engine.close())

  it('finds a person again, by two searches and a few hundred comparisons', async () => {
    const result = await persons.identifyPerson({ fingers: captured(next, hands[7]) })
    expect(result).toMatchObject({ decision: 'duplicate', reasons: [], searched: PERSONS, feedback: [] })
    const [best] = result.candidates
    expect(best).toMatchObject({ id: 'p7', pairing: 'stated', disagreeing: 0, unpaired: [] })
    expect(best.fpir).toBeLessThan(1e-9)
    expect(best.fingers.map(({ verdict, swapped }) => [verdict, swapped])).toEqual(Array(10).fill(['agreeing', false]))
    expect(result.steps.map(({ step }) => step)).toEqual(['screen', 'compare'])
    expect(result.steps[0]).toMatchObject({ screened: 2 * gallery.size })
    expect(result.steps[1].compared).toBeLessThan(1_000)
    expect(result.fingers.filter(({ use }) => use === 'screened')).toHaveLength(2)
    // Each pair as engine.match has it.
    const probe = captured(next, hands[7])
    const { candidates } = await persons.identifyPerson({ fingers: probe })
    for (const { probeIndex, enrolledIndex, score } of candidates[0].fingers) {
      const enrolled = persons.get('p7')!.fingers[enrolledIndex] as { template: Uint8Array }
      expect(score).toBe(engine.match(probe[probeIndex].template, enrolled.template).score)
    }
  })

  it('screens with the fingers that persons were enrolled with', async () => {
    const INDEX_FINGERS = [2, 7]
    const some = engine.personsOf(engine.createGallery())
    for (const [i, each] of hands.slice(0, 20).entries()) {
      const fingers = captured(next, each).filter(({ position }) => i % 3 > 0 || INDEX_FINGERS.includes(position))
      await some.enrol(`p${i}`, { fingers }, { skipSameFingerCheck: true })
    }
    for (const i of [3, 6, 9]) {
      const { decision, candidates, fingers } = await some.identifyPerson({ fingers: captured(next, hands[i]) })
      expect([decision, candidates[0].id]).toEqual(['duplicate', `p${i}`])
      const screened = fingers.filter(({ use }) => use === 'screened').map(({ position }) => position)
      expect(screened.sort((a, b) => a - b)).toEqual(INDEX_FINGERS)
    }
    for (const i of [0, 3, 6, 9, 12, 15, 18]) await some.remove(`p${i}`)
    const { fingers } = await some.identifyPerson({ fingers: captured(next, hands[1]) })
    expect(fingers.filter(({ use }) => use === 'screened')).toHaveLength(2)
  })

  it('finds a person with two fingers swapped and one missing, and says which', async () => {
    const fingers: FingerInput[] = swappedFingers(captured(next, hands[9]), 2, 3)
    fingers[8] = { position: 9, missing: 'amputated' }
    const { decision, candidates, fingers: given } = await persons.identifyPerson({ fingers })
    expect([decision, candidates[0].id, candidates[0].pairing]).toEqual(['duplicate', 'p9', 'assigned'])
    const swapped = candidates[0].fingers.filter(finger => finger.swapped)
    expect(swapped.map(({ probePosition, enrolledPosition }) => [probePosition, enrolledPosition])).toEqual([
      [4, 3],
      [3, 4],
    ])
    expect(candidates[0].fingers).toHaveLength(9)
    expect(candidates[0].unpaired).toEqual([{ position: 9 }])
    expect(given[8]).toEqual({ position: 9, use: 'missing', missing: 'amputated' })
  })

  it('finds a person whose hands were taken for each other, and one of whose fingers nothing is stated', async () => {
    const mirrored = captured(next, hands[11]).map(({ position, template }) => ({
      position: ((position + 4) % 10) + 1,
      template,
    }))
    const hand = await persons.identifyPerson({ fingers: mirrored })
    expect([hand.decision, hand.candidates[0].id, hand.candidates[0].pairing]).toEqual(['duplicate', 'p11', 'mirrored'])
    const unknown = captured(next, hands[12])
      .slice(5, 8)
      .map(({ template }) => ({ position: 0, template }))
    const three = await persons.identifyPerson({ fingers: unknown })
    expect([three.decision, three.candidates[0].id]).toEqual(['duplicate', 'p12'])
    expect(three.candidates[0].fingers.map(({ enrolledPosition, swapped }) => [enrolledPosition, swapped])).toEqual([
      [6, false],
      [7, false],
      [8, false],
    ])
  })

  it('finds a person of whom four fingers are enrolled, each under the position of another', async () => {
    const all = captured(next, newHands(next))
    const swapped = [2, 3, 7, 8].map((from, k) => ({ ...all[from - 1], position: [3, 7, 8, 2][k] }))
    await persons.enrol('four', { fingers: swapped }, { skipSameFingerCheck: true })
    const { decision, candidates } = await persons.identifyPerson({ fingers: all })
    await persons.remove('four')
    expect([decision, candidates[0].id, candidates[0].pairing]).toEqual(['duplicate', 'four', 'assigned'])
    expect(
      candidates[0].fingers.map(({ probePosition, enrolledPosition }) => [probePosition, enrolledPosition]),
    ).toEqual([
      [2, 3],
      [3, 7],
      [7, 8],
      [8, 2],
    ])
  })

  it('clears strangers, having widened the search, by some hundred comparisons', async () => {
    for (let i = 0; i < 3; i++) {
      const result = await persons.identifyPerson({ fingers: captured(next, newHands(next)) })
      expect(result).toMatchObject({ decision: 'clear', reasons: [] })
      expect(result.missRate).toBeLessThan(0.02)
      expect(result.fingers.filter(({ use }) => use === 'screened')).toHaveLength(3)
      expect(result.candidates.every(({ fpir }) => fpir > 0.02)).toBe(true)
      // Three screens of 32 and a hundred or two of the persons found: 237 to 274 here, 1,120 if all fingers are compared with all.
      expect(result.steps.reduce((sum, { compared }) => sum + compared, 0)).toBeLessThan(500)
    }
  })

  it('does not depend on the order of the fingers, nor on fingers that are missing', async () => {
    const fingers = captured(next, hands[20]).slice(0, 6)
    const what = async (given: FingerInput[]) => {
      const { decision, candidates, missRate, steps } = await persons.identifyPerson({ fingers: given })
      const bare = candidates.map(({ id, score, fpir, pairing }) => ({ id, score, fpir, pairing }))
      return {
        decision,
        bare,
        missRate,
        work: steps.map(({ step, screened, compared }) => ({ step, screened, compared })),
      }
    }
    const plain = await what(fingers)
    expect(await what([...fingers].reverse())).toEqual(plain)
    expect(
      await what([{ position: 10, missing: 'bandaged' }, ...fingers, { position: 9, missing: 'unreadable' }]),
    ).toEqual(plain)
  })

  it('has somebody look at two persons in one', async () => {
    const mixed = [...captured(next, hands[30]).slice(0, 1), ...captured(next, newHands(next)).slice(1)]
    const { decision, reasons, candidates } = await persons.identifyPerson({ fingers: mixed })
    const found = candidates.find(({ id }) => id === 'p30')!
    expect([decision, reasons.length > 0]).toEqual(['review', true])
    expect(found.disagreeing).toBeGreaterThan(4)
    expect(found.fingers[0]).toMatchObject({ probePosition: 1, verdict: 'agreeing' })
  })

  it('uses a finger once that was put down twice', async () => {
    const [thumb, index, ...others] = captured(next, hands[3])
    const again = { ...captured(next, hands[3])[0], position: 2 }
    const { feedback, fingers, decision } = await persons.identifyPerson({
      fingers: [thumb, again, ...others.slice(0, 2)],
    })
    expect(index.position).toBe(2)
    expect(feedback).toMatchObject([{ code: 'same-finger-twice', fingers: [0, 1] }])
    expect(fingers[1]).toEqual({ position: 2, use: 'missing', missing: 'not-captured' })
    expect(decision).toBe('duplicate')
  })

  it('does not clear by one finger among many', async () => {
    const [thumb] = captured(next, newHands(next))
    const strict = await persons.identifyPerson({ fingers: [thumb] }, { targetFpir: 1e-7 })
    expect(strict).toMatchObject({ decision: 'review', reasons: ['too-little-to-clear'] })
    expect(strict.missRate).toBeGreaterThan(0.05)
  })

  it('leaves out the one whose fingers these are, and nobody else', async () => {
    const probe = captured(next, hands[21])
    const without = await persons.identifyPerson({ fingers: probe }, { without: ['p21'] })
    expect(without).toMatchObject({ decision: 'clear', searched: PERSONS - 1 })
    expect(without.candidates.map(({ id }) => id)).not.toContain('p21')
    // One who is not there changes nothing.
    const other = await persons.identifyPerson({ fingers: probe }, { without: ['nobody'] })
    expect(other).toMatchObject({ decision: 'duplicate', searched: PERSONS })
    // Enrolled twice: found under the other id.
    await persons.enrol('again', { fingers: captured(next, hands[21]) })
    const twice = await persons.identifyPerson({ fingers: probe }, { without: ['p21'] })
    expect([twice.decision, twice.candidates[0].id]).toEqual(['duplicate', 'again'])
    const neither = await persons.identifyPerson({ fingers: probe }, { without: ['p21', 'again'] })
    expect(neither).toMatchObject({ decision: 'clear', searched: PERSONS - 1 })
    await persons.remove('again')
  })

  it('decides among the population that is stated, and among no fewer than there are', async () => {
    const fingers = captured(next, hands[22])
    const alone = await persons.identifyPerson({ fingers })
    const few = await persons.identifyPerson({ fingers }, { population: 1 })
    expect(few.candidates).toEqual(alone.candidates)
    const city = await persons.identifyPerson({ fingers }, { population: PERSONS * 1_000 })
    expect(city.candidates[0].score).toBe(alone.candidates[0].score)
    // So far from any stranger that the union bound is a product.
    expect(city.candidates[0].fpir / alone.candidates[0].fpir).toBeCloseTo(1_000, 0)
    // One finger that clears among sixty does not clear among a country.
    const [one] = captured(next, newHands(next))
    const small = await persons.identifyPerson({ fingers: [one] })
    const large = await persons.identifyPerson({ fingers: [one] }, { population: 270e6 })
    expect(large.missRate).toBeGreaterThan(small.missRate)
    for (const population of [-1, 0.5, Number.NaN]) {
      await expect(persons.identifyPerson({ fingers }, { population })).rejects.toThrow(/population/)
    }
  })

  it('stops when it is aborted, reports progress, and checks what it is asked', async () => {
    const fingers = captured(next, hands[1])
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(persons.identifyPerson({ fingers }, { signal: aborted })).rejects.toThrow('enough')
    const stop = new AbortController()
    const under = persons.identifyPerson({ fingers }, { signal: stop.signal })
    stop.abort(new Error('now'))
    await expect(under).rejects.toThrow('now')
    const seen: number[] = []
    await persons.identifyPerson({ fingers }, { onProgress: ({ searched, total }) => seen.push(searched / total) })
    expect(seen.at(-1)).toBe(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    await expect(persons.identifyPerson({ fingers }, { targetFpir: 0 })).rejects.toThrow(RangeError)
    await expect(persons.identifyPerson({ fingers }, { limit: 0 })).rejects.toThrow(RangeError)
    await expect(persons.identifyPerson({ fingers }, { targetFmr: 0.1 } as never)).rejects.toThrow(
      "did you mean 'targetFpir'?",
    )
    await expect(persons.identifyPerson({ fingers: [] })).rejects.toMatchObject({ code: 'NO_USABLE_FINGER' })
    expect((await persons.identifyPerson({ fingers }, { limit: 3 })).candidates).toHaveLength(3)
  })

  it('runs while persons come and go', async () => {
    const fingers = captured(next, hands[5])
    const coming = captured(next, newHands(next))
    const searches = Array.from({ length: 4 }, () => persons.identifyPerson({ fingers }))
    await persons.remove('p6')
    await persons.enrol('new', { fingers: coming })
    for (const { decision, candidates } of await Promise.all(searches)) {
      expect([decision, candidates[0].id]).toEqual(['duplicate', 'p5'])
    }
    const found = await persons.identifyPerson({ fingers: coming })
    expect([found.decision, found.candidates[0].id, found.searched]).toEqual(['duplicate', 'new', PERSONS])
  })

  it('ends in ENGINE_CLOSED when the engine is closed, with nothing changed', async () => {
    const other = await createEngine({ threads: 1 })
    const few = other.personsOf(other.createGallery())
    const fingers = captured(next, hands[0])
    await few.enrol('a', { fingers })
    await other.close()
    await expect(few.identifyPerson({ fingers })).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
    await expect(few.enrol('b', { fingers }, { skipSameFingerCheck: true })).rejects.toMatchObject({
      code: 'ENGINE_CLOSED',
    })
    await expect(few.remove('a')).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
    expect([few.ids(), few.incomplete]).toEqual([['a'], []])
  })
})
