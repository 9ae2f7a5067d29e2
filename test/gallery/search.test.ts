import type { Engine, Gallery, Template } from 'sidik'
import { createEngine } from 'sidik'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  described,
  random,
  randomMinutiae,
  randomTemplate,
  secondImpression,
  templateOf,
} from '../support/random-templates.js'

// Some seconds of work on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 })

const THREADS = [1, 2, 3]

/** Ids and templates of strangers, and probes of which some have a mate among them. */
function population(engine: Engine, seed: number, count: number) {
  const next = random(seed)
  const fingers = Array.from({ length: count }, () => randomMinutiae(next))
  const enrolled = fingers.map((minutiae, i) => ({
    id: `person-${i}`,
    template: described(engine, templateOf(minutiae)),
  }))
  const mated = [3, 77, count - 1].map(i => ({
    id: `person-${i}`,
    probe: templateOf(secondImpression(next, fingers[i])),
  }))
  return { enrolled, mated, stranger: randomTemplate(next) }
}

function fill(gallery: Gallery, enrolled: readonly { id: string; template: Template }[]): Gallery {
  for (const { id, template } of enrolled) gallery.insert(id, template)
  return gallery
}

/** What a search is to return, by comparing with every template one after the other. */
function plainLoop(engine: Engine, enrolled: readonly { id: string; template: Template }[], probe: Template) {
  return enrolled
    .map(({ id, template }) => ({ id, ...engine.match(probe, template) }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}

describe('search', () => {
  let engines: Engine[]
  beforeAll(async () => {
    engines = await Promise.all(THREADS.map(threads => createEngine({ threads })))
  })
  afterAll(async () => {
    await Promise.all(engines.map(engine => engine.close()))
  })

  it('of a gallery up to the shortlist is the plain loop, for every number of workers', async () => {
    const { enrolled, mated, stranger } = population(engines[0], 1, 200)
    for (const probe of [stranger, ...mated.map(mate => mate.probe)]) {
      const expected = plainLoop(engines[0], enrolled, probe).slice(0, 40)
      for (const engine of engines) {
        const found = await fill(engine.createGallery(), enrolled).search(probe, { limit: 40, minScore: 0 })
        expect(found).toMatchObject({ candidates: expected, searched: 200, rescored: 200 })
        expect(found.elapsedMs).toBeGreaterThan(0)
      }
    }
  })

  it('of a larger gallery finds the mates, with the same answer for every number of workers', async () => {
    const { enrolled, mated, stranger } = population(engines[0], 2, 1_200)
    const galleries = engines.map(engine => fill(engine.createGallery(), enrolled))
    for (const { id, probe } of mated) {
      const best = plainLoop(engines[0], enrolled, probe)[0]
      const found = await Promise.all(galleries.map(gallery => gallery.search(probe, { minScore: 0 })))
      for (const { candidates, searched, rescored } of found) {
        expect(candidates[0]).toEqual(best)
        expect(candidates[0].id).toBe(id)
        expect([searched, rescored]).toEqual([1_200, 200])
      }
      expect(found[1].candidates).toEqual(found[0].candidates)
      expect(found[2].candidates).toEqual(found[0].candidates)
    }
    const strangers = await Promise.all(galleries.map(gallery => gallery.search(stranger, { limit: 200, minScore: 0 })))
    expect(strangers[1].candidates).toEqual(strangers[0].candidates)
    expect(strangers[2].candidates).toEqual(strangers[0].candidates)
  })
})
