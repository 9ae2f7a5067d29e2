import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const file = printFile('101_1')

describe('sidik extract', () => {
  it('reports minutiae, quality and time as JSON', async () => {
    const { exitCode, json, stderr } = await cliJson('extract', file)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(json).toMatchObject({ file, kind: 'image', sourcePpi: 500, written: {} })
    expect(json.quality.score).toBeGreaterThan(0)
    expect(json.quality.reasons).toBeInstanceOf(Array)
    expect(json.quality.ridgeAreaMm2).toBeGreaterThan(50)
    expect(json.extractMs).toBeGreaterThan(0)
    expect(json.minutiae.length).toBeGreaterThan(15)
    for (const { xPx, yPx, directionRad, type } of json.minutiae) {
      expect(xPx).toBeGreaterThanOrEqual(0)
      expect(xPx).toBeLessThan(json.widthPx)
      expect(yPx).toBeLessThan(json.heightPx)
      expect(directionRad).toBeLessThan(2 * Math.PI)
      expect(['ridge-ending', 'bifurcation', 'other']).toContain(type)
    }
  })

  it('writes template, record and overlay, and reads the first two back', async () => {
    const [output, iso, overlay] = ['a.sdkt', 'a.iso', 'a.png'].map(name => join(folder, name))
    const { exitCode, json } = await cliJson('extract', file, '-o', output, '--iso', iso, '--overlay', overlay)
    expect(exitCode).toBe(0)
    expect(json.written).toEqual({ template: output, iso, overlay })
    expect(readdirSync(folder).sort()).toEqual(['a.iso', 'a.png', 'a.sdkt'])
    expect(readFileSync(output).subarray(0, 4).toString()).toBe('SDKT')
    expect(readFileSync(iso).subarray(0, 4).toString()).toBe('FMR\0')

    const native = await cliJson('extract', output)
    expect(native.json.kind).toBe('template')
    expect(native.json.minutiae).toEqual(json.minutiae)
    const record = await cliJson('extract', iso)
    expect(record.json.kind).toBe('minutiae-record')
    const places = (from: typeof json) => from.minutiae.map((m: { xPx: number; yPx: number }) => [m.xPx, m.yPx])
    expect(record.json.minutiae.length).toBe(json.minutiae.length)
    for (const [index, [x, y]] of places(record.json).entries()) {
      expect(Math.hypot(x - json.minutiae[index].xPx, y - json.minutiae[index].yPx)).toBeLessThan(2)
    }
  })

  it('draws every minutia where it is, in colour on a gray print', async () => {
    const overlay = join(folder, 'drawn.png')
    const { json } = await cliJson('extract', file, '--overlay', overlay)
    const { data, info } = await sharp(overlay).raw().toBuffer({ resolveWithObject: true })
    const original = await sharp(file).metadata()
    expect(info.width).toBe(2 * original.width)
    expect(info.height).toBeGreaterThan(2 * original.height)
    const colourful = (x: number, y: number) => {
      const at = (y * info.width + x) * info.channels
      return Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]) > 60
    }
    for (const { xPx, yPx } of json.minutiae) {
      expect(colourful(Math.max(0, 2 * xPx + 1 - 6), 2 * yPx + 1), `at ${xPx}, ${yPx}`).toBe(true)
    }
    let coloured = 0
    for (let y = 0; y < 2 * original.height; y++) for (let x = 0; x < info.width; x++) if (colourful(x, y)) coloured++
    expect(coloured).toBeLessThan(json.minutiae.length * 400)
  })

  it('reads as text without JSON', async () => {
    const { exitCode, stdout, stderr } = await cli('extract', file)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/101_1\.png: \d+ minutiae, quality \d+ of 100/)
  })

  it('takes the resolution that is given over that of the file', async () => {
    const { json } = await cliJson('extract', file, '--ppi', '550')
    const { width } = await sharp(file).metadata()
    expect(json.sourcePpi).toBe(550)
    expect(Math.abs(json.widthPx - (width * 500) / 550)).toBeLessThanOrEqual(1)
  })
})
