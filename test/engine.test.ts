import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as sidik from 'sidik'
import { createEngine, type Engine } from 'sidik'
import { type Deviation, decodeTemplate, encodeTemplate, templateToRecord } from 'sidik/formats'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadNetwork } from '../dist/node/network-file.js'
import { random, randomMinutiae, randomTemplate, secondImpression, templateOf } from './support/random-templates.js'
import { ridgeFrame } from './support/ridges.js'

// Some seconds of work on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 })

const next = random(21)

describe('createEngine', () => {
  it('refuses what it does not know', async () => {
    await expect(createEngine({ thread: 2 } as never)).rejects.toThrow(/did you mean 'threads'/)
    await expect(createEngine({ threads: 0 })).rejects.toThrow(RangeError)
    await expect(createEngine({ threads: 1.5 })).rejects.toThrow(RangeError)
    await expect(createEngine({ threads: '2' } as never)).rejects.toThrow(TypeError)
    await expect(createEngine(2 as never)).rejects.toThrow(TypeError)
  })

  it('takes as many threads as the machine runs at once, or as told', async () => {
    const [given, told] = await Promise.all([createEngine(), createEngine(Object.freeze({ threads: 3 }))])
    expect(given.threads).toBeGreaterThanOrEqual(1)
    expect(given.threads).toBeLessThanOrEqual(16)
    expect(told.threads).toBe(3)
    await Promise.all([given.close(), told.close()])
  })

  it('exports what is documented, and no more', () => {
    expect(Object.keys(sidik).sort()).toEqual([
      'ERROR_CODES',
      'SidikError',
      'createEngine',
      'encodeRecordImage',
      'fmrOfScore',
      'imageOfRecord',
      'imageToRecord',
      'scoreOfFmr',
    ])
  })
})

