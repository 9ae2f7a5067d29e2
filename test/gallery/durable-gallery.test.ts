import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type DurableGallery, type Engine, ERROR_CODES, type ErrorCode, type Template } from 'sidik'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crc32 } from '../../dist/template/crc32.js'
import { described, random, randomTemplate } from '../support/random-templates.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-durable-'))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)

let engine: Engine
let templates: Template[]
beforeAll(async () => {
  engine = await createEngine({ threads: 2 })
  const next = random(17)
  templates = Array.from({ length: 120 }, () => described(engine, randomTemplate(next)))
})
afterAll(async () => {
  await engine.close()
  rmSync(parent, { recursive: true })
})

const create = (folder = newFolder()) => engine.openDurableGallery(folder, { create: true })

describe('a durable gallery', () => {
  it('finds after it is opened again what was acknowledged, as a gallery in memory does', async () => {
    const folder = newFolder()
    const gallery = await create(folder)
    const plain = engine.createGallery()
    await Promise.all(templates.map((template, i) => gallery.insert(`${i}`, template)))
    for (const [i, template] of templates.entries()) plain.insert(`${i}`, template)
    await gallery.insert('3', templates[4], { replace: true })
    plain.insert('3', templates[4], { replace: true })
    await gallery.remove('5')
    plain.remove('5')
    const same = async (opened: DurableGallery) => {
      expect([opened.size, opened.ids(), opened.bytes]).toEqual([plain.size, plain.ids(), plain.bytes])
      expect(opened.has('5')).toBe(false)
      expect(opened.get('3')).toEqual(templates[4])
      for (const probe of templates.slice(0, 10)) {
        const [{ candidates }, expected] = await Promise.all(
          [opened, plain].map(gallery => gallery.search(probe, { minScore: 0 })),
        )
        expect(candidates).toEqual(expected.candidates)
      }
    }
    await same(gallery)
    const reader = await engine.openDurableGallery(folder, { readOnly: true })
    await same(reader)
    await reader.close()
    await gallery.close()
    const again = await engine.openDurableGallery(folder)
    await again.compact()
    await same(again)
    await again.close()
    const compacted = await engine.openDurableGallery(folder)
    await same(compacted)
    await compacted.close()
  })

  it('shows a change when it is on the disk, not before, and then to every search', async () => {
    const gallery = await create()
    const inserting = gallery.insert('one', templates[0])
    expect([gallery.has('one'), gallery.size, gallery.get('one')]).toEqual([false, 0, undefined])
    expect((await gallery.search(templates[0])).searched).toBe(0)
    await inserting
    expect((await gallery.search(templates[0])).candidates[0].id).toBe('one')
    const removing = gallery.remove('one')
    expect(gallery.has('one')).toBe(true)
    await removing
    expect((await gallery.search(templates[0])).searched).toBe(0)
    await gallery.close()
  })

  it('takes the bytes at the call, whatever becomes of them', async () => {
    const folder = newFolder()
    const gallery = await create(folder)
    const mine = templates[7].slice()
    const inserting = gallery.insert('one', mine)
    mine.fill(0)
    await inserting
    expect(gallery.get('one')).toEqual(templates[7])
    await gallery.close()
    const again = await engine.openDurableGallery(folder)
    expect(again.get('one')).toEqual(templates[7])
    await again.close()
  })

  it('is searched, changed and compacted at once', async () => {
    const folder = newFolder()
    const gallery = await create(folder)
    await Promise.all(templates.slice(0, 60).map((template, i) => gallery.insert(`${i}`, template)))
    const work: Promise<unknown>[] = []
    for (let i = 60; i < templates.length; i++) {
      work.push(gallery.insert(`${i}`, templates[i]), gallery.remove(`${i - 60}`), gallery.search(templates[i]))
      if (i % 20 === 0) work.push(gallery.compact())
      if (i % 7 === 0) await work.at(-1)
    }
    await Promise.all(work)
    expect((await gallery.search(templates[100])).candidates[0].id).toBe('100')
    const ids = gallery.ids()
    await gallery.close()
    const again = await engine.openDurableGallery(folder)
    expect(again.ids()).toEqual(ids)
    expect(again.size).toBe(60)
    expect(readdirSync(folder)).toHaveLength(6)
    await again.close()
  })

  it('that is full refuses the next one before it is written, and opens again', async () => {
    const folder = newFolder()
    const small = await createEngine({ threads: 1 })
    const gallery = await small.openDurableGallery(folder, { create: true, maxBytes: 67_108_864 })
    const tail = join(folder, 'tail-000001.sidiktail')
    let refused = 0
    let made = 0
    // A record of 255 minutiae with both codes has some 10 KiB: fewer than 7,000 fit.
    const most = readFileSync(new URL('../../fixtures/templates/v2/most.sdkt', import.meta.url))
    for (let batch = 0; batch < 14 && refused === 0; batch++) {
      const some = Array.from({ length: 500 }, (_, i) => gallery.insert(`${batch}-${i}`, most))
      for (const { status, ...rest } of await Promise.allSettled(some)) {
        if (status === 'fulfilled') made++
        else {
          refused++
          expect((rest as { reason: unknown }).reason).toMatchObject({ code: 'GALLERY_FULL' })
        }
      }
    }
    expect(refused).toBeGreaterThan(0)
    const before = readFileSync(tail).length
    await expect(gallery.insert('more', most)).rejects.toMatchObject({ code: 'GALLERY_FULL' })
    expect([gallery.size, readFileSync(tail).length]).toEqual([made, before])
    await gallery.close()
    const again = await small.openDurableGallery(folder, { maxBytes: 67_108_864 })
    expect(again.size).toBe(made)
    await again.close()
    await small.close()
    rmSync(folder, { recursive: true })
  })
})

