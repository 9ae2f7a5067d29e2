import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type DedupeResult, type Engine, fmrOfScore, scoreOfFmr } from 'sidik'
import { syntheticTemplate } from 'sidik/synthesize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { captured, newHands, swappedFingers } from '../support/people.js'
import { random, templateOf } from '../support/random-templates.js'
import { type Entry, entriesOf, filled } from './fingers.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-dedupe-'))
let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const idsOf = ({ pairs }: Pick<DedupeResult, 'pairs'>) => pairs.map(({ a, b }) => `${a} ${b}`)
const lasting = ({ resumed, elapsedMs, ...report }: DedupeResult) => report

/** All pairs by 1:1 comparisons, in the order of a report. */
function bruteForce(entries: readonly Entry[], minScore: number) {
  const pairs = entries.flatMap((one, i) =>
    entries.slice(i + 1).flatMap(other => {
      const { score, codes } = engine.match(one.template, other.template)
      const [a, b] = [one.id, other.id].sort()
      return score >= minScore ? [{ a, b, score, codes, fmr: fmrOfScore(score), samePerson: false }] : []
    }),
  )
  return pairs.sort((x, y) => y.score - x.score || (x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1))
}

describe('deduplication', () => {
  it('reports what the comparison of all pairs gives, to the bit', async () => {
    const next = random(5)
    const minutiaeOnly = entriesOf(6, 8, {}).map(({ id }, i) => ({ id: `m${id}`, template: plain(next, i) }))
    const entries = [...entriesOf(4, 90, { 3: 1, 40: 3, 89: 1 }), ...minutiaeOnly]
    const expected = bruteForce(entries, 1)
    // Of both kinds of codes, and of strangers too.
    expect(new Set(expected.map(({ codes }) => codes))).toEqual(new Set(['learned', 'geometric']))
    expect(expected.length).toBeGreaterThan(12)
    const found = await filled(engine, entries).dedupe({ minScore: 1 })
    expect(found.pairs).toEqual(expected)
    expect(found).toMatchObject({ size: entries.length, minScore: 1, truncated: [], removed: 0, resumed: 0 })
    const shuffled = await filled(engine, entries.toReversed()).dedupe({ minScore: 1 })
    expect(shuffled.pairs).toEqual(expected)
    expect(shuffled.groups).toEqual(found.groups)
    expect(shuffled.digest).not.toBe(found.digest)
  })

  it('finds what was put there twice among many, and nothing else, by any number of threads', async () => {
    const entries = entriesOf(7, 270, { 5: 1, 200: 2, 269: 1 })
    const found = await filled(engine, entries).dedupe()
    expect(idsOf(found).sort()).toEqual(['f200 f200-1', 'f200 f200-2', 'f200-1 f200-2', 'f269 f269-1', 'f5 f5-1'])
    expect(found.groups).toEqual([
      ['f200', 'f200-1', 'f200-2'],
      ['f269', 'f269-1'],
      ['f5', 'f5-1'],
    ])
    expect(found.personPairs).toEqual([])
    const two = await createEngine({ threads: 2 })
    const gallery = filled(two, entries)
    expect(lasting(await gallery.dedupe())).toEqual(lasting(found))
    expect(lasting(await gallery.dedupe({ exhaustive: true }))).toEqual({ ...lasting(found), exhaustive: true })
    await two.close()
  })

  it('takes its threshold from the pairs that may be there by chance, or as it is told', async () => {
    const gallery = filled(engine, entriesOf(8, 5, {}))
    const pairs = 10
    const given = async (options: object) => (await gallery.dedupe(options)).minScore
    expect(await given({ targetFalsePairs: 1 })).toBe(scoreOfFmr(1 / pairs))
    expect(await given({ targetFalsePairs: 0.1 })).toBe(scoreOfFmr(0.1 / pairs))
    expect(await given({ targetFalsePairs: 1_000 })).toBe(0)
    expect(await given({ targetFmr: 1e-6 })).toBe(60)
    const { minScore, fmr, comparisons, expectedFalsePairs } = await gallery.dedupe({ minScore: 30 })
    expect([minScore, comparisons]).toEqual([30, pairs])
    expect(fmr).toBeCloseTo(0.001, 9)
    expect(expectedFalsePairs).toBeCloseTo(0.01, 9)
  })

  it('asks for a score of 40 at least where no threshold is given', async () => {
    const asked = async (count: number) => {
      const found = await filled(engine, entriesOf(8, count, {})).dedupe()
      return [found.minScore, found.expectedFalsePairs]
    }
    expect(await asked(8)).toEqual([40, expect.closeTo(0.0028, 9)])
    // 141 templates are 9,870 pairs, 142 are 10,011.
    expect(await asked(141)).toEqual([40, expect.closeTo(0.987, 9)])
    expect(await asked(142)).toEqual([scoreOfFmr(1 / 10_011), expect.closeTo(1, 9)])
  })

  it('finds no two of eight different fingers alike: eight prints, and many draws of templates', async () => {
    const prints = await Promise.all(
      [101, 102, 103, 104, 105, 106, 107, 108].map(async finger => {
        const file = new URL(`../../fixtures/prints/${finger}_1.png`, import.meta.url)
        return { id: `${finger}`, template: (await engine.extract(readFileSync(file))).template }
      }),
    )
    const draws = Array.from({ length: 100 }, (_, draw) =>
      Array.from({ length: 8 }, (_, i) => ({ id: `f${i}`, template: syntheticTemplate(5, 8 * draw + i) })),
    )
    for (const eight of [prints, ...draws]) {
      const gallery = filled(engine, eight)
      const found = await gallery.dedupe()
      expect([found.pairs, found.groups, found.minScore]).toEqual([[], [], 40])
      gallery.close()
    }
  })

  it('of none and of one template is empty', async () => {
    for (const count of [0, 1]) {
      const found = await filled(engine, entriesOf(8, count, {})).dedupe()
      expect(found).toMatchObject({ size: count, comparisons: 0, expectedFalsePairs: 0, pairs: [], groups: [] })
    }
  })

  it('refuses what it does not know, naming it', async () => {
    const gallery = engine.createGallery()
    const refused: [object, typeof TypeError | typeof RangeError, string][] = [
      [{ targetFalsePairs: 0 }, RangeError, 'targetFalsePairs'],
      [{ targetFalsePairs: '1' }, TypeError, 'targetFalsePairs'],
      [{ targetFalsePairs: 1, minScore: 40 }, TypeError, 'targetFalsePairs and minScore'],
      [{ targetFalsePairs: 1, targetFmr: 1e-6 }, TypeError, 'targetFalsePairs and targetFmr'],
      [{ targetFmr: 1e-6, minScore: 40 }, TypeError, 'minScore and targetFmr'],
      [{ targetFmr: 2 }, RangeError, 'targetFmr'],
      [{ state: '' }, TypeError, 'state'],
      [{ exhaustive: 1 }, TypeError, 'exhaustive'],
      [{ onProgres: () => {} }, TypeError, "did you mean 'onProgress'"],
    ]
    for (const [options, kind, words] of refused) {
      const error = await gallery.dedupe(options).catch(error => error)
      expect(error).toBeInstanceOf(kind)
      expect(error.message).toContain(words)
    }
    gallery.close()
    await expect(gallery.dedupe()).rejects.toMatchObject({ code: 'GALLERY_CLOSED' })
  })

  it('tells how far it is, onwards only, and at the end that all is done', async () => {
    const told: { searched: number; total: number }[] = []
    await filled(engine, entriesOf(9, 150, {})).dedupe({ onProgress: at => told.push(at) })
    expect(told.at(-1)).toEqual({ searched: 150, total: 150 })
    expect(told.length).toBeGreaterThan(1)
    expect(told.map(({ searched }) => searched)).toEqual(
      [...new Set(told.map(({ searched }) => searched))].sort(byNumber),
    )
  })

  it('ends with the error of who is told', async () => {
    const gallery = filled(engine, entriesOf(9, 50, {}))
    const error = new Error('enough')
    const onProgress = () => {
      throw error
    }
    await expect(gallery.dedupe({ onProgress })).rejects.toBe(error)
  })

  it('leaves out what is removed or replaced meanwhile, and does not see what comes', async () => {
    const entries = entriesOf(10, 120, { 5: 1, 60: 1, 100: 1 })
    const gallery = filled(engine, entries)
    const template = (id: string) => entries.find(entry => entry.id === id)!.template
    let changed = false
    const found = await gallery.dedupe({
      onProgress: ({ searched }) => {
        if (changed || searched < 40) return
        changed = true
        gallery.remove('f5')
        gallery.insert('f60', template('f60'), { replace: true })
        gallery.insert('new', template('f100'))
      },
    })
    expect(changed).toBe(true)
    expect(idsOf(found)).toEqual(['f100 f100-1'])
    expect([found.size, found.removed]).toEqual([entries.length, 2])
  })

  it('says of which templates a search found as many as it can', async () => {
    const next = random(12)
    const finger = codedFinger(next, 14)
    const copies = Array.from({ length: 203 }, (_, i) => ({ id: `copy ${i}`, template: codedTemplate(finger) }))
    const others = entriesOf(13, 20, { 4: 1 })
    const found = await filled(engine, [...copies, ...others]).dedupe({ minScore: 40 })
    expect(found.truncated).toEqual(copies.map(({ id }) => id))
    expect(found.groups.map(group => group.length)).toEqual([203, 2])
    // As many as there are templates are not too many.
    const all = await filled(engine, copies.slice(0, 200)).dedupe({ minScore: 40 })
    expect([all.truncated, all.pairs.length]).toEqual([[], (200 * 199) / 2])
  })

  it('tells a finger captured twice from a person enrolled twice', async () => {
    const next = random(14)
    const fingers = Array.from({ length: 5 }, () => codedFinger(next, 30))
    const again = (finger: number) => codedTemplate(secondCoded(next, fingers[finger]))
    const entries = [
      ['anna/f1:1,2/1', again(0)],
      ['anna/f1:1,2/2', again(1)],
      ['berta/f1:1,2/1', again(0)],
      ['berta/f1:1,2/2', again(1)],
      // One finger put down twice.
      ['cleo/f1:6,7/1', again(2)],
      ['cleo/f1:6,7/2', again(2)],
      ['dora/f1:1/1', again(3)],
      ['of no person', again(3)],
      ['dora', again(4)],
    ].map(([id, template]) => ({ id, template })) as Entry[]
    const found = await filled(engine, entries).dedupe({ minScore: 50 })
    const kinds = found.pairs.map(({ a, b, samePerson }) => [a, b, samePerson]).sort()
    expect(kinds).toEqual([
      ['anna/f1:1,2/1', 'berta/f1:1,2/1', false],
      ['anna/f1:1,2/2', 'berta/f1:1,2/2', false],
      ['cleo/f1:6,7/1', 'cleo/f1:6,7/2', true],
      ['dora/f1:1/1', 'of no person', false],
    ])
    const best = Math.max(...found.pairs.filter(({ a }) => a.startsWith('anna')).map(({ score }) => score))
    const [pair, ...others] = found.personPairs
    expect(pair).toMatchObject({ a: 'anna', b: 'berta', bestFinger: best, fingerPairs: 2 })
    expect(others).toEqual([])
    expect(pair.fmr).toBe(fmrOfScore(pair.score))
    expect([found.persons, found.personGroups]).toEqual([4, [['anna', 'berta']]])
  })

  it('weighs the fingers of two persons together, as a search of persons does', async () => {
    const next = random(15)
    const gallery = engine.createGallery()
    const persons = engine.personsOf(gallery)
    const hands = Array.from({ length: 3 }, () => newHands(next))
    const people = [
      ['anna', captured(next, hands[0]).slice(0, 4)],
      // Again, with two fingers taken for each other.
      ['anna again', swappedFingers(captured(next, hands[0]).slice(0, 4), 1, 2)],
      // One finger in common: that of a card that was mixed up.
      ['berta', [captured(next, hands[0])[0], ...captured(next, hands[1]).slice(1, 4)]],
      ['cleo', captured(next, hands[2]).slice(0, 4)],
    ] as const
    for (const [id, fingers] of people) await persons.enrol(id, { fingers })
    const found = await gallery.dedupe({ minScore: 50 })
    const [first, ...weaker] = found.personPairs
    expect([first.a, first.b, first.fingerPairs]).toEqual(['anna', 'anna again', 4])
    expect(weaker.map(({ a, b, fingerPairs }) => [a, b, fingerPairs]).sort()).toEqual([
      ['anna again', 'berta', 1],
      ['anna', 'berta', 1],
    ])
    const { candidates } = await persons.identifyPerson({ fingers: people[0][1] })
    for (const { b, score } of found.personPairs.filter(({ a }) => a === 'anna')) {
      expect(score).toBe(candidates.find(({ id }) => id === b)!.score)
    }
    expect(found.personPairs[0].score).toBeGreaterThan(found.personPairs[1].score + 100)
    expect(found.personGroups).toEqual([['anna', 'anna again', 'berta']])
  })
})