describe('Engine.extract', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())

  it('gives a template of what it found, and leaves the frame as it was', async () => {
    const frame = ridgeFrame(1)
    const before = frame.data.slice()
    const print = await engine.extract(frame)
    expect(Buffer.from(frame.data).equals(Buffer.from(before))).toBe(true)
    expect([print.widthPx, print.heightPx]).toEqual([300, 400])
    expect(print.minutiae.length).toBeGreaterThan(8)
    expect(print.quality.score).toBeGreaterThan(0)
    expect(print.extractMs).toBeGreaterThan(0)
    const contents = decodeTemplate(print.template)
    expect(contents).toMatchObject({ widthPx: 300, heightPx: 400, sourcePpi: 500, quality: print.quality.score })
    expect(contents.minutiae.map(({ xPx, yPx, type }) => ({ xPx, yPx, type }))).toEqual(
      print.minutiae.map(({ xPx, yPx, type }) => ({ xPx, yPx, type })),
    )
    expect(contents.geometricCodes.masks).toHaveLength(0)
    expect(contents.learnedCodes).toMatchObject({ networkVersion: loadNetwork().version })
    expect(contents.learnedCodes?.bits).toHaveLength(16 * contents.minutiae.length)
    expect(engine.match(print.template, print.template).score).toBeGreaterThan(0)
  })

  it('extracts classically when asked, without learned codes', async () => {
    const { template, minutiae } = await engine.extract(ridgeFrame(1), { classical: true })
    const contents = decodeTemplate(template)
    expect(minutiae.length).toBeGreaterThan(8)
    expect(contents.learnedCodes).toBeUndefined()
    expect(contents.geometricCodes.masks).toHaveLength(minutiae.length)
    const learned = await engine.extract(ridgeFrame(1))
    expect(engine.match(template, learned.template).score).toBeGreaterThan(40)
    await expect(engine.extract(ridgeFrame(1), { classical: 1 as never })).rejects.toThrow(TypeError)
  })

  it('leaves a Buffer as it was, too', async () => {
    const frame = ridgeFrame(1)
    const data = Buffer.from(frame.data)
    const { template } = await engine.extract({ ...frame, data })
    expect(data.equals(Buffer.from(frame.data))).toBe(true)
    expect((await engine.extract(frame)).template).toEqual(template)
  })

  it('gives the same from whichever worker, many at a time', async () => {
    const frames = [0, 1, 2].map(seed => ridgeFrame(seed))
    const prints = await Promise.all(Array.from({ length: 12 }, (_, i) => engine.extract(frames[i % 3])))
    for (const [i, { template }] of prints.entries()) expect(template).toEqual(prints[i % 3].template)
    expect(prints[1].template).not.toEqual(prints[0].template)
  })

  it('works at the resolution that is given', async () => {
    const { ppi: _, ...frame } = ridgeFrame(1)
    await expect(engine.extract(frame)).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
    const print = await engine.extract(frame, { ppi: 1000 }).catch(error => error)
    expect(print.widthPx === 150 || print.code === 'NOT_A_FINGERPRINT').toBe(true)
    expect((await engine.extract(frame, { ppi: 500 })).widthPx).toBe(300)
  })

  it('refuses what is no print, and goes on', async () => {
    const noise = Uint8Array.from({ length: 90_000 }, () => next() * 256)
    const size = { widthPx: 300, heightPx: 300, ppi: 500 }
    await expect(engine.extract({ data: new Uint8Array(90_000).fill(255), ...size })).rejects.toMatchObject({
      code: 'NOT_A_FINGERPRINT',
    })
    await expect(engine.extract({ data: noise, ...size })).rejects.toMatchObject({ code: 'NOT_A_FINGERPRINT' })
    await expect(engine.extract(new Uint8Array())).rejects.toMatchObject({ code: 'IMAGE_EMPTY' })
    await expect(engine.extract(new TextEncoder().encode('<svg/>'))).rejects.toMatchObject({ code: 'IMAGE_FORMAT' })
    const huge = { data: ridgeFrame().data, widthPx: 16_384, heightPx: 16_384, ppi: 500 }
    await expect(engine.extract(huge)).rejects.toBeInstanceOf(Error)
    await expect(engine.extract(7 as never)).rejects.toThrow(TypeError)
    await expect(engine.extract(ridgeFrame(), { dpi: 500 } as never)).rejects.toThrow("did you mean 'ppi'?")
    expect((await engine.extract(ridgeFrame(1))).minutiae.length).toBeGreaterThan(8)
  })

  it('stops when it is aborted: before, while it waits, while it runs', async () => {
    const reason = new Error('the finger was lifted')
    await expect(engine.extract(ridgeFrame(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const frames = [0, 1, 2].map(seed => ridgeFrame(seed))
    await engine.extract(frames[0])
    const oneStartedMs = performance.now()
    await engine.extract(frames[0])
    const oneMs = performance.now() - oneStartedMs
    const controller = new AbortController()
    const { signal } = controller
    const waiting = Array.from({ length: 40 }, (_, i) => engine.extract(frames[i % 3], { signal }))
    const first = await waiting[0]
    const startedMs = performance.now()
    controller.abort(reason)
    for (const { status } of (await Promise.allSettled(waiting)).slice(10)) expect(status).toBe('rejected')
    expect((await engine.extract(frames[0])).template).toEqual(first.template)
    // The other 38 on two workers would take as long as 19: those that waited were skipped.
    expect(performance.now() - startedMs).toBeLessThan(12 * oneMs)
  })
})

describe('Engine, on the calling thread', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  const minutiae = randomMinutiae(next, 40)
  const [a, b] = [templateOf(minutiae), templateOf(secondImpression(next, minutiae))]

  it('matches mates above strangers, the same in both directions, and says why', () => {
    const { score } = engine.match(a, b)
    expect(engine.match(b, a)).toEqual({ score, codes: 'geometric' })
    expect(score).toBeGreaterThan(engine.match(a, randomTemplate(next)).score)
    const explained = engine.explain(a, b)
    expect(explained.score).toBe(score)
    expect(explained.pairs.length).toBeGreaterThan(8)
    for (const [i, j] of explained.pairs) {
      expect(i).toBeLessThan(40)
      expect(j).toBeLessThan(40)
    }
  })

  it('compares one with many as it does with each', () => {
    const learned = (bits: number) =>
      encodeTemplate({
        ...decodeTemplate(a),
        learnedCodes: { networkVersion: 2, bits: new Uint8Array(640).fill(bits) },
      })
    const probe = learned(7)
    const many = [b, a, probe, learned(9), randomTemplate(next), b]
    expect(engine.matchMany(probe, many)).toEqual(many.map(each => engine.match(probe, each)))
    expect(engine.matchMany(probe, [])).toEqual([])
  })

  it('names the one of many that is no template, and compares none', () => {
    expect(() => engine.matchMany(a, [b, 'b' as never])).toThrow(
      new TypeError('templates[1] must be a template (a Uint8Array)'),
    )
    expect(() => engine.matchMany(a, [b, b, b.subarray(0, 99)])).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_CORRUPT', message: expect.stringContaining('templates[2]: ') }),
    )
    expect(() => engine.matchMany(a, b as never)).toThrow(new TypeError('templates must be an array of templates'))
    expect(() => engine.matchMany('a' as never, [b])).toThrow(new TypeError('probe must be a template (a Uint8Array)'))
  })

  it('names the argument that is no template', () => {
    expect(() => engine.match('a' as never, b)).toThrow(new TypeError('a must be a template (a Uint8Array)'))
    expect(() => engine.explain(a, null as never)).toThrow(new TypeError('b must be a template (a Uint8Array)'))
    const cut = b.subarray(0, b.length - 1)
    expect(() => engine.match(a, cut)).toThrow(expect.objectContaining({ code: 'TEMPLATE_CORRUPT' }))
    expect(engine.match(a, b).score).toBeGreaterThan(0)
  })

  it('reads a template of every length and any altered byte, or refuses it', () => {
    for (let length = 0; length < a.length; length += 7) {
      expect(() => engine.match(a.subarray(0, length), b)).toThrow(sidik.SidikError)
    }
    for (let at = 0; at < a.length; at += 11) {
      const altered = a.slice()
      altered[at] ^= 0x55
      expect(() => engine.match(altered, b)).toThrow(sidik.SidikError)
    }
  })

  it.each(['iso-19794-2-2005', 'iso-19794-2-2011', 'ansi-378-2004', 'ansi-378-2009'] as const)(
    'imports a record of %s with codes of its own, which score as the print itself',
    format => {
      const record = templateToRecord(a, { format })
      const { template, minutiae: imported } = engine.importIso(record)
      expect(imported).toHaveLength(40)
      expect(decodeTemplate(template).geometricCodes.masks).toHaveLength(40)
      const [score, itsOwn] = [template, a].map(each => engine.match(each, b).score)
      if (format.startsWith('iso')) expect(score).toBeCloseTo(itsOwn, 0)
      else expect(Math.abs(score - itsOwn)).toBeLessThan(0.1 * itsOwn)
    },
  )

  it('imports no other bytes, and what deviates only with a listener', () => {
    const record = templateToRecord(a, { format: 'iso-19794-2-2005' })
    expect(() => engine.importIso(record, { view: 1 })).toThrow(RangeError)
    expect(() => engine.importIso(record, { views: 1 } as never)).toThrow("did you mean 'view'?")
    expect(() => engine.importIso(a)).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT' }))
    expect(() => engine.importIso('FMR' as never)).toThrow(TypeError)
    record[23] = 1
    const heard: Deviation[] = []
    expect(() => engine.importIso(record)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    expect(engine.importIso(record, { onDeviation: deviation => heard.push(deviation) }).minutiae).toHaveLength(40)
    expect(heard.map(({ field }) => field)).toEqual(['reserved byte'])
  })
})

