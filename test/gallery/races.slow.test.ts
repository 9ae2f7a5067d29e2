import { createEngine, type Engine, type Gallery, type Template } from 'sidik'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { type RacingGallery, racingGallery } from '../support/racing-gallery.js'
import { random } from '../support/random-templates.js'

// Thousands of templates each time, on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const next = random(77)

interface Kind {
  readonly name: string
  readonly count: number
  /** Network of the learned codes of template `i`; 0 for none. */
  readonly networkOf: (i: number) => number
  /** Network of the probe. */
  readonly probeNetwork: number
  /** The work in the middle of which the gallery is changed. */
  readonly work: readonly ('describe' | 'scan')[]
}

const KINDS: Kind[] = [
  { name: 'scan', count: 2_400, networkOf: () => 1, probeNetwork: 1, work: ['scan'] },
  { name: 'index', count: 9_000, networkOf: () => 1, probeNetwork: 1, work: ['scan'] },
  { name: 'geometric', count: 1_200, networkOf: () => 1, probeNetwork: 0, work: ['describe', 'scan'] },
  { name: 'mixed', count: 1_200, networkOf: i => i % 3, probeNetwork: 1, work: ['describe', 'scan'] },
]

const MOST = Math.max(...KINDS.map(({ count }) => count))
const EXTRA = 200
/** Enough for several rounds of searches. */
const DEDUPED = 150
const fingers = Array.from({ length: MOST + EXTRA }, () => codedFinger(next, 24 + Math.floor(50 * next())))

/**
 * Templates of the probe's finger: one that nothing happens to, two that are replaced or removed,
 * one that comes later.
 */
const PROBED = 60
const MATES = [20, PROBED, PROBED + 1, MOST + 1]
for (const i of MATES) if (i !== PROBED) fingers[i] = secondCoded(next, fingers[PROBED])
/** What comes later is called by its place among that. */
const MATE_IDS = new Set([...MATES.map(String), 'x1'])

type Sample = ReturnType<typeof sampleOf>

function sampleOf({ count, networkOf, probeNetwork }: Kind) {
  const template = (i: number) => codedTemplate(fingers[i], networkOf(i))
  return {
    probe: codedTemplate(secondCoded(random(5), fingers[PROBED]), probeNetwork),
    templates: Array.from({ length: count }, (_, i) => template(i)),
    /** Come later; one of them is the probe's mate. */
    extra: Array.from({ length: EXTRA }, (_, i) => template(MOST + i)),
  }
}

/** Strangers score less, and none of the mates. */
const MATED = 40

