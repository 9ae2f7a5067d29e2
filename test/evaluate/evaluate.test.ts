import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EvaluationProgress, errorRates, evaluateFolder } from 'sidik/evaluate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ToyEngine } from './toy-engine.js'

describe('evaluateFolder', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sidik-evaluate-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const write = (file: string, content: object) => {
    mkdirSync(join(directory, file, '..'), { recursive: true })
    writeFileSync(join(directory, file), JSON.stringify(content))
  }

  /** Fingers at 0, 10, 20 ..., impressions 0.1 apart. */
  const writeSet = (name: string, fingers: number, impressions: number) => {
    for (let f = 0; f < fingers; f++) {
      for (let i = 0; i < impressions; i++) write(`${name}/${f + 1}_${i + 1}.png`, { place: 10 * f + 0.1 * i })
    }
  }

  it('reports sets and pool in the documented shape', async () => {
    writeSet('one', 3, 2)
    writeSet('two', 2, 3)
    const engine = new ToyEngine()
    const report = await evaluateFolder(engine, directory)
    const perfect = { eer: 0, fmr100: 0, fmr1000: 0, zeroFmr: 0 }
    expect(report.sets).toMatchObject([
      {
        name: 'one',
        images: 6,
        failures: 0,
        minutiaeMean: 2,
        qualityMean: 20,
        extractMs: 5,
        allPairs: { mated: 3, nonMated: 12, ...perfect },
        fvc: { mated: 3, nonMated: 3, ...perfect },
      },
      { name: 'two', allPairs: { mated: 6, nonMated: 9 }, fvc: { mated: 6, nonMated: 1 } },
    ])
    expect(report.pooled).toMatchObject({
      allPairs: { mated: 9, nonMated: 21, ...perfect },
      fvc: { mated: 9, nonMated: 4, ...perfect },
      bootstrap95: { eer: [0, 0], replicates: 1000 },
    })
    expect(report.comparisonsPerSecond).toBeGreaterThan(1000)
    expect(engine.compared).toBe(30)
    expect(report.worstMated[0]).toMatchObject({ set: 'two', first: '1_1.png', second: '1_3.png' })
    expect(report.worstMated[0].score).toBeCloseTo(1 / 1.2, 12)
    expect(report.worstNonMated[0].score).toBeCloseTo(1 / 10.8, 12)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('pools scores under one threshold, not rates', async () => {
    writeSet('near', 2, 2)
    // a sensor whose strangers score higher than the other one's mated pairs
    for (const [f, i, place] of [
      [1, 1, 0],
      [1, 2, 0],
      [2, 1, 0.05],
      [2, 2, 0.05],
    ])
      write(`close/${f}_${i}.png`, { place })
    const { sets, pooled } = await evaluateFolder(new ToyEngine(), directory)
    expect(sets.map(set => set.allPairs.eer)).toEqual([0, 0])
    const near = 1 / 1.1
    const expected = errorRates([1, 1, near, near], [...new Array(4).fill(1 / 1.05), 0.1, 0.1, 0.1, 0.1])
    expect(pooled.allPairs.eer).toBeCloseTo(expected.eer!, 12)
    expect(pooled.allPairs.zeroFmr).toBe(0.5)
  })

  it('scores a print without a template 0 against everything, and lists it', async () => {
    writeSet('set', 3, 3)
    write('set/2_2.png', { code: 'NOT_A_FINGERPRINT' })
    write('set/3_1.png', { code: 'CORE_FAILED' })
    const engine = new ToyEngine()
    const report = await evaluateFolder(engine, directory)
    expect(report.failedPrints).toEqual([
      { set: 'set', file: '2_2.png', code: 'NOT_A_FINGERPRINT' },
      { set: 'set', file: '3_1.png', code: 'CORE_FAILED' },
    ])
    // 9 mated pairs, of which 2 + 2 have a failed print; none is dropped
    expect(report.sets[0]).toMatchObject({
      images: 9,
      failures: 2,
      allPairs: { mated: 9, nonMated: 27, zeroFmr: 4 / 9 },
    })
    expect(report.worstMated.slice(0, 5).map(pair => pair.score === 0)).toEqual([true, true, true, true, false])
    expect(engine.compared).toBe(21)
  })

  it('reports even when no print yields a template', async () => {
    for (const file of ['1_1.png', '1_2.png', '2_1.png']) write(file, { code: 'IMAGE_CORRUPT' })
    const report = await evaluateFolder(new ToyEngine(), directory)
    expect(report.sets[0]).toMatchObject({ failures: 3, minutiaeMean: null, qualityMean: null, extractMs: null })
    expect(report.pooled.allPairs).toMatchObject({ eer: 0.5, zeroFmr: 1 })
    expect(report.comparisonsPerSecond).toBeNull()
  })

  it.each(['PPI_UNKNOWN', 'PPI_OUT_OF_RANGE', 'ENGINE_CLOSED', 'CORE_MISSING', 'TEMPLATE_CORRUPT'])(
    'ends with %s and the name of the file, for that is not the fault of the print',
    async code => {
      writeSet('set', 2, 2)
      write('set/1_2.png', { code })
      await expect(evaluateFolder(new ToyEngine(), directory)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/set\/1_2\.png: /),
      })
    },
  )

  it('ends with what is no SidikError, and begins nothing after it', async () => {
    writeSet('set', 10, 4)
    writeFileSync(join(directory, 'set/1_2.png'), 'not JSON')
    const engine = new ToyEngine()
    await expect(evaluateFolder(engine, directory)).rejects.toThrow(SyntaxError)
    expect(engine.inFlight).toBe(0)
    expect(engine.extracted).toBeLessThanOrEqual(4)
  })

  it('keeps as many extractions in flight as the engine has threads', async () => {
    writeSet('a', 4, 4)
    for (const threads of [1, 3]) {
      const engine = new ToyEngine(threads)
      await evaluateFolder(engine, directory, { bootstrapReplicates: 100 })
      expect(engine.mostInFlight).toBe(threads)
    }
  })

  it('gives the same rates whatever the number of threads', async () => {
    writeSet('a', 4, 3)
    write('a/2_2.png', { place: 31 })
    const [one, five] = await Promise.all([1, 5].map(threads => evaluateFolder(new ToyEngine(threads), directory)))
    expect(one.pooled.allPairs.eer).toBeGreaterThan(0)
    expect(five.sets).toEqual(one.sets)
    expect(five.pooled).toEqual(one.pooled)
    expect([five.worstMated, five.worstNonMated]).toEqual([one.worstMated, one.worstNonMated])
  })

  it('passes the resolution on, or nothing', async () => {
    writeSet('a', 2, 2)
    const engine = new ToyEngine()
    await evaluateFolder(engine, directory, { ppi: 569, bootstrapReplicates: 100 })
    await evaluateFolder(engine, directory, { bootstrapReplicates: 100 })
    expect(engine.ppis).toEqual([569, 569, 569, 569, undefined, undefined, undefined, undefined])
  })

  it('tells its progress: every image, then comparisons up to the total', async () => {
    writeSet('a', 2, 2)
    writeSet('b', 3, 2)
    const seen: EvaluationProgress[] = []
    await evaluateFolder(new ToyEngine(1), directory, { onProgress: progress => seen.push(progress) })
    const extracts = seen.filter(({ phase }) => phase === 'extract')
    expect(extracts.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(extracts.map(({ set }) => set).join('')).toBe('aaaabbbbbb')
    const compares = seen.slice(extracts.length)
    expect(compares.every(({ phase, total }) => phase === 'compare' && total === 21)).toBe(true)
    expect(compares.at(-1)).toMatchObject({ done: 21, set: 'b' })
  })

  it('lets the event loop breathe while it compares', async () => {
    writeSet('a', 4, 4)
    const engine = new ToyEngine()
    const match = engine.match.bind(engine)
    engine.match = (a, b) => {
      const until = performance.now() + 2
      while (performance.now() < until);
      return match(a, b)
    }
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    let ticksBefore = 0
    const onProgress = ({ phase, done }: EvaluationProgress) => {
      if (phase === 'extract' && done === 16) ticksBefore = ticks
    }
    await evaluateFolder(engine, directory, { onProgress, bootstrapReplicates: 100 })
    clearInterval(timer)
    // 120 comparisons of 2 ms in slices of 20
    expect(ticks - ticksBefore).toBeGreaterThanOrEqual(6)
  })

  it.each(['extract', 'compare'])('stops in the phase %s when it is aborted', async phase => {
    writeSet('a', 6, 4)
    const controller = new AbortController()
    const engine = new ToyEngine()
    const onProgress = (progress: EvaluationProgress) => {
      if (progress.phase === phase) controller.abort(new Error('enough'))
    }
    await expect(evaluateFolder(engine, directory, { signal: controller.signal, onProgress })).rejects.toThrow('enough')
    expect(engine.inFlight).toBe(0)
    expect(engine.extracted).toBe(phase === 'extract' ? 2 : 24)
  })

  it('does not begin when it is aborted already', async () => {
    writeSet('a', 2, 2)
    const engine = new ToyEngine()
    await expect(evaluateFolder(engine, directory, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(engine.extracted).toBe(0)
  })

  it.each([
    ['one finger', ['1_1', '1_2'], /second finger/],
    ['one impression each', ['1_1', '2_1'], /second impression/],
  ])('refuses %s before it extracts anything', async (_, names, message) => {
    for (const name of names) write(`${name}.png`, { place: 0 })
    const engine = new ToyEngine()
    await expect(evaluateFolder(engine, directory)).rejects.toMatchObject({ code: 'DATASET_FORMAT', message })
    expect(engine.extracted).toBe(0)
  })

  it('names bad arguments', async () => {
    writeSet('a', 2, 2)
    await expect(evaluateFolder(new ToyEngine(), directory, { bootstrapReplicates: 3 })).rejects.toThrow(/replicates/)
    await expect(evaluateFolder(new ToyEngine(0), directory)).rejects.toThrow(/engine\.threads/)
    const engine = new ToyEngine()
    engine.match = () => ({ score: Number.NaN })
    await expect(evaluateFolder(engine, directory)).rejects.toThrow(/NaN/)
  })
})