describe('Engine.close', () => {
  it('rejects what runs, and everything afterwards', async () => {
    const engine = await createEngine({ threads: 1 })
    const gallery = engine.createGallery()
    const template = randomTemplate(next)
    gallery.insert('x', template)
    const running = [engine.extract(ridgeFrame()), gallery.search(template), engine.extract(ridgeFrame())]
    const outcomes = Promise.allSettled(running)
    await engine.close()
    const closed = { code: 'ENGINE_CLOSED' }
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: closed })
    await expect(engine.extract(ridgeFrame())).rejects.toMatchObject(closed)
    await expect(gallery.search(template)).rejects.toMatchObject(closed)
    await expect(engine.openGallery(new Uint8Array())).rejects.toMatchObject(closed)
    expect(() => engine.match(template, template)).toThrow(expect.objectContaining(closed))
    expect(() => engine.createGallery()).toThrow(expect.objectContaining(closed))
    expect(() => gallery.insert('y', template)).toThrow(expect.objectContaining(closed))
    await engine.close()
    gallery.close()
  })

  it('is what await using calls', async () => {
    const engine = await createEngine({ threads: 1 })
    await engine[Symbol.asyncDispose]()
    expect(() => engine.createGallery()).toThrow(expect.objectContaining({ code: 'ENGINE_CLOSED' }))
  })

  it('may be forgotten: the process ends all the same, with nothing on stderr', async () => {
    const program = `
      import { createEngine } from 'sidik'
      const template = new Uint8Array(${JSON.stringify([...randomTemplate(next)])})
      const engine = await createEngine({ threads: 2 })
      const gallery = engine.createGallery()
      gallery.insert('x', template)
      console.log((await gallery.search(template)).candidates[0].id)`
    const run = promisify(execFile)
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program], { timeout: 4_000 })
    expect([stdout, stderr]).toEqual(['x\n', ''])
  })
})
