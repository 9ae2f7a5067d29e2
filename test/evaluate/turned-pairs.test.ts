/** Evaluations of turned prints: who is turned how, and what the report says of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EvaluationEngine, evaluateFolder, formatReport } from 'sidik/evaluate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'

/** Its templates are the pictures that it was given: equal ones are alike. */
class PictureEngine implements EvaluationEngine {
  readonly threads = 2
  readonly ppis: (number | undefined)[] = []

  async extract(bytes: Uint8Array, options?: { ppi?: number }) {
    this.ppis.push(options?.ppi)
    const { data, widthPx } = await decodeImage(bytes, options)
    return { template: Uint8Array.of(widthPx, ...data), minutiae: [], quality: { score: 1 }, extractMs: 1 }
  }

  match(a: Uint8Array, b: Uint8Array) {
    return { score: Buffer.from(a).equals(b) ? 1 : 0 }
  }
}

describe('an evaluation of turned prints', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sidik-turned-'))
    mkdirSync(join(folder, 'set'))
    // Two fingers of two equal impressions, which look the same no other way up.
    for (const finger of [1, 2]) {
      for (const impression of [1, 2]) {
        const pixels = Uint8Array.from({ length: 40 * 32 }, (_, k) => (k * finger) % 251)
        const file = join(folder, 'set', `${finger}_${impression}.pgm`)
        writeFileSync(file, Buffer.concat([Buffer.from('P5\n40 32\n255\n'), pixels]))
      }
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const evaluated = (options: object) => evaluateFolder(new PictureEngine(), folder, { ppi: 500, ...options })

  it('turns the first of each pair by one angle and the second by the other', async () => {
    const upright = await evaluated({})
    expect(upright).not.toHaveProperty('turnDeg')
    expect(upright.pooled.allPairs).toMatchObject({ mated: 2, nonMated: 4, eer: 0 })
    expect((await evaluated({ turnDeg: [90, 90] })).pooled.allPairs.eer).toBe(0)
    expect((await evaluated({ turnDeg: [30, 390] })).worstMated[0].score).toBe(1)
    const apart = await evaluated({ turnDeg: [90, 270] })
    expect(apart.worstMated.map(({ score }) => score)).toEqual([0, 0])
    expect(apart).toMatchObject({ turnDeg: [90, 270], sets: [{ images: 8, failures: 0 }] })
    expect(apart.worstMated[0]).toMatchObject({ first: '1_1.pgm', second: '1_2.pgm', turnDeg: [90, 270] })
    expect(formatReport(apart)).toContain('first print of each pair turned by 90 degrees, the second by 270')
  })

  it('draws an angle of each print from the seed and its name', async () => {
    const anglesOf = async (turnSeed: number) =>
      (await evaluated({ turnDeg: 'random', turnSeed })).worstMated.map(({ turnDeg }) => turnDeg)
    const angles = (await anglesOf(1)).flat()
    expect(new Set(angles).size).toBe(4)
    for (const angle of angles) expect(angle! >= 0 && angle! < 360).toBe(true)
    expect(await anglesOf(1)).toEqual(await anglesOf(1))
    expect(await anglesOf(2)).not.toEqual(await anglesOf(1))
    expect((await evaluated({ turnDeg: 'random' })).sets[0].images).toBe(4)
  })

  it('passes on the resolution that the file has, or that was asked for', async () => {
    const engine = new PictureEngine()
    await evaluateFolder(engine, folder, { ppi: 400, turnDeg: [0, 45] })
    expect(new Set(engine.ppis)).toEqual(new Set([400]))
    await expect(evaluateFolder(engine, folder, { turnDeg: [45, 45] })).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
  })

  it('counts a turned image that does not decode as failed, at both angles', async () => {
    writeFileSync(join(folder, 'set', '2_2.pgm'), 'P5\n40 32\n255\n')
    const report = await evaluated({ turnDeg: [0.5, 90] })
    expect(report.sets[0]).toMatchObject({ images: 8, failures: 2 })
    expect(report.failedPrints).toMatchObject([
      { file: '2_2.pgm', turnDeg: 0.5, code: 'IMAGE_CORRUPT' },
      { file: '2_2.pgm', turnDeg: 90, code: 'IMAGE_CORRUPT' },
    ])
    expect(formatReport(report)).toContain('set/2_2.pgm at 90 degrees: IMAGE_CORRUPT')
  })

  it('refuses angles that are none, and quality of prints that lie in two ways', async () => {
    for (const turnDeg of [90, [90], ['90', 0], 'upright'])
      await expect(evaluated({ turnDeg })).rejects.toThrow(TypeError)
    await expect(evaluated({ turnDeg: [0, Number.NaN] })).rejects.toThrow(RangeError)
    await expect(evaluated({ turnDeg: 'random', turnSeed: -1 })).rejects.toThrow(RangeError)
    await expect(evaluated({ turnDeg: [0, 90], quality: true })).rejects.toThrow(/quality/)
  })
})
