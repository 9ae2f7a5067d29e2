import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { synthesizeFinger, synthesizeImpression, writeSyntheticSet } from 'sidik/synthesize'
import { afterAll, describe, expect, it } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'sidik-synthesize-'))
afterAll(() => rmSync(directory, { recursive: true }))
const grays = async (path: string) => sharp(path).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })

describe('writeSyntheticSet', () => {
  it('writes images at 500 ppi, and the truth beside them in a folder of its own', async () => {
    const out = join(directory, 'set', 'inner')
    const progress: string[] = []
    await writeSyntheticSet(out, {
      fingers: 2,
      impressions: 2,
      seed: 4,
      truth: true,
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    })
    expect(readdirSync(out).sort()).toEqual(['101_1.png', '101_2.png', '102_1.png', '102_2.png', 'truth'])
    expect(
      readdirSync(join(out, 'truth'))
        .filter(name => name.startsWith('102_2.'))
        .sort(),
    ).toEqual(['102_2.contact.png', '102_2.json', '102_2.ridges.png'])
    expect(progress).toEqual(['1/4', '2/4', '3/4', '4/4'])

    const { image, truth } = synthesizeImpression(synthesizeFinger(4, 2), 2)
    const { data, info } = await grays(join(out, '102_2.png'))
    expect([info.width, info.height, info.channels]).toEqual([image.widthPx, image.heightPx, 1])
    expect(new Uint8Array(data)).toEqual(image.data)
    const metadata = await sharp(join(out, '102_2.png')).metadata()
    expect(metadata.density).toBe(500)
    // 500 ppi is 19,685 pixels a metre (PNG specification, 11.3.5.3).
    const png = readFileSync(join(out, '102_2.png'))
    expect(png.readUInt32BE(png.indexOf('pHYs') + 4)).toBe(19_685)

    const json = JSON.parse(readFileSync(join(out, 'truth', '102_2.json'), 'utf8'))
    expect(json.minutiae.length).toBe(truth.minutiae.length)
    expect(json.minutiae[0].xPx).toBeCloseTo(truth.minutiae[0].xPx, 1)
    expect(Object.keys(json.minutiae[0])).toEqual(['xPx', 'yPx', 'directionRad', 'type'])
    expect(json.orientation.orientationsRad.length).toBe(json.orientation.columns * json.orientation.rows)
    expect(json.orientation.orientationsRad).toContain(null)
    expect(new Uint8Array((await grays(join(out, 'truth', '102_2.ridges.png'))).data)).toEqual(truth.ridges.data)
  }, 20_000)

  it('writes no truth unless asked', async () => {
    const out = join(directory, 'bare')
    await writeSyntheticSet(out, { fingers: 1, impressions: 1, seed: 4, clean: true, sensor: 'optical' })
    expect(readdirSync(out)).toEqual(['101_1.png'])
  })

  it('stops when told to', async () => {
    const out = join(directory, 'stopped')
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const run = writeSyntheticSet(out, { fingers: 2, impressions: 2, seed: 4, onProgress, signal: stop.signal })
    await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(readdirSync(out)).toEqual(['101_1.png'])
  })

  it('names what it cannot write', async () => {
    writeFileSync(join(directory, 'file'), '')
    const run = writeSyntheticSet(join(directory, 'file'), { fingers: 1, impressions: 1, seed: 4 })
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE' }))
    await expect(run).rejects.toThrow('file')
  })

  it.each([
    ['fingers', { fingers: 0, impressions: 1, seed: 1 }],
    ['impressions', { fingers: 1, impressions: 1.5, seed: 1 }],
    ['seed', { fingers: 1, impressions: 1, seed: -1 }],
  ])('refuses bad %s', async (name, options) => {
    await expect(writeSyntheticSet(directory, options)).rejects.toThrow(RangeError)
    await expect(writeSyntheticSet(directory, options)).rejects.toThrow(name)
  })
})

describe('fixtures/prints', () => {
  it('are the 32 prints that examples and benchmarks were measured on, made by an earlier version of the generator', async () => {
    const fixtures = new URL('../../fixtures/prints/', import.meta.url)
    const names = readdirSync(fixtures)
      .filter(name => name.endsWith('.png'))
      .sort()
    expect(names.length).toBe(32)
    const hash = createHash('sha256')
    for (const name of names) hash.update((await grays(new URL(name, fixtures).pathname)).data)
    expect(hash.digest('hex')).toBe('97b477df5f3c6e9a76a3136d251c2b45e47e40bf1d103a9ebd1b49815cbf35bc')
  }, 20_000)
})