describe('a durable gallery with a key', () => {
  const keys = [1, 2].map(value => new Uint8Array(32).fill(value))

  it('holds what one without holds, shows nothing of it in its files, and takes another key, or none', async () => {
    const folder = newFolder()
    const first = keys[0].slice()
    let gallery = await engine.openDurableGallery(folder, { create: true, key: first })
    // The key is taken at the call.
    first.fill(0)
    await Promise.all(templates.slice(0, 20).map((template, i) => gallery.insert(`Siti Aminah ${i}`, template)))
    await gallery.compact()
    await gallery.insert('Budi Santoso', templates[20])
    const ids = gallery.ids()
    await gallery.close()
    const clear = () => readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1'))
    expect(clear().some(text => /Siti|Budi|SDKT/.test(text))).toBe(false)
    const keyed: [Uint8Array | undefined, Uint8Array | null | undefined][] = [
      [keys[0], keys[1]],
      [keys[1], undefined],
      [keys[1], null],
      [undefined, keys[0]],
    ]
    for (const [before, after] of keyed) {
      gallery = await engine.openDurableGallery(folder, before && { key: before })
      const underWay = gallery.insert(`during ${ids.length}`, templates[30])
      await gallery.compact(after === undefined ? {} : { key: after })
      await underWay
      ids.push(`during ${ids.length}`)
      await gallery.insert(`after ${ids.length}`, templates[31])
      ids.push(`after ${ids.length}`)
      await gallery.close()
      const next = after === undefined ? before : (after ?? undefined)
      if (next !== before) {
        const opening = engine.openDurableGallery(folder, before && { key: before })
        await expect(opening).rejects.toMatchObject({ code: 'GALLERY_KEY' })
      }
      gallery = await engine.openDurableGallery(folder, { readOnly: true, ...(next && { key: next }) })
      expect(gallery.ids()).toEqual(ids)
      expect(gallery.get('Budi Santoso')).toEqual(templates[20])
      expect((await gallery.search(templates[5])).candidates[0].id).toBe('Siti Aminah 5')
      await gallery.close()
    }
    expect(clear().some(text => /Siti|Budi/.test(text))).toBe(false)
  })

  it('whose snapshot is opened as a gallery file says what it is', async () => {
    const folder = newFolder()
    await (await engine.openDurableGallery(folder, { create: true, key: keys[0] })).close()
    const snapshot = join(folder, 'snapshot-000001.sidikgal')
    await expect(engine.openGallery(snapshot)).rejects.toMatchObject({ code: 'GALLERY_KEY' })
  })
})

