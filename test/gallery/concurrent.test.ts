import { createEngine, type Engine, type SearchProgress, type Template } from 'sidik'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { described, random, randomTemplate } from '../support/random-templates.js'

// Some seconds of work on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 })

const COUNT = 1_200

describe('a gallery that changes while it is searched', () => {
  let engine: Engine
  let templates: Template[]
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
    const next = random(11)
    templates = Array.from({ length: COUNT }, () => described(engine, randomTemplate(next)))
  })
  afterAll(() => engine.close())

  const filled = (count = COUNT) => {
    const gallery = engine.createGallery()
    for (let i = 0; i < count; i++) gallery.insert(`${i}`, templates[i])
    return gallery
  }

  it('is seen as it was: what comes later is not found, nor under another id', async () => {
    const gallery = filled()
    for (let i = 0; i < 300; i++) gallery.remove(`${i}`)
    const searching = gallery.search(templates[0], { limit: 200, minScore: 0 })
    for (let i = 0; i < 300; i++) gallery.insert(`new-${i}`, templates[i])
    const { candidates, searched } = await searching
    expect(searched).toBe(COUNT - 300)
    expect(candidates.some(({ id }) => id.startsWith('new-'))).toBe(false)
    expect((await gallery.search(templates[0])).candidates[0].id).toBe('new-0')
  })

  it('gives scores that belong to the ids, under a storm of changes and searches', async () => {
    const gallery = filled(900)
    const held = new Map(Array.from({ length: 900 }, (_, i) => [`${i}`, templates[i]]))
    const everHeld = new Map([...held].map(([id, template]) => [id, [template]]))
    const next = random(3)
    const pick = (from: number) => Math.floor(next() * from)
    const running = new Set<Promise<void>>()
    for (let step = 0; step < 400; step++) {
      const id = `${pick(1_000)}`
      const template = templates[pick(COUNT)]
      if (held.has(id) && next() < 0.5) {
        gallery.remove(id)
        held.delete(id)
      } else {
        gallery.insert(id, template, { replace: true })
        held.set(id, template)
        everHeld.set(id, [...(everHeld.get(id) ?? []), template])
      }
      if (step % 20 > 0) continue
      const probe = templates[pick(COUNT)]
      const search = gallery.search(probe, { limit: 3, minScore: 0 }).then(({ candidates }) => {
        for (const { id, score } of candidates) {
          const scores = everHeld.get(id)!.map(template => engine.match(probe, template).score)
          expect(scores).toContain(score)
        }
      })
      running.add(search)
      await new Promise(resolve => setTimeout(resolve, pick(5)))
    }
    await Promise.all(running)
    expect(gallery.size).toBe(held.size)
    for (const [id, template] of held) expect(gallery.get(id)).toEqual(template)
  })

  it('gives the memory back of what was removed during a search', async () => {
    const gallery = filled()
    const { bytes } = gallery
    for (let round = 0; round < 5; round++) {
      const searching = gallery.search(templates[round])
      for (let i = 0; i < 200; i++) gallery.remove(`${i}`)
      await searching
      for (let i = 0; i < 200; i++) gallery.insert(`${i}`, templates[i])
      expect(gallery.bytes).toBe(bytes)
    }
  })

  it('answers many searches at once as it answers them one by one', async () => {
    const gallery = filled()
    const probes = templates.slice(0, 20)
    const together = await Promise.all(probes.map(probe => gallery.search(probe, { limit: 2, minScore: 0 })))
    for (const [i, { candidates }] of together.entries()) {
      expect(candidates[0].id).toBe(`${i}`)
      expect(candidates).toEqual((await gallery.search(probes[i], { limit: 2, minScore: 0 })).candidates)
    }
  })

  it('finds in two halves what it finds in the whole', async () => {
    const whole = filled()
    const halves = [engine.createGallery(), engine.createGallery()]
    for (let i = 0; i < COUNT; i++) halves[i % 2].insert(`${i}`, templates[i])
    const [one, two] = await Promise.all(halves.map(half => half.search(templates[8], { limit: 200, minScore: 0 })))
    const { candidates } = await whole.search(templates[8], { limit: 200, minScore: 0 })
    const scores = new Map([...one.candidates, ...two.candidates].map(({ id, score }) => [id, score]))
    // The whole's shortlist is a part of the two halves' shortlists.
    for (const { id, score } of candidates) expect(scores.get(id)).toBe(score)
    expect(candidates[0]).toEqual({ id: '8', ...engine.match(templates[8], templates[8]) })
  })
})

describe('a search', () => {
  let engine: Engine
  const next = random(12)
  let templates: Template[]
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
    templates = Array.from({ length: COUNT }, () => described(engine, randomTemplate(next)))
  })
  afterAll(() => engine.close())

  const filled = () => {
    const gallery = engine.createGallery()
    for (const [i, template] of templates.entries()) gallery.insert(`${i}`, template)
    return gallery
  }

  it('is not begun when it was aborted before', async () => {
    const reason = new Error('no longer wanted')
    await expect(filled().search(templates[0], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('rejects with the reason when it is aborted, and the next one is whole', async () => {
    const gallery = filled()
    for (const delayMs of [0, 1, 5, 20]) {
      const controller = new AbortController()
      const reason = { delayMs }
      const searching = gallery.search(templates[3], { signal: controller.signal })
      const aborting = delayMs === 0 ? Promise.resolve() : new Promise(resolve => setTimeout(resolve, delayMs))
      void aborting.then(() => controller.abort(reason))
      const outcome = await searching.catch(error => error)
      if (outcome !== reason) expect(outcome.candidates[0].id).toBe('3')
      expect((await gallery.search(templates[3])).candidates[0].id).toBe('3')
    }
  })

  it('leaves its place when it is aborted: more can be aborted than run at once', async () => {
    const gallery = filled()
    const controller = new AbortController()
    const searches = Array.from({ length: 30 }, () => gallery.search(templates[0], { signal: controller.signal }))
    controller.abort('enough')
    expect((await Promise.allSettled(searches)).every(({ status }) => status === 'rejected')).toBe(true)
    expect((await gallery.search(templates[9])).candidates[0].id).toBe('9')
  })

  it('reports progress up to the whole', async () => {
    const reports: SearchProgress[] = []
    const { searched } = await filled().search(templates[0], { onProgress: progress => reports.push(progress) })
    expect(searched).toBe(COUNT)
    expect(reports.at(-1)).toEqual({ searched: COUNT, total: COUNT, undescribed: 0 })
    const counts = reports.map(report => report.searched)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  })

  it('ends in the error of its own onProgress, and harms no other', async () => {
    const gallery = filled()
    const error = new Error('the bar is closed')
    const onProgress = () => {
      throw error
    }
    await expect(gallery.search(templates[0], { onProgress })).rejects.toBe(error)
    expect((await gallery.search(templates[9])).candidates[0].id).toBe('9')
  })
})
