import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { execute } from '../../dist/cli/execute.js'
import { cli, cliJson, PRINTS, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const prints = join(folder, 'prints')
const file = join(folder, 'residents.gallery')

beforeAll(async () => {
  mkdirSync(prints)
  for (const finger of [101, 102, 103, 104]) {
    copyFileSync(printFile(`${finger}_1`), join(prints, `resident ${finger}.png`))
  }
  await cli('extract', printFile('105_1'), '-o', join(prints, 'resident 105.sdkt'))
  await cli('extract', printFile('106_1'), '--iso', join(prints, 'resident 106.iso'))
  writeFileSync(join(prints, 'empty.png'), '')
  writeFileSync(join(prints, 'page.jpg'), 'not a picture')
  writeFileSync(join(prints, 'resident 101.bmp'), 'BM: a second file of this name')
  writeFileSync(join(prints, 'notes.txt'), 'not meant as a print')
  writeFileSync(join(prints, '.hidden.png'), '')
  mkdirSync(join(prints, 'truth.png'))
})

const ENROLLED = [101, 102, 103, 104, 105, 106].map(finger => `resident ${finger}`)

describe('sidik gallery', () => {
  it('enrols what can be used and reports what cannot', async () => {
    const { exitCode, json } = await cliJson('gallery', 'build', prints, '-o', file)
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({ folder: prints, enrolled: 6, gallery: file, ignored: ['notes.txt'] })
    const unusable = json.unusable.map(({ file, code }: { file: string; code: string }) => [file, code])
    expect(unusable).toEqual([
      ['empty.png', 'IMAGE_EMPTY'],
      ['page.jpg', 'IMAGE_FORMAT'],
      ['resident 101.bmp', expect.stringMatching(/^IMAGE_/)],
    ])
    for (const { file, message } of json.unusable) expect(message).toContain(file)
  })

  it('says what a gallery file holds', async () => {
    const { exitCode, json } = await cliJson('gallery', 'info', file, '--ids')
    expect(exitCode).toBe(0)
    expect(json).toMatchObject({ file, prints: 6, ids: ENROLLED })
    expect(json.bytes).toBeGreaterThan(1000)
    expect((await cli('gallery', 'info', file)).stdout).toMatch(/: 6 prints, [\d,]+ bytes\n$/)
  })

  it('reports two prints of one id rather than dropping one', async () => {
    const twice = join(folder, 'twice')
    mkdirSync(twice)
    copyFileSync(printFile('101_1'), join(twice, 'one.png'))
    await cli('extract', printFile('101_2'), '-o', join(twice, 'one.sdkt'))
    const { exitCode, json } = await cliJson('gallery', 'build', twice, '-o', join(folder, 'twice.gallery'))
    expect(exitCode).toBe(0)
    expect(json.enrolled).toBe(1)
    expect(json.unusable).toMatchObject([{ file: 'one.sdkt', code: 'ID_EXISTS' }])
  })

  it('writes no gallery and exits with 3 when nothing can be used', async () => {
    const bad = join(folder, 'bad')
    mkdirSync(bad)
    writeFileSync(join(bad, 'empty.png'), '')
    const output = join(folder, 'bad.gallery')
    const { exitCode, json } = await cliJson('gallery', 'build', bad, '-o', output)
    expect(exitCode).toBe(3)
    expect(json).toMatchObject({ enrolled: 0, gallery: null, unusable: [{ code: 'IMAGE_EMPTY' }] })
    expect(readdirSync(folder)).not.toContain('bad.gallery')
  })
})

describe('an interrupt', () => {
  it.each([
    ['gallery build', ['gallery', 'build', PRINTS, '-o', join(folder, 'never.gallery')]],
    ['identify', ['identify', printFile('101_1'), '--gallery', PRINTS]],
    ['evaluate', ['evaluate', PRINTS, '--plot', join(folder, 'never.svg')]],
  ])('ends %s after a few prints, and nothing is written', async (_, args) => {
    const interruption = new AbortController()
    let steps = 0
    const startProgress = () => ({ update: () => void (++steps === 3 && interruption.abort()), stop() {} })
    const report = await execute(args, { signal: interruption.signal, startProgress, say() {} })
    expect(report).toMatchObject({ exitCode: 130, stdout: '', stderr: expect.stringContaining('INTERRUPTED') })
    expect(steps).toBeLessThan(32)
    expect(readdirSync(folder).filter(name => name.startsWith('never'))).toEqual([])
  })
})

describe('sidik identify', () => {
  it('finds a finger in a gallery file', async () => {
    const { exitCode, json } = await cliJson('identify', printFile('104_3'), '--gallery', file)
    expect(exitCode).toBe(0)
    expect(json.candidates[0].id).toBe('resident 104')
    expect(json.candidates[0].score).toBeGreaterThanOrEqual(40)
    expect(json).toMatchObject({ searched: 6, minScore: 40 })
    expect(json.elapsedMs).toBeGreaterThan(0)
  })

  it('finds the same in the folder, and reports what of it cannot be used', async () => {
    const fromFile = await cliJson('identify', printFile('104_3'), '--gallery', file, '--threads', '1')
    const fromFolder = await cliJson('identify', printFile('104_3'), '--gallery', prints)
    expect(fromFolder.exitCode).toBe(0)
    expect(fromFolder.json.candidates).toEqual(fromFile.json.candidates)
    expect(fromFolder.json.enrolment).toMatchObject({ enrolled: 6, ignored: ['notes.txt'] })
    expect(fromFolder.json.enrolment.unusable.length).toBe(3)
  })

  it('exits with 1 when nobody reaches the score', async () => {
    const { exitCode, stdout, stderr } = await cli('identify', printFile('108_2'), '--gallery', file)
    expect([exitCode, stderr]).toEqual([1, ''])
    expect(stdout).toContain('threshold 40: of searches of fingers that are not there, a share of 0.0006 reaches it\n')
    expect(stdout).toContain('nobody found with a score of 40 or more')
  })

  it('takes the threshold as a score or as either rate', async () => {
    const asked = async (...threshold: string[]) => {
      const { json } = await cliJson('identify', printFile('108_2'), '--gallery', file, ...threshold)
      return [json.minScore, json.fpir]
    }
    expect(await asked('--min-score', '50')).toEqual([50, expect.closeTo(6e-5, 8)])
    expect(await asked('--target-fmr', '1e-3')).toEqual([30, expect.closeTo(0.006, 4)])
    expect(await asked('--target-fpir', '1e-3')).toEqual([expect.closeTo(37.78, 2), expect.closeTo(0.001, 8)])
  })

  it('ranks everyone, best first, when no score is asked for, up to the limit', async () => {
    const args = ['identify', printFile('104_3'), '--gallery', file, '--min-score', '0', '--limit', '3']
    const { json } = await cliJson(...args)
    expect(json.candidates.length).toBe(3)
    const scores = json.candidates.map(({ score }: { score: number }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect((await cli(...args)).stdout).toMatch(/ +1 +[\d.]+ {2}learned +resident 104\n/)
  })
})
