import fc from 'fast-check'
import { createEngine, type Engine, type Gallery } from 'sidik'
import { syntheticId, syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measureKind, quantile } from '../../dist/bench/measure.js'
import { spread, syntheticProbes } from '../../dist/bench/probes.js'

const FINGERS = 300

describe('quantile', () => {
  it('is the least value that the share of all does not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          values.sort((a, b) => a - b)
          const found = quantile(values, share)
          const atMost = values.filter(value => value <= found).length
          const below = values.filter(value => value < found).length
          return atMost >= share * values.length - 1e-9 && below < share * values.length + 1e-9
        },
      ),
    )
  })
})

describe('probes', () => {
  it('are of fingers that are spread over the gallery, each once', () => {
    const probes = syntheticProbes('clean', { fingers: 10, seed: 1, count: 4 })
    expect(probes.map(({ mate }) => mate)).toEqual([0, 2, 5, 7].map(index => syntheticId(1, index)))
    expect(probes[1].template).toEqual(syntheticProbe(1, 2, 'clean'))
    expect(syntheticProbes('poor', { fingers: 3, seed: 1, count: 9 })).toHaveLength(3)
  })

  it('are thinned evenly', () => {
    expect(spread([1, 2, 3, 4, 5, 6], 3)).toEqual([1, 3, 5])
    expect(spread([1, 2], 9)).toEqual([1, 2])
    expect(spread([], 4)).toEqual([])
  })
})

describe('measureKind', () => {
  let engine: Engine
  let gallery: Gallery
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 })
    gallery = engine.createGallery()
    for (let i = 0; i < FINGERS; i++) gallery.insert(syntheticId(7, i), syntheticTemplate(7, i))
  })
  afterAll(() => engine.close())

  it('counts the mates that are ranked first and the time that searches take', async () => {
    const probes = syntheticProbes('clean', { fingers: FINGERS, seed: 7, count: 12 })
    // One more that is of nobody.
    const all = [...probes, { mate: 'nobody', template: syntheticProbe(8, 5) }]
    let searches = 0
    const figures = await measureKind(gallery, 'clean', all, { onSearch: () => searches++ })
    expect(searches).toBe(2 * all.length)
    expect(figures).toMatchObject({ kind: 'clean', probes: 13, recall: 1 })
    const { search, exhaustive } = figures
    expect([search.first, exhaustive.first]).toEqual([12, 12])
    for (const { p50Ms, p95Ms, p99Ms, cpuMs, method } of [search, exhaustive]) {
      expect(method).toBe('scan')
      expect(p50Ms).toBeGreaterThan(0)
      expect(p95Ms).toBeGreaterThanOrEqual(p50Ms)
      expect(p99Ms).toBeGreaterThanOrEqual(p95Ms)
      expect(cpuMs).toBeGreaterThan(0)
    }
  })

  it('counts a mate that is ranked first with a score that a search would not return', async () => {
    const probes = syntheticProbes('poor', { fingers: FINGERS, seed: 7, count: 60 })
    const firstOf = async (options: object) => {
      const found = await Promise.all(probes.map(({ template }) => gallery.search(template, options)))
      return found.filter(({ candidates }, i) => candidates[0]?.id === probes[i].mate).length
    }
    const [ranked, returned] = [await firstOf({ minScore: 0 }), await firstOf({})]
    expect(ranked).toBeGreaterThan(returned)
    expect((await measureKind(gallery, 'poor', probes, {})).search.first).toBe(ranked)
  })

  it('has no recall where the exhaustive search finds nobody', async () => {
    const strangers = [{ mate: 'nobody', template: syntheticProbe(9, 1) }]
    expect((await measureKind(gallery, 'given', strangers, {})).recall).toBeNull()
  })

  it('stops when it is told to', async () => {
    const probes = syntheticProbes('poor', { fingers: FINGERS, seed: 7, count: 3 })
    await expect(measureKind(gallery, 'poor', probes, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })
})
