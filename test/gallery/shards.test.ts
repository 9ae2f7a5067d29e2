import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { Gallery } from '../../dist/gallery/gallery.js'
import { loadCore } from '../../dist/node/core-file.js'
import type { WorkerPool } from '../../dist/workers/pool.js'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { poolOf } from '../support/pool.js'
import { random } from '../support/random-templates.js'

// Thousands of templates, on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Memories of a gallery have 4 GiB; these have less, so that a few thousand large templates fill several. */
const MEMORY_BYTES = 1 << 26
/** Room for two memories as the gallery counts them. */
const MAX_BYTES = 2 ** 33

const next = random(41)
const strangers = Array.from({ length: 12 }, () => codedTemplate(codedFinger(next, 150)))
const fingers = Array.from({ length: 3 }, () => codedFinger(next, 40))
const probes = fingers.map(finger => codedTemplate(secondCoded(next, finger)))

describe('a gallery of several memories', () => {
  const memories: GalleryMemory[] = []
  let pool: WorkerPool
  let gallery: Gallery
  let count = 0
  beforeAll(() => {
    const module = loadCore()
    pool = poolOf(2)
    gallery = new Gallery({
      maxBytes: MAX_BYTES,
      createMemory: () => {
        memories.push(new GalleryMemory(memories.length + 1, module, MEMORY_BYTES, 2))
        return memories[memories.length - 1]
      },
      pool,
      open: () => memories.map(({ id }) => id),
      release: () => {},
    })
    gallery.insert('first', codedTemplate(fingers[0]))
    while (memories.length < 2) gallery.insert(`stranger ${count}`, strangers[count++ % strangers.length])
    gallery.insert('later', codedTemplate(fingers[1]))
  })
  afterAll(() => pool.close())

  const found = async (i: number) => (await gallery.search(probes[i], { minScore: 0 })).candidates[0]

  it('searches all of them, and gives back what is in any', async () => {
    expect(count).toBeGreaterThan(1_024)
    expect((await found(0)).id).toBe('first')
    expect((await found(1)).id).toBe('later')
    expect(gallery.get('first')).toEqual(codedTemplate(fingers[0]))
    expect(gallery.get('later')).toEqual(codedTemplate(fingers[1]))
    expect((await gallery.search(probes[1])).searched).toBe(count + 2)
  })

  it('compares exactly across them', async () => {
    const scores = await gallery.compare(probes[1], ['first', 'later', 'nobody', 'stranger 5'])
    expect(scores.map(({ id }) => id)).toEqual(['first', 'later', 'stranger 5'])
    expect(scores[1].score).toBe((await found(1)).score)
  })

  it('is saved and removed from as one', async () => {
    expect(gallery.toBytes().length).toBeGreaterThan(count * strangers[0].length)
    gallery.remove('later')
    expect((await found(1)).id).not.toBe('later')
    // The first memory has room again.
    gallery.remove('stranger 0')
    gallery.insert('third', codedTemplate(fingers[2]))
    expect((await found(2)).id).toBe('third')
    expect(memories).toHaveLength(2)
  })

  it('is full when the last of them is, and unchanged by that', async () => {
    const fill = () => {
      for (;;) gallery.insert(`stranger ${count}`, strangers[count++ % strangers.length])
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'GALLERY_FULL' }))
    expect(memories).toHaveLength(2)
    const { size } = gallery
    expect(() => gallery.insert('more', strangers[0])).toThrow(expect.objectContaining({ code: 'GALLERY_FULL' }))
    expect([gallery.size, gallery.has('more')]).toEqual([size, false])
    expect((await found(0)).id).toBe('first')
  })
})
