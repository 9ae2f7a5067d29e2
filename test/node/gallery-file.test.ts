import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine, type Template } from 'sidik'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeSnapshot } from '../../dist/gallery/snapshot-write.js'
import { described, random, randomTemplate } from '../support/random-templates.js'

// Waiting for the disk takes seconds on a machine that is busy writing.
vi.setConfig({ testTimeout: 30_000 })

const next = random(31)

describe('a saved gallery', () => {
  let engine: Engine
  let folder: string
  let templates: Template[]
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 })
    templates = Array.from({ length: 60 }, () => described(engine, randomTemplate(next)))
    folder = await mkdtemp(join(tmpdir(), 'sidik-gallery-'))
  })
  afterAll(async () => {
    await engine.close()
    await rm(folder, { recursive: true })
  })

  const filled = (count: number) => {
    const gallery = engine.createGallery()
    for (let i = 0; i < count; i++) gallery.insert(`person-${i}`, templates[i % 60])
    return gallery
  }

  it('is opened as it was, and leaves nothing beside it', async () => {
    const gallery = filled(1_100)
    gallery.remove('person-7')
    const path = join(folder, 'whole')
    await gallery.save(path)
    await gallery.save(path)
    expect(await readdir(folder)).toEqual(['whole'])
    expect((await readFile(path)).equals(gallery.toBytes())).toBe(true)
    const opened = await engine.openGallery(path)
    expect(opened.ids()).toEqual(gallery.ids())
    expect(opened.bytes).toBe(gallery.bytes)
    const probe = gallery.get('person-900')!
    const [found, expected] = await Promise.all([opened, gallery].map(each => each.search(probe, { minScore: 0 })))
    expect(found.candidates).toEqual(expected.candidates)
    const fromBytes = await engine.openGallery(gallery.toBytes())
    expect(Buffer.from(fromBytes.toBytes()).equals(gallery.toBytes())).toBe(true)
  })

  it('holds what was there when it was called, though it changes meanwhile', async () => {
    const gallery = filled(200)
    const expected = gallery.toBytes()
    const saving = gallery.save(join(folder, 'moving'))
    for (const id of gallery.ids()) gallery.remove(id)
    for (let i = 0; i < 200; i++) gallery.insert(`later-${i}`, templates[i % 60])
    await saving
    expect((await readFile(join(folder, 'moving'))).equals(expected)).toBe(true)
  })

  it('replaces the old one only when it is whole', async () => {
    const path = join(folder, 'kept')
    await filled(3).save(path)
    const before = await readFile(path)
    await mkdir(join(folder, 'is-a-folder'))
    await expect(filled(3).save(join(folder, 'is-a-folder'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    await expect(filled(3).save(join(folder, 'no', 'such', 'folder'))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
    await expect(filled(3).save('')).rejects.toThrow(TypeError)
    expect((await readFile(path)).equals(before)).toBe(true)
    expect((await readdir(folder)).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('is refused when it is absent, a folder, cut short or of another kind', async () => {
    const path = join(folder, 'cut')
    await filled(40).save(path)
    await truncate(path, 9_000)
    await expect(engine.openGallery(path)).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    await truncate(path, 0)
    await expect(engine.openGallery(path)).rejects.toMatchObject({ code: 'GALLERY_FORMAT' })
    await writeFile(path, 'a letter, not a gallery, and long enough to be one')
    await expect(engine.openGallery(path)).rejects.toMatchObject({ code: 'GALLERY_FORMAT' })
    await expect(engine.openGallery(join(folder, 'absent'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(engine.openGallery(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(engine.openGallery(5 as never)).rejects.toThrow(TypeError)
    await expect(engine.openGallery(path, { maxByte: 1 } as never)).rejects.toThrow("did you mean 'maxBytes'?")
  })

  it('is refused when its entries are no templates, or come twice', async () => {
    const file = (entries: { id: string; template: Uint8Array }[]) =>
      new Uint8Array(Buffer.concat([...encodeSnapshot(entries, entries.length)]))
    const template = randomTemplate(next)
    const altered = template.slice()
    altered[50] ^= 1
    const newer = template.slice()
    newer[4] = 9
    const corrupt = { code: 'GALLERY_CORRUPT', message: expect.stringContaining("'x'") }
    await expect(engine.openGallery(file([{ id: 'x', template: altered }]))).rejects.toMatchObject(corrupt)
    await expect(engine.openGallery(file([{ id: '', template }]))).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    const twice = file([
      { id: 'x', template },
      { id: 'x', template },
    ])
    await expect(engine.openGallery(twice)).rejects.toMatchObject(corrupt)
    const later = { code: 'GALLERY_VERSION' }
    await expect(engine.openGallery(file([{ id: 'x', template: newer }]))).rejects.toMatchObject(later)
  })
})
