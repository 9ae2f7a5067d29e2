import fc from 'fast-check'
import { createEngine, type Engine, fmrOfScore, type Gallery, type Template } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { described, random, randomMinutiae, randomTemplate, templateOf } from '../support/random-templates.js'
import { quantisedContents } from '../template/arbitraries.js'

// Some seconds of work on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 })

const next = random(5)
const [a, b, c] = [0, 1, 2].map(() => randomTemplate(next))

describe('Gallery', () => {
  let engine: Engine
  let gallery: Gallery
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())
  beforeEach(() => {
    gallery = engine.createGallery()
  })

  it('inserts, gets, replaces and removes', () => {
    gallery.insert('x', a)
    gallery.insert('y', b)
    expect([gallery.size, gallery.ids(), gallery.has('x'), gallery.has('z')]).toEqual([2, ['x', 'y'], true, false])
    expect(gallery.get('x')).toEqual(a)
    expect(gallery.get('z')).toBeUndefined()
    gallery.insert('x', c, { replace: true })
    expect([gallery.size, gallery.get('x')]).toEqual([2, c])
    gallery.remove('x')
    expect([gallery.size, gallery.has('x'), gallery.get('x')]).toEqual([1, false, undefined])
    gallery.remove('y')
    expect([gallery.size, gallery.bytes]).toEqual([0, 0])
  })

  it('keeps a copy', () => {
    const given = a.slice()
    gallery.insert('x', given)
    given.fill(0)
    gallery.get('x')!.fill(0)
    expect(gallery.get('x')).toEqual(a)
  })

  it('gives back every byte, whatever the template holds', () => {
    fc.assert(
      fc.property(quantisedContents(32_768), contents => {
        const template = encodeTemplate(contents)
        gallery.insert('x', template, { replace: true })
        expect(gallery.get('x')).toEqual(template)
      }),
    )
  })

  it('refuses positions that no record holds', () => {
    const [minutia] = randomMinutiae(next, 1)
    const wide = encodeTemplate({ ...decodeTemplate(templateOf([minutia])), widthPx: 40_000 })
    gallery.insert('x', wide)
    const far = { ...decodeTemplate(wide), minutiae: [{ ...minutia, xPx: 32_768 }] }
    expect(() => gallery.insert('y', encodeTemplate(far))).toThrow(RangeError)
    expect(gallery.ids()).toEqual(['x'])
  })

  it('takes a view into a larger buffer', () => {
    const larger = new Uint8Array(a.length + 7)
    larger.set(a, 3)
    gallery.insert('x', larger.subarray(3, 3 + a.length))
    expect(gallery.get('x')).toEqual(a)
  })

  it('refuses an id that is there, and one that is not', () => {
    gallery.insert('x', a)
    expect(() => gallery.insert('x', b)).toThrow(expect.objectContaining({ code: 'ID_EXISTS' }))
    expect(() => gallery.insert('x', b, { replace: false })).toThrow(expect.objectContaining({ code: 'ID_EXISTS' }))
    expect(gallery.get('x')).toEqual(a)
    expect(() => gallery.remove('y')).toThrow(expect.objectContaining({ code: 'ID_UNKNOWN' }))
  })

  it('is unchanged by what it refuses', () => {
    gallery.insert('x', a)
    const bytes = gallery.bytes
    const flipped = a.slice()
    flipped[40] ^= 1
    expect(() => gallery.insert('y', flipped)).toThrow(expect.objectContaining({ code: 'TEMPLATE_CORRUPT' }))
    expect(() => gallery.insert('x', flipped, { replace: true })).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_CORRUPT' }),
    )
    expect(() => gallery.insert('y', a.subarray(0, 20))).toThrow(expect.objectContaining({ code: 'TEMPLATE_CORRUPT' }))
    expect(() => gallery.insert('y', new Uint8Array())).toThrow(expect.objectContaining({ code: 'TEMPLATE_FORMAT' }))
    const newer = a.slice()
    newer[4] = 9
    expect(() => gallery.insert('y', newer)).toThrow(expect.objectContaining({ code: 'TEMPLATE_VERSION' }))
    expect(() => gallery.insert('y', 'text' as never)).toThrow(TypeError)
    expect(() => gallery.insert('', a)).toThrow(RangeError)
    expect(() => gallery.insert(7 as never, a)).toThrow(TypeError)
    expect(() => gallery.insert('y', a, { replaced: true } as never)).toThrow("did you mean 'replace'?")
    expect([gallery.ids(), gallery.bytes, gallery.get('x')]).toEqual([['x'], bytes, a])
  })

  it('refuses bad questions, and answers the next', async () => {
    gallery.insert('x', a)
    const flipped = a.slice()
    flipped[40] ^= 1
    await expect(gallery.search(flipped)).rejects.toMatchObject({ code: 'TEMPLATE_CORRUPT' })
    await expect(gallery.search([] as never)).rejects.toThrow(new TypeError('probe must be a template (a Uint8Array)'))
    await expect(gallery.search(a, { limit: 0 })).rejects.toThrow(RangeError)
    await expect(gallery.search(a, { limit: 201 })).rejects.toThrow('limit is 201')
    await expect(gallery.search(a, { minscore: 1 } as never)).rejects.toThrow("did you mean 'minScore'?")
    await expect(gallery.search(a, { minScore: Number.NaN })).rejects.toThrow(RangeError)
    await expect(gallery.search(a, { targetFmr: 0 })).rejects.toThrow(RangeError)
    await expect(gallery.search(a, { targetFmr: 0.1, minScore: 10 })).rejects.toThrow(TypeError)
    expect((await gallery.search(a)).candidates).toEqual([{ id: 'x', ...engine.match(a, a) }])
  })

  it('is searched when it is empty, and when there are prints without minutiae', async () => {
    expect(await gallery.search(a)).toMatchObject({ candidates: [], searched: 0, rescored: 0 })
    const none = templateOf([])
    gallery.insert('none', none)
    gallery.insert('x', a)
    expect((await gallery.search(none, { minScore: 0 })).candidates.map(({ score }) => score)).toEqual([0, 0])
    expect((await gallery.search(a)).candidates[0].id).toBe('x')
  })

  it('takes prints of 255 minutiae', async () => {
    const full = templateOf(randomMinutiae(next, 255))
    const alsoFull = templateOf(randomMinutiae(next, 255))
    gallery.insert('full', full)
    gallery.insert('also', alsoFull)
    const { candidates } = await gallery.search(full, { minScore: 0 })
    expect(candidates[0]).toEqual({ id: 'full', ...engine.match(full, full) })
    expect(candidates[0].score).toBeGreaterThan(candidates[1].score)
  })

  it('orders equal scores by id, whatever the order in which they came', async () => {
    for (const id of ['m', 'b', 'z', 'B', 'a']) gallery.insert(id, a)
    expect((await gallery.search(a, { limit: 4 })).candidates.map(({ id }) => id)).toEqual(['B', 'a', 'b', 'm'])
  })

  it('returns no candidate below minScore', async () => {
    gallery.insert('a', a)
    gallery.insert('b', b)
    const { score } = engine.match(a, a)
    expect((await gallery.search(a, { minScore: score })).candidates).toEqual([{ id: 'a', score, codes: 'geometric' }])
    expect((await gallery.search(a, { minScore: score + 1 })).candidates).toEqual([])
    expect((await gallery.search(a, { targetFmr: fmrOfScore(score - 0.01) })).candidates).toHaveLength(1)
    expect((await gallery.search(a, { targetFmr: fmrOfScore(score + 0.01) })).candidates).toEqual([])
  })

  it('uses the memory of removed templates again', () => {
    const fill = (from: Template[]) => from.forEach((template, i) => void gallery.insert(`${i}`, template))
    const templates = Array.from({ length: 50 }, () => randomTemplate(next))
    fill(templates)
    const bytes = gallery.bytes
    for (let round = 0; round < 20; round++) {
      for (const id of gallery.ids()) gallery.remove(id)
      fill(templates)
      expect(gallery.bytes).toBe(bytes)
    }
  })

  it('refuses everything once closed, and leaves the engine working', async () => {
    gallery.insert('x', a)
    await gallery.search(a)
    gallery.close()
    gallery.close()
    const closed = expect.objectContaining({ code: 'GALLERY_CLOSED' })
    expect(() => gallery.insert('y', a)).toThrow(closed)
    expect(() => gallery.remove('x')).toThrow(closed)
    expect(() => gallery.get('x')).toThrow(closed)
    expect(() => gallery.toBytes()).toThrow(closed)
    await expect(gallery.search(a)).rejects.toThrow(closed)
    await expect(gallery.save('anywhere')).rejects.toThrow(closed)
    const other = engine.createGallery()
    other.insert('x', a)
    expect((await other.search(a)).candidates).toHaveLength(1)
  })

  it('is full when its memory is, unchanged, and has room again after a removal', () => {
    const small = engine.createGallery({ maxBytes: 67_108_864 })
    // With its codes, which would else be made anew at each insert.
    const big = described(engine, templateOf(randomMinutiae(next, 250)))
    let error: unknown
    try {
      for (let i = 0; i < 20_000; i++) small.insert(`${i}`, big)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'GALLERY_FULL' })
    const { size, bytes } = small
    expect(size).toBeGreaterThan(5_000)
    expect(() => small.insert('0', big, { replace: true })).toThrow(expect.objectContaining({ code: 'GALLERY_FULL' }))
    expect([small.size, small.bytes, small.has(`${size}`)]).toEqual([size, bytes, false])
    small.remove('17')
    small.insert('again', big)
    expect([small.size, small.bytes]).toEqual([size, bytes])
  })

  it('refuses sizes that make no sense', () => {
    expect(() => engine.createGallery({ maxBytes: 1_000 })).toThrow(RangeError)
    expect(() => engine.createGallery({ maxBytes: 2 ** 39 })).toThrow(RangeError)
  })
})
