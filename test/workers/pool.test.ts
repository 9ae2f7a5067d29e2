import { createEngine } from 'sidik'
import { afterEach, describe, expect, it } from 'vitest'
import { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { Searcher } from '../../dist/core/searcher.js'
import { buffersOf, takeImage } from '../../dist/image/own-image.js'
import { loadCore } from '../../dist/node/core-file.js'
import { SCANNED, SHORTLIST } from '../../dist/options.js'
import type { WorkerPool } from '../../dist/workers/pool.js'
import { poolOf } from '../support/pool.js'
import { ridgeFrame } from '../support/ridges.js'

const MAX_BYTES = 67_108_864

describe('WorkerPool', () => {
  let pool: WorkerPool
  afterEach(() => pool.close())

  const image = () => takeImage({ ...ridgeFrame(1), ppi: 500 })

  it('starts no thread before the first task', async () => {
    pool = poolOf(2)
    expect(pool.started).toBe(false)
    await pool.run('extract', { image: image(), classical: false })
    expect(pool.started).toBe(true)
  })

  it('reports a trap of the core as CORE_FAILED, and the same worker goes on', async () => {
    const module = await loadCore()
    pool = poolOf(1)
    const { memory } = new GalleryMemory(1, module, MAX_BYTES, 1)
    const outside = { control: 65_536, probe: 0xfffffff0, table: 0xfffffff0, scratch: 131_072 }
    const task = { memoryId: 1, memory, seat: 0, pointers: outside, open: [1] }
    for (let i = 0; i < 3; i++) {
      const pair = { slots: Uint32Array.of(0), probes: Uint32Array.of(outside.probe) }
      const rescoring = pool.run('rescore', { ...task, ...pair })
      await expect(rescoring).rejects.toMatchObject({ name: 'SidikError', code: 'CORE_FAILED' })
    }
    expect((await pool.run('extract', { image: image(), classical: false }))!.minutiae.length).toBeGreaterThan(8)
  })

  it('gives a worker the memory of a gallery once, not with every task', async () => {
    const module = loadCore()
    pool = poolOf(1)
    const gallery = new GalleryMemory(1, module, MAX_BYTES, 1)
    const none = { slots: new Uint32Array(0), probes: new Uint32Array(0) }
    const task = { memoryId: 1, seat: 0, pointers: gallery.pointers(0, 0), open: [1], ...none }
    await expect(pool.run('rescore', task)).rejects.toThrow(TypeError)
    expect(await pool.runInGallery('rescore', task, gallery.memory)).toEqual(new Float32Array(0))
    // Known from here on, until the gallery is no longer among the open ones.
    expect(await pool.run('rescore', task)).toEqual(new Float32Array(0))
    await pool.run('forget', { open: [] })
    await expect(pool.run('rescore', task)).rejects.toThrow(TypeError)
  })

  it('has a worker touch the pages of a memory, also of one that it has not met', async () => {
    const module = loadCore()
    pool = poolOf(1)
    const gallery = new GalleryMemory(1, module, MAX_BYTES, 1)
    const { first, last } = gallery.unused(33_554_432)
    expect(last - first).toBe(33_554_432)
    const task = { memoryId: 1, open: [1], first, last }
    // Starts the worker, which takes memory of its own.
    await pool.run('forget', { open: [] })
    const before = process.memoryUsage.rss()
    expect(await pool.runInGallery('warm', task, gallery.memory)).toBeUndefined()
    expect(process.memoryUsage.rss() - before).toBeGreaterThan(25e6)
    expect(await pool.run('warm', task)).toBeUndefined()
    expect(new Uint8Array(gallery.memory.buffer, first, last - first).every(byte => byte === 0)).toBe(true)
  })

  it('brings errors about data across with their codes', async () => {
    pool = poolOf(1)
    const blank = { data: new Uint8Array(90_000).fill(255), widthPx: 300, heightPx: 300, ppi: 500 }
    const extracting = pool.run('extract', { image: takeImage(blank), classical: false })
    await expect(extracting).rejects.toMatchObject({ name: 'SidikError', code: 'NOT_A_FINGERPRINT' })
  })

  it('moves what is to be moved', async () => {
    pool = poolOf(1)
    const frame = image()
    const [buffer] = buffersOf(frame)
    await pool.run('extract', { image: frame, classical: false }, [buffer])
    expect(buffer.byteLength).toBe(0)
  })

  it('skips a task that was cancelled before its turn', async () => {
    pool = poolOf(1)
    const cancelled = new Int32Array(new SharedArrayBuffer(4)).fill(1)
    expect(await pool.run('extract', { image: image(), classical: false, cancelled })).toBeUndefined()
  })
})

describe('what is stated twice', () => {
  it('is the same: how many are kept of a scan and of a screen', () => {
    const module = loadCore()
    const { memory } = new GalleryMemory(1, module, MAX_BYTES, 1)
    const { capacity, scanCapacity } = new Searcher(module, memory, 1_048_576)
    expect([capacity, scanCapacity]).toEqual([SHORTLIST, SCANNED])
  })
})

describe('memory', () => {
  it('stays flat over 20,000 searches of a tiny gallery and over galleries that come and go', async () => {
    const engine = await createEngine({ threads: 2 })
    try {
      const { template } = await engine.extract(ridgeFrame(1))
      const gallery = engine.createGallery()
      gallery.insert('x', template)
      const { signal } = new AbortController()
      const search = async (times: number) => {
        for (let i = 0; i < times; i++) await gallery.search(template, { signal })
        return process.memoryUsage().rss
      }
      const before = await search(4_000)
      expect((await search(16_000)) - before).toBeLessThan(40e6)
      const visit = async (times: number) => {
        for (let i = 0; i < times; i++) {
          const other = engine.createGallery()
          other.insert('x', template)
          await other.search(template)
          other.close()
        }
        return process.memoryUsage().rss
      }
      const visited = await visit(50)
      // Up to 0.3 MB each until the collector comes; the address space of each is 4 GB, its work areas are 20 MB.
      expect((await visit(200)) - visited).toBeLessThan(120e6)
    } finally {
      await engine.close()
    }
  }, 60_000)
})