describe('a gallery that is changed in the middle of a search', () => {
  let engine: Engine
  let racing: RacingGallery
  afterEach(() => racing.close())
  let held: Map<string, Template>
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())

  /** The mates among what is held, as a search has to return them. */
  const matesAmong = (templates: ReadonlyMap<string, Template>, probe: Template) =>
    [...templates]
      .filter(([id]) => MATE_IDS.has(id))
      .map(([id, template]) => ({ id, ...engine.match(probe, template) }))
      .filter(({ score }) => score >= MATED)
      .toSorted((a, b) => b.score - a.score)

  /** A gallery with some free slots among those that are held. */
  async function fill({ templates }: Sample, threads: number, index: boolean) {
    racing = racingGallery(threads)
    const { gallery } = racing
    templates.forEach((template, i) => {
      gallery.insert(`${i}`, template)
    })
    held = new Map(templates.map((template, i) => [`${i}`, template]))
    for (let i = templates.length - 60; i < templates.length - 10; i++) {
      gallery.remove(`${i}`)
      held.delete(`${i}`)
    }
    if (index) await gallery.buildIndex()
    await racing.warm()
  }

  /** Changes by name, a step at a time; each takes effect at once. `missed`: what was held and a search may miss. */
  const changes = {
    insert: function* (gallery: Gallery, { extra }: Sample) {
      for (const [i, template] of extra.entries()) {
        yield gallery.insert(`x${i}`, template)
        held.set(`x${i}`, template)
      }
    },
    replace: function* (gallery: Gallery, { extra }: Sample, missed: Set<string>) {
      // The first to be replaced is the probe's own finger.
      for (const [i, template] of extra.entries()) {
        const id = `${PROBED + i}`
        missed.add(id)
        yield gallery.insert(id, template, { replace: true })
        held.set(id, template)
      }
    },
    remove: function* (gallery: Gallery, _: Sample, missed: Set<string>) {
      for (let i = 0; i < 300; i++) {
        const id = `${PROBED + 1 + i}`
        missed.add(id)
        yield gallery.remove(id)
        held.delete(id)
      }
    },
  }
  const names = ['insert', 'replace', 'remove'] as const

  /** Searches a gallery that is changed in the middle; again where the worker was through before that was noticed. */
  async function race(kind: Kind, sample: Sample, work: 'describe' | 'scan', change: (typeof names)[number]) {
    for (;;) {
      await fill(sample, 1, kind.name === 'index')
      const before = new Map(held)
      const missed = new Set<string>()
      racing.during(work, changes[change](racing.gallery, sample, missed))
      // Templates are described once only; all else can be searched again.
      for (let tries = 0; tries < (work === 'describe' ? 1 : 50); tries++) {
        const { candidates } = await racing.gallery.search(sample.probe, { limit: 10, minScore: 0 })
        const steps = racing.overlapped()
        if (steps !== undefined && steps > 0) return { before, missed, candidates }
        if (steps === 0) break
      }
      await racing.close()
    }
  }

  const cases = KINDS.flatMap(kind =>
    kind.work.flatMap(work => names.map(change => ({ kind, work, change, title: kind.name }))),
  )
  it.each(cases)('by $change while workers $work ($title)', async ({ kind, work, change }) => {
    const sample = sampleOf(kind)
    const { probe } = sample
    const { before, missed, candidates } = await race(kind, sample, work, change)
    const mated = candidates.filter(({ score }) => score >= MATED)
    const seen = new Map([...before].filter(([id]) => !missed.has(id) || mated.some(found => found.id === id)))
    // As it was at the call, less what went meanwhile; nothing of what came.
    expect(mated).toEqual(matesAmong(seen, probe))
    expect(mated.some(({ id }) => id === '20')).toBe(true)
    for (const { id, ...comparison } of candidates) expect(comparison).toEqual(engine.match(probe, before.get(id)!))
    // What came meanwhile was not harmed, nor anything else in the memory.
    const after = await racing.gallery.search(probe, { limit: 10, minScore: MATED, exhaustive: true })
    expect(after.candidates).toEqual(matesAmong(held, probe))
    const ids = [...held.keys()].filter((id, i) => i % 25 === 0 || id.startsWith('x') || missed.has(id))
    const compared = await racing.gallery.compare(probe, ids)
    expect(compared.length).toBe(ids.length)
    for (const { id, ...comparison } of compared) expect(comparison).toEqual(engine.match(probe, held.get(id)!))
    for (const [id, template] of held) if (Number(id) % 50 === 1) expect(racing.gallery.get(id)).toEqual(template)
  })

  it.each(KINDS)('finds the same while an index is built ($name)', async kind => {
    const sample = sampleOf(kind)
    await fill(sample, 2, false)
    const { gallery } = racing
    const building = gallery.buildIndex()
    const searches = Array.from({ length: 6 }, () => gallery.search(sample.probe, { minScore: MATED }))
    let built = false
    void building.then(() => {
      built = true
    })
    const first = await searches[0]
    // An index is wanted from 8,192 templates on: the others have nothing to build.
    if (kind.name === 'index') expect(built).toBe(false)
    const expected = matesAmong(held, sample.probe)
    for (const { candidates } of [first, ...(await Promise.all(searches))]) expect(candidates).toEqual(expected)
    await building
    expect((await gallery.search(sample.probe, { minScore: MATED })).candidates).toEqual(expected)
  })

  it.each(KINDS)('finds the same while duplicates are looked for, and these are found ($name)', async kind => {
    const sample = sampleOf({ ...kind, count: DEDUPED })
    await fill(sample, 2, false)
    const { gallery } = racing
    const ended: string[] = []
    const deduping = gallery.dedupe().finally(() => ended.push('dedupe'))
    const searches = Array.from({ length: 4 }, () =>
      gallery.search(sample.probe, { minScore: MATED }).finally(() => ended.push('search')),
    )
    const expected = matesAmong(held, sample.probe)
    for (const { candidates } of await Promise.all(searches)) expect(candidates).toEqual(expected)
    const { groups } = await deduping
    expect(ended.indexOf('dedupe')).toBeGreaterThan(0)
    expect(groups.map(ids => ids.toSorted())).toEqual([expected.map(({ id }) => id).toSorted()])
  })
})

describe('a record without room for geometric codes', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())

  // A template of so many minutiae had its codes written over the core's own data, or over its own masks.
  it.each([52, 70])('that comes into a free slot during a search harms nothing (%d minutiae)', async minutiae => {
    const gallery = engine.createGallery()
    const some = Array.from({ length: 2_500 }, () => codedTemplate(codedFinger(next, 30)))
    const late = codedFinger(next, minutiae)
    for (const [i, template] of some.entries()) gallery.insert(`${i}`, template)
    gallery.remove('2400')
    const { bytes } = gallery
    let ended = false
    const searching = gallery.search(codedTemplate(codedFinger(next, 40), 0)).finally(() => {
      ended = true
    })
    // The first templates have got room: twenty tasks of description are to come.
    while (gallery.bytes === bytes) await new Promise(resolve => setImmediate(resolve))
    expect(ended).toBe(false)
    gallery.insert('2400', codedTemplate(late))
    await searching
    const iso = codedTemplate(late, 0)
    const [found] = (await gallery.search(iso)).candidates
    expect(found).toEqual({ id: '2400', ...engine.match(iso, codedTemplate(late)) })
    expect(found.score).toBeGreaterThan(100)
    expect(await gallery.compare(iso, ['2400'])).toEqual([found])
  })
})
