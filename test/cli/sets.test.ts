import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()

describe('sidik evaluate', () => {
  it('reports the agreed JSON and draws the curves', async () => {
    const set = join(folder, 'set')
    mkdirSync(set)
    for (const name of ['101_1', '101_2', '102_1', '102_2']) copyFileSync(printFile(name), join(set, `${name}.png`))
    const plot = join(folder, 'det.svg')
    const { exitCode, json } = await cliJson('evaluate', set, '--plot', plot)
    expect(exitCode).toBe(0)
    const rates = { mated: 2, nonMated: 4, eer: 0, fmr100: 0, fmr1000: 0, zeroFmr: 0 }
    expect(json.sets).toMatchObject([{ name: 'set', images: 4, failures: 0, allPairs: rates, fvc: { nonMated: 1 } }])
    expect(json.sets[0].minutiaeMean).toBeGreaterThan(10)
    expect(json.sets[0].extractMs).toBeGreaterThan(0)
    expect(json.pooled.allPairs).toMatchObject(rates)
    expect(json.pooled.bootstrap95.eer.length).toBe(2)
    expect(json.comparisonsPerSecond).toBeGreaterThan(0)
    expect(readFileSync(plot, 'utf8')).toMatch(/<svg.*<\/svg>\s*$/s)
    expect(json).not.toHaveProperty('quality')

    const curves = join(folder, 'quality.svg')
    const { stdout } = await cli('evaluate', set, '--quality-plot', curves)
    expect(stdout).toContain('Prints dropped in order of quality')
    expect(readFileSync(curves, 'utf8')).toMatch(/<svg.*<\/svg>\s*$/s)
    const asked = await cliJson('evaluate', set, '--quality')
    expect(asked.json.quality.pooled[0].points[10]).toMatchObject({
      share: 0.1,
      dropped: 0,
      falseNonMatches: 0,
      gone: null,
    })
  })
})

describe('sidik synthesize and evaluate-minutiae', () => {
  const set = join(folder, 'synthetic', 'clean')

  beforeAll(async () => {
    const { exitCode, json } = await cliJson(
      'synthesize',
      '--fingers',
      '1',
      '--impressions',
      '2',
      '--clean',
      '--truth',
      '-o',
      set,
    )
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({ directory: set, fingers: 1, impressions: 2, seed: 1, truth: true, clean: true })
  })

  it('makes prints and their truth', () => {
    for (const name of ['101_1.png', '101_2.png', 'truth/101_1.json'])
      expect(existsSync(join(set, name)), name).toBe(true)
  })

  it('compares what is found with the truth, over all and by type', async () => {
    const { exitCode, json } = await cliJson('evaluate-minutiae', set)
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({ prints: 2, failures: [], tolerance: { distancePx: 8, directionDegrees: 15 } })
    expect(json.pooled.recall).toBeGreaterThan(0.5)
    expect(json.pooled.precision).toBeGreaterThan(0.5)
    expect(json.pooled.truth).toBe(json['ridge-ending'].truth + json.bifurcation.truth)
    expect(json.perPrint.map(({ file }: { file: string }) => file)).toEqual(['101_1.png', '101_2.png'])
    expect(json.pooled.matched).toBe(json.perPrint[0].matched + json.perPrint[1].matched)
    expect((await cli('evaluate-minutiae', set)).stdout).toMatch(/^all +\d+ +\d+ +0\.\d+ +0\.\d+/m)
  })

  it('counts a print that cannot be used as nothing found', async () => {
    const before = await cliJson('evaluate-minutiae', set)
    const png = readFileSync(join(set, '101_2.png'))
    writeFileSync(join(set, '101_2.png'), '')
    const { exitCode, json } = await cliJson('evaluate-minutiae', set)
    writeFileSync(join(set, '101_2.png'), png)
    expect(exitCode).toBe(0)
    expect(json.failures).toEqual([{ file: '101_2.png', code: 'IMAGE_EMPTY' }])
    expect(json.pooled.truth).toBe(before.json.pooled.truth)
    expect(json.pooled.recall).toBeLessThan(before.json.pooled.recall)
  })

  it('names the truth that is missing or not one', async () => {
    const path = join(set, 'truth', '101_1.json')
    const truth = readFileSync(path)
    for (const text of ['{', '[]', '{"minutiae": 5}', '{"minutiae": [{"xPx": "a"}]}', 'null']) {
      writeFileSync(path, text)
      const { exitCode, json } = await cliJson('evaluate-minutiae', set)
      expect([exitCode, json.error.code], text).toEqual([3, 'DATASET_FORMAT'])
      expect(json.error.message).toContain('101_1.json')
    }
    writeFileSync(path, truth)
  })
})
