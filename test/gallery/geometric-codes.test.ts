import { createEngine, type Engine, SidikError, type Template } from 'sidik'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

const COUNT = 1_500
const MINUTIAE = 40

describe('Gallery.buildGeometricCodes', () => {
  const next = random(21)
  const fingers = Array.from({ length: COUNT }, () => codedFinger(next, MINUTIAE))
  const templates = fingers.map(finger => codedTemplate(finger))
  const probe = codedTemplate(secondCoded(next, fingers[9]), 0)
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())

  const filled = (count = COUNT, maxBytes?: number) => {
    const gallery = engine.createGallery(maxBytes === undefined ? {} : { maxBytes })
    for (let i = 0; i < count; i++) gallery.insert(`${i}`, templates[i])
    return gallery
  }
  const search = (gallery: ReturnType<typeof filled>, template: Template) => gallery.search(template, { minScore: 0 })

  it('makes the codes that the first search would have made, once', async () => {
    const [before, without] = [filled(), filled()]
    const { bytes } = before
    const left: number[] = []
    await before.buildGeometricCodes({ onProgress: ({ undescribed }) => left.push(undescribed) })
    expect(left.at(-1)).toBe(0)
    // 128 bits and a mask a minutia.
    expect(before.bytes - bytes).toBe(COUNT * MINUTIAE * 20)
    const found = await search(before, probe)
    const first = await search(without, probe)
    expect(found.candidates).toEqual(first.candidates)
    expect(found.candidates[0]).toEqual({ id: '9', ...engine.match(probe, templates[9]) })
    expect([found.steps.describeMs, first.steps.describeMs > 0]).toEqual([0, true])
    expect((await search(without, probe)).steps.describeMs).toBe(0)
    expect(without.bytes).toBe(before.bytes)
    // The memory goes with the templates.
    for (let i = 0; i < COUNT; i++) before.remove(`${i}`)
    expect(before.bytes).toBe(0)
  })

  it('is not needed for a probe of the templates’ own network', async () => {
    const gallery = filled()
    const { bytes } = gallery
    const { steps, candidates } = await search(gallery, codedTemplate(secondCoded(next, fingers[9])))
    expect([steps.describeMs, candidates[0].id, gallery.bytes]).toEqual([0, '9', bytes])
  })

  it('keeps what it made when it is aborted', async () => {
    const gallery = filled()
    const { bytes } = gallery
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    const building = gallery.buildGeometricCodes({ signal: controller.signal })
    // Tasks of 128 templates each are under way.
    while (gallery.bytes === bytes) await new Promise(resolve => setImmediate(resolve))
    controller.abort(reason)
    await expect(building).rejects.toBe(reason)
    expect((await search(gallery, probe)).candidates[0].id).toBe('9')
    expect(gallery.bytes - bytes).toBe(COUNT * MINUTIAE * 20)
  })

  it('describes for a comparison no templates but those that are compared', async () => {
    const gallery = filled()
    const { bytes } = gallery
    const compared = await gallery.compare(probe, ['9', '700'])
    expect(compared).toEqual([9, 700].map(i => ({ id: `${i}`, ...engine.match(probe, templates[i]) })))
    expect(gallery.bytes - bytes).toBe(2 * MINUTIAE * 20)
  })

  it('ends in the error of its own onProgress', async () => {
    const error = new Error('the bar is closed')
    const onProgress = () => {
      throw error
    }
    await expect(filled().buildGeometricCodes({ onProgress })).rejects.toBe(error)
  })

  it('refuses with GALLERY_FULL when there is no room, and other searches go on', async () => {
    const gallery = filled(COUNT, 64 * 2 ** 20)
    for (let i = COUNT; ; i++) {
      try {
        gallery.insert(`${i}`, templates[i % COUNT])
      } catch (error) {
        expect(error).toMatchObject({ code: 'GALLERY_FULL' })
        break
      }
    }
    // Leaves room for indexes, which a template of ours is found by.
    await gallery.buildIndex()
    const { bytes } = gallery
    await expect(gallery.buildGeometricCodes()).rejects.toThrow(SidikError)
    await expect(search(gallery, probe)).rejects.toMatchObject({ code: 'GALLERY_FULL' })
    expect(gallery.bytes).toBe(bytes)
    gallery.remove('8')
    gallery.insert('8', templates[8])
    const own = codedTemplate(secondCoded(next, fingers[9]))
    expect((await gallery.search(own, { minScore: 0 })).candidates.map(({ id }) => Number(id) % COUNT)).toContain(9)
  })

  it('names a wrong option', async () => {
    await expect(filled(1).buildGeometricCodes({ signal: 1 as never })).rejects.toThrow(TypeError)
    await expect(filled(1).buildGeometricCodes({ onprogress: () => {} } as never)).rejects.toThrow(/onprogress/)
  })
})
