import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const [first, mate, stranger] = ['104_1', '104_3', '102_2'].map(printFile)

describe('sidik match', () => {
  it('exits with 0 for one finger and with 1 for two', async () => {
    const same = await cliJson('match', first, mate)
    expect(same.exitCode).toBe(0)
    expect(same.json).toMatchObject({ sameFinger: true, minScore: 40, a: { file: first, kind: 'image' } })
    expect(same.json.score).toBeGreaterThanOrEqual(40)
    const other = await cliJson('match', first, stranger)
    expect(other.exitCode).toBe(1)
    expect(other.json.sameFinger).toBe(false)
    expect(other.json.score).toBeLessThan(same.json.score)
  })

  it('decides at the threshold that is given', async () => {
    expect((await cli('match', first, mate, '--min-score', '100000')).exitCode).toBe(1)
    expect((await cli('match', first, stranger, '--min-score', '0')).exitCode).toBe(0)
    expect((await cli('match', first, mate, '--target-fmr', '1e-200')).exitCode).toBe(1)
    expect(await cliJson('match', first, mate, '--target-fmr', '0.001')).toMatchObject({
      exitCode: 0,
      json: { minScore: 30 },
    })
  })

  it('gives images and their templates one score, in either order', async () => {
    const [a, b] = [join(folder, 'a.sdkt'), join(folder, 'b.sdkt')]
    await cli('extract', first, '-o', a)
    await cli('extract', mate, '-o', b)
    const images = await cliJson('match', first, mate)
    expect((await cliJson('match', a, b)).json.score).toBe(images.json.score)
    expect((await cliJson('match', b, first)).json.score).toBe((await cliJson('match', mate, a)).json.score)
    expect((await cliJson('match', b, a)).json.score).toBe(images.json.score)
  })

  it('draws both prints side by side', async () => {
    const overlay = join(folder, 'pairs.png')
    const { json } = await cliJson('match', first, mate, '--overlay', overlay)
    expect(json.written).toEqual({ overlay })
    expect(json.pairs.length).toBeGreaterThan(5)
    const drawn = await sharp(overlay).metadata()
    const widths = await Promise.all([first, mate].map(async file => (await sharp(file).metadata()).width))
    expect(drawn.width).toBe(2 * (widths[0] + widths[1]) + 24)
  })

  it('says in words what it decided', async () => {
    expect((await cli('match', first, mate)).stdout).toMatch(/^score [\d.]+: the same finger \(threshold 40\)\n/)
    expect((await cli('match', first, stranger)).stdout).toMatch(/^score [\d.]+: not the same finger/)
  })
})
