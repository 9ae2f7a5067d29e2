import type { Engine, Gallery } from 'sidik'
import { createEngine } from 'sidik'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

// Thousands of templates are made and indexed, on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Enough for one index and a rest that is in none. */
const COUNT = 9_000
const MATES = [0, 17, 4_321, 8_191, 8_999]

const next = random(31)
const fingers = Array.from({ length: COUNT }, () => codedFinger(next, 18 + Math.floor(8 * next())))
const templates = fingers.map(finger => codedTemplate(finger))
const probes = MATES.map(i => ({ id: `f${i}`, probe: codedTemplate(secondCoded(next, fingers[i])) }))
const stranger = codedTemplate(codedFinger(next, 30))

function filled(engine: Engine): Gallery {
  const gallery = engine.createGallery()
  templates.forEach((template, i) => {
    gallery.insert(`f${i}`, template)
  })
  return gallery
}

describe('an indexed gallery', () => {
  let engines: Engine[]
  let galleries: Gallery[]
  beforeAll(async () => {
    engines = await Promise.all([1, 2].map(threads => createEngine({ threads })))
    galleries = engines.map(filled)
    await Promise.all(galleries.map(gallery => gallery.buildIndex()))
  })
  afterAll(() => Promise.all(engines.map(engine => engine.close())))

  it('says how it was searched', async () => {
    const { method, searched, screened, rescored, steps, elapsedMs } = await galleries[0].search(probes[0].probe)
    expect([method, searched]).toEqual(['index', COUNT])
    expect(screened).toBeGreaterThan(0)
    expect(screened).toBeLessThanOrEqual(512)
    expect(rescored).toBeLessThanOrEqual(200)
    const { scanMs, screenMs, rescoreMs } = steps
    expect(Math.min(scanMs, screenMs, rescoreMs)).toBeGreaterThanOrEqual(0)
    expect(scanMs + screenMs + rescoreMs).toBeLessThanOrEqual(elapsedMs)
    expect((await galleries[0].search(probes[0].probe, { exhaustive: true })).method).toBe('scan')
  })

  it('finds the mates that the scan finds, with the same score', async () => {
    for (const { id, probe } of probes) {
      const [found] = (await galleries[0].search(probe)).candidates
      const [expected] = (await galleries[0].search(probe, { exhaustive: true })).candidates
      expect(found.id).toBe(id)
      expect(found).toEqual(expected)
    }
  })

  it('finds them by half of the index too, when that is asked for', async () => {
    for (const { id, probe } of probes) {
      const usual = await galleries[0].search(probe)
      const quick = await galleries[0].search(probe, { quick: true })
      expect(quick.method).toBe('index')
      expect(quick.candidates[0]).toEqual(usual.candidates[0])
      expect(quick.candidates[0].id).toBe(id)
    }
    // Fewer of those that are named are alike in anything.
    const sums = [true, false].map(async quick => {
      const found = fingers.slice(0, 300).map(async finger => {
        const { screened } = await galleries[1].search(codedTemplate(finger), { quick, minScore: 0 })
        return screened
      })
      return (await Promise.all(found)).reduce((sum, screened) => sum + screened, 0)
    })
    const [quick, usual] = await Promise.all(sums)
    expect(quick).toBeLessThan(usual)
    await expect(galleries[0].search(stranger, { quick: true, exhaustive: true })).rejects.toThrow(
      new TypeError('search: exhaustive and quick exclude each other'),
    )
  })

  it('gives the same for every number of workers', async () => {
    for (const probe of [stranger, ...probes.map(({ probe }) => probe)]) {
      const [one, two] = await Promise.all(galleries.map(gallery => gallery.search(probe, { minScore: 0 })))
      expect(two.candidates).toEqual(one.candidates)
      expect([two.screened, two.rescored]).toEqual([one.screened, one.rescored])
    }
  })

  it('sees what comes, goes and is replaced after the index was built', async () => {
    const gallery = filled(engines[1])
    await gallery.buildIndex()
    const finger = codedFinger(next, 30)
    const probe = codedTemplate(secondCoded(next, finger))
    const first = async () => (await gallery.search(probe, { minScore: 0 })).candidates[0]?.id
    const strangers = await first()
    gallery.insert('new', codedTemplate(finger))
    expect(await first()).toBe('new')
    gallery.remove('new')
    expect(await first()).toBe(strangers)
    // In the slot that was freed, and in one that is indexed.
    gallery.insert('again', codedTemplate(secondCoded(next, finger)))
    expect(await first()).toBe('again')
    gallery.remove('again')
    gallery.insert('f5000', codedTemplate(finger), { replace: true })
    expect(await first()).toBe('f5000')
    gallery.remove('f5000')
    expect(await first()).toBe(strangers)
    expect((await gallery.search(stranger)).method).toBe('index')
    gallery.close()
  })

  it('builds it in the background once it is searched', async () => {
    const gallery = filled(engines[1])
    expect((await gallery.search(stranger)).method).toBe('scan')
    await vi.waitFor(async () => expect((await gallery.search(stranger)).method).toBe('index'), { timeout: 30_000 })
    gallery.close()
  })

  it('is not asked where it cannot help: few templates, a probe without learned codes', async () => {
    const small = engines[0].createGallery()
    for (let i = 0; i < 300; i++) small.insert(`f${i}`, templates[i])
    await small.buildIndex()
    expect((await small.search(probes[0].probe)).method).toBe('scan')
    small.close()
  })
})