describe('what cannot be done', () => {
  let folder: string
  let state: string[]
  let filled: DurableGallery
  beforeAll(async () => {
    folder = newFolder()
    filled = await create(folder)
    await filled.insert('there', templates[0])
    state = [...filled.ids()]
  })
  afterAll(() => filled.close())

  const file = (name: string, text = '') => {
    writeFileSync(join(parent, name), text)
    return join(parent, name)
  }
  const folderWith = (name: string, text: string | Uint8Array) => {
    const made = newFolder()
    mkdirSync(made)
    writeFileSync(join(made, name), text)
    return made
  }
  const newer = () => {
    const marker = Buffer.alloc(32)
    marker.write('SIDIKSET')
    marker.writeUInt16LE(3, 8)
    marker.writeUInt32LE(crc32(marker, 0, 28), 28)
    return marker
  }
  const open = (path: string, options = {}) => engine.openDurableGallery(path, options)

  const CASES: [name: string, code: ErrorCode, work: () => Promise<unknown>][] = [
    ['a folder that is not there', 'FILE_UNREADABLE', () => open(newFolder())],
    ['a folder in one that is not there', 'FILE_UNWRITABLE', () => open(join(newFolder(), 'deep'), { create: true })],
    ['a file for a folder', 'GALLERY_FORMAT', () => open(file('a-file'))],
    ['a file for a folder to create', 'GALLERY_FORMAT', () => open(file('b-file'), { create: true })],
    ['a folder of prints', 'GALLERY_FORMAT', () => open(folderWith('print.png', 'P'))],
    ['a folder of prints to create in', 'GALLERY_FORMAT', () => open(folderWith('print.png', 'P'), { create: true })],
    ['a folder of a newer version', 'GALLERY_VERSION', () => open(folderWith('sidik-gallery', newer()))],
    ['a marker that is none', 'GALLERY_CORRUPT', () => open(folderWith('sidik-gallery', 'no'))],
    ['a second writer', 'GALLERY_LOCKED', () => open(folder)],
    ['a change by a reader', 'GALLERY_READ_ONLY', async () => (await open(folder, { readOnly: true })).remove('there')],
    ['a compaction by a reader', 'GALLERY_READ_ONLY', async () => (await open(folder, { readOnly: true })).compact()],
    ['an id that is there', 'ID_EXISTS', () => filled.insert('there', templates[1])],
    ['an id that is not', 'ID_UNKNOWN', () => filled.remove('absent')],
    ['no template', 'TEMPLATE_FORMAT', () => filled.insert('x', new Uint8Array(3))],
    ['half a template', 'TEMPLATE_CORRUPT', () => filled.insert('there', templates[1].slice(0, 90), { replace: true })],
    [
      'a gallery that was closed',
      'GALLERY_CLOSED',
      async () => {
        const gallery = await create()
        await gallery.close()
        await gallery.close()
        await gallery.insert('x', templates[0])
      },
    ],
  ]

  it.each(CASES)('%s: %s, and nothing has changed', async (_, code, work) => {
    await expect(work()).rejects.toMatchObject({ name: 'SidikError', code, message: expect.stringMatching(/^.{25,}$/) })
    expect(Object.keys(ERROR_CODES)).toContain(code)
    expect(filled.ids()).toEqual(state)
    expect(filled.get('there')).toEqual(templates[0])
    const reader = await open(folder, { readOnly: true })
    expect(reader.ids()).toEqual(state)
    await reader.close()
  })

  it('leaves nothing in a folder of others', async () => {
    const others = folderWith('print.png', 'P')
    await expect(open(others)).rejects.toThrow()
    await expect(open(others, { create: true })).rejects.toThrow()
    expect(readdirSync(others)).toEqual(['print.png'])
  })

  it.skipIf(process.getuid?.() === 0)('in a folder that may not be written: only reading', async () => {
    const made = newFolder()
    await (await create(made)).close()
    chmodSync(made, 0o555)
    await expect(open(made)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect((await open(made, { readOnly: true })).size).toBe(0)
    chmodSync(made, 0o755)
  })

  it('after the engine is closed: all changes, while what was acknowledged stays', async () => {
    const other = await createEngine({ threads: 1 })
    const made = newFolder()
    const gallery = await other.openDurableGallery(made, { create: true })
    await gallery.insert('kept', templates[0])
    const underWay = gallery.insert('last', templates[1])
    await other.close()
    const closed = { code: 'ENGINE_CLOSED' }
    await expect(gallery.insert('x', templates[2])).rejects.toMatchObject(closed)
    await expect(gallery.remove('kept')).rejects.toMatchObject(closed)
    await expect(gallery.search(templates[0])).rejects.toMatchObject(closed)
    await expect(gallery.compact()).rejects.toMatchObject(closed)
    await underWay
    await expect(other.openDurableGallery(made)).rejects.toMatchObject(closed)
    await gallery.close()
    const again = await open(made)
    expect(again.ids()).toEqual(['kept', 'last'])
    await again.close()
  })

  it('is a TypeError or RangeError that names the argument where the programmer is at fault', async () => {
    await expect(open(5 as never)).rejects.toThrow('folder must be')
    await expect(open(folder, { damaged: 'ignore' })).rejects.toThrow("damaged must be 'refuse' or 'skip'")
    await expect(open(folder, { create: true, readOnly: true })).rejects.toThrow(TypeError)
    await expect(open(folder, { readonly: true })).rejects.toThrow("did you mean 'readOnly'?")
    await expect(open(folder, { maxBytes: 5 })).rejects.toThrow(RangeError)
    await expect(open(folder, { key: 'secret' })).rejects.toThrow(new TypeError('key must be a Uint8Array, not string'))
    await expect(open(folder, { key: new Uint8Array(31) })).rejects.toThrow(
      new RangeError('key has 31 bytes, must have 32'),
    )
    await expect(filled.compact({ key: 7 as never })).rejects.toThrow(TypeError)
    await expect(filled.compact({ key: new Uint8Array(33) })).rejects.toThrow(RangeError)
    await expect(filled.compact({ kee: null } as never)).rejects.toThrow("did you mean 'key'?")
    await expect(filled.insert('', templates[0])).rejects.toThrow(RangeError)
    await expect(filled.insert('x', 'template' as never)).rejects.toThrow(TypeError)
    await expect(filled.remove(7 as never)).rejects.toThrow(TypeError)
  })
})