describe('a deduplication that is aborted', () => {
  const entries = entriesOf(20, 110, { 3: 1, 100: 2 })

  it('rejects with the reason, and goes on where it ended', async () => {
    const gallery = filled(engine, entries)
    const whole = await gallery.dedupe()
    const state = join(folder, 'aborted')
    await expect(gallery.dedupe({ signal: AbortSignal.abort('before') })).rejects.toBe('before')
    const abort = new AbortController()
    const onProgress = ({ searched }: { searched: number }) => {
      if (searched >= 60) abort.abort('enough')
    }
    await expect(gallery.dedupe({ state, signal: abort.signal, onProgress })).rejects.toBe('enough')
    const told: number[] = []
    const resumed = await gallery.dedupe({ state, onProgress: ({ searched }) => told.push(searched) })
    expect(resumed.resumed).toBeGreaterThanOrEqual(60)
    expect(resumed.resumed).toBeLessThan(entries.length)
    expect(Math.min(...told)).toBeGreaterThanOrEqual(resumed.resumed)
    expect(lasting(resumed)).toEqual(lasting(whole))
    const bytes = readFileSync(state)
    const again = await gallery.dedupe({ state })
    expect([again.resumed, lasting(again)]).toEqual([entries.length, lasting(whole)])
    expect(readFileSync(state).equals(bytes)).toBe(true)
  })

  it('keeps no state of a set of which something has gone', async () => {
    const gallery = filled(engine, entries)
    const state = join(folder, 'changed')
    let removed = false
    const onProgress = ({ searched }: { searched: number }) => {
      if (removed || searched < 30) return
      removed = true
      gallery.remove('f100')
    }
    const found = await gallery.dedupe({ state, onProgress })
    expect(idsOf(found).sort()).toEqual(['f100-1 f100-2', 'f3 f3-1'])
    // The gallery as it was goes on from what was found when it was whole.
    const resumed = await filled(engine, entries).dedupe({ state })
    expect(resumed.resumed).toBeLessThan(entries.length)
    expect(lasting(resumed)).toEqual(lasting(await filled(engine, entries).dedupe()))
    await expect(gallery.dedupe({ state })).rejects.toMatchObject({ code: 'STATE_MISMATCH' })
  })

  it('refuses the state of another gallery or of other options, and says what differs', async () => {
    const state = join(folder, 'mismatch')
    const few = entries.slice(0, 12)
    await filled(engine, few).dedupe({ state, minScore: 40 })
    const bytes = readFileSync(state)
    const [first, second, ...rest] = few
    const cases: [readonly Entry[], object, string[]][] = [
      [entries.slice(0, 13), { minScore: 40 }, ['gallery of 12 templates (this one has 13)']],
      [[second, first, ...rest], { minScore: 40 }, ['gallery of other templates']],
      [[{ ...first, id: 'renamed' }, second, ...rest], { minScore: 40 }, ['gallery of other templates']],
      [[{ ...first, template: second.template }, second, ...rest], { minScore: 40 }, ['gallery of other templates']],
      [few, { minScore: 41 }, ['score of 40 (41 is asked for now)']],
      [few, { targetFmr: 1e-5, exhaustive: true }, ['score of 40 (50', 'searches by the index (exhaustive']],
    ]
    for (const [given, options, words] of cases) {
      const error = await filled(engine, given)
        .dedupe({ ...options, state })
        .catch(error => error)
      expect(error).toMatchObject({ name: 'SidikError', code: 'STATE_MISMATCH' })
      for (const part of [...words, state, 'name another file, or delete this one'])
        expect(error.message).toContain(part)
    }
    // The same threshold, said in another way.
    expect((await filled(engine, few).dedupe({ targetFmr: 1e-4, state })).resumed).toBe(12)
    expect(readFileSync(state).equals(bytes)).toBe(true)
  })
})

const byNumber = (a: number, b: number) => a - b

/** Without learned codes; each finger twice. */
function plain(next: () => number, i: number) {
  return templateOf(secondCoded(i % 2 === 0 ? next : random(i), codedFinger(random(100 + Math.floor(i / 2)), 30)))
}
