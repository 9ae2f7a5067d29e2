import { createEngine, type Engine, type Gallery } from 'sidik'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { random, randomTemplate } from '../support/random-templates.js'

const next = random(11)
const fingers = Array.from({ length: 30 }, () => codedFinger(next))
const templates = fingers.map(finger => codedTemplate(finger))
const probe = codedTemplate(secondCoded(next, fingers[7]))

describe('Gallery.compare', () => {
  let engine: Engine
  let gallery: Gallery
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
    gallery = engine.createGallery()
    for (const [i, template] of templates.entries()) gallery.insert(`f${i}`, template)
  })
  afterAll(() => engine.close())

  it('gives what engine.match gives, in the order of the ids', async () => {
    const ids = [7, 3, 29, 0, 12, 13, 14].map(i => `f${i}`)
    const found = await gallery.compare(probe, ids)
    expect(found).toEqual(ids.map(id => ({ id, ...engine.match(probe, gallery.get(id)!) })))
    expect(found[0].score).toBeGreaterThan(40)
  })

  it('says by which codes', async () => {
    gallery.insert('geometric', randomTemplate(next))
    const found = await gallery.compare(probe, ['f1', 'geometric'])
    gallery.remove('geometric')
    expect(found.map(({ codes }) => codes)).toEqual(['learned', 'geometric'])
  })

  it('leaves out what is not there, and what is removed meanwhile', async () => {
    const under = gallery.compare(probe, ['f1', 'nobody', 'f2', 'f3'])
    gallery.remove('f2')
    gallery.insert('other', templates[2])
    expect((await under).map(({ id }) => id)).toEqual(['f1', 'f3'])
    gallery.remove('other')
    gallery.insert('f2', templates[2])
    expect(await gallery.compare(probe, [])).toEqual([])
  })

  it('refuses what is no probe and no ids, and stops when it is aborted', async () => {
    await expect(gallery.compare('x' as never, [])).rejects.toThrow(TypeError)
    await expect(gallery.compare(probe, 'f1' as never)).rejects.toThrow('ids must be an array')
    await expect(gallery.compare(probe, [''])).rejects.toThrow(RangeError)
    await expect(gallery.compare(probe.subarray(0, 30), ['f1'])).rejects.toMatchObject({ code: 'TEMPLATE_CORRUPT' })
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(gallery.compare(probe, ['f1'], { signal: aborted })).rejects.toThrow('enough')
    const stop = new AbortController()
    const under = gallery.compare(probe, ['f1', 'f2'], { signal: stop.signal })
    stop.abort(new Error('now'))
    await expect(under).rejects.toThrow('now')
    expect(await gallery.compare(probe, ['f1'])).toHaveLength(1)
  })

  it('gives the same of several probes at once, more than are compared together', async () => {
    gallery.insert('geometric', randomTemplate(next))
    const probes = Array.from({ length: 23 }, (_, i) =>
      i % 5 === 4 ? randomTemplate(next) : codedTemplate(secondCoded(next, fingers[i])),
    )
    const inputs = probes.map((each, i) => ({
      probe: each,
      ids: ['geometric', ...Array.from({ length: i % 4 }, (_, k) => `f${(i + k) % 30}`), 'nobody'],
    }))
    const found = await gallery.compareMany(inputs)
    const expected = inputs.map(input =>
      input.ids.filter(id => gallery.has(id)).map(id => ({ id, ...engine.match(input.probe, gallery.get(id)!) })),
    )
    gallery.remove('geometric')
    expect(found).toEqual(expected)
    expect(found.flat().filter(({ score }) => score > 40).length).toBeGreaterThan(8)
    expect(new Set(found.flat().map(({ codes }) => codes))).toEqual(new Set(['learned', 'geometric']))
    expect(await gallery.compareMany([])).toEqual([])
    expect(await gallery.compareMany([{ probe, ids: [] }])).toEqual([[]])
  })

  it('leaves out what is removed between two parts of many probes', async () => {
    const inputs = Array.from({ length: 200 }, () => ({ probe, ids: ['f1', 'f2', 'f3'] }))
    const under = gallery.compareMany(inputs)
    gallery.remove('f2')
    gallery.insert('other', templates[9])
    expect((await under).map(list => list.map(({ id }) => id))).toEqual(inputs.map(() => ['f1', 'f3']))
    gallery.remove('other')
    gallery.insert('f2', templates[2])
  })

  it('names the one of several that is wrong, and stops when it is aborted', async () => {
    const good = { probe, ids: ['f1'] }
    await expect(gallery.compareMany('x' as never)).rejects.toThrow('comparisons must be an array')
    await expect(gallery.compareMany([good, null as never])).rejects.toThrow('comparisons[1] must be an object')
    await expect(gallery.compareMany([good, { probe, ids: 3 as never }])).rejects.toThrow('comparisons[1].ids')
    const misnamed = { probe, id: [] } as never
    await expect(gallery.compareMany([misnamed])).rejects.toThrow(/^comparisons\[0\]: .*did you mean/)
    await expect(gallery.compareMany([{ probe: 'x' as never, ids: [] }])).rejects.toThrow('comparisons[0].probe')
    await expect(gallery.compareMany([good], { sginal: 1 } as never)).rejects.toThrow(TypeError)
    const stop = new AbortController()
    const under = gallery.compareMany(
      Array.from({ length: 500 }, () => good),
      { signal: stop.signal },
    )
    stop.abort(new Error('now'))
    await expect(under).rejects.toThrow('now')
    expect(await gallery.compareMany([good])).toHaveLength(1)
  })

  it('runs beside searches, and knows a closed gallery', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? gallery.search(probe) : gallery.compare(probe, ['f7', 'f8']))),
    )
    expect(all.filter(Array.isArray).every(([first]) => first.id === 'f7' && first.score > 40)).toBe(true)
    const other = engine.createGallery()
    other.close()
    await expect(other.compare(probe, [])).rejects.toMatchObject({ code: 'GALLERY_CLOSED' })
  })
})
