import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const good = printFile('101_1')

/** A PNG that claims this size: its header chunk ends at byte 33, the CRC of bytes 12 to 28 its last four. */
function pngClaiming(widthPx: number, heightPx: number): Buffer {
  const png = Buffer.from(readFileSync(good))
  png.writeUInt32BE(widthPx, 16)
  png.writeUInt32BE(heightPx, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

beforeAll(async () => {
  const png = readFileSync(good)
  const blank = { create: { width: 300, height: 300, channels: 3 as const, background: '#fff' } }
  writeFileSync(at('empty.png'), '')
  writeFileSync(at('cut.png'), png.subarray(0, png.length / 2))
  writeFileSync(at('huge.png'), pngClaiming(16_384, 16_384))
  writeFileSync(at('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>')
  writeFileSync(at('text.png'), 'This is not an image.')
  writeFileSync(at('blank.png'), await sharp(blank).withMetadata({ density: 500 }).png().toBuffer())
  writeFileSync(
    at('unknown-ppi.jpg'),
    await sharp(good).toColourspace('srgb').jpeg().withMetadata({ density: 72 }).toBuffer(),
  )
  mkdirSync(at('folder.png'))

  await cli('extract', good, '-o', at('good.sdkt'), '--iso', at('good.iso'))
  const template = readFileSync(at('good.sdkt'))
  writeFileSync(at('cut.sdkt'), template.subarray(0, template.length - 5))
  const flipped = Buffer.from(template)
  flipped[template.length >> 1] ^= 1
  writeFileSync(at('flipped.sdkt'), flipped)
  writeFileSync(at('magic.sdkt'), 'SDKT')
  writeFileSync(at('cut.iso'), readFileSync(at('good.iso')).subarray(0, 40))
})

const CASES: readonly [name: string, code: string][] = [
  ['missing.png', 'FILE_UNREADABLE'],
  ['folder.png', 'FILE_UNREADABLE'],
  ['empty.png', 'IMAGE_EMPTY'],
  ['cut.png', 'IMAGE_CORRUPT'],
  ['huge.png', 'IMAGE_TOO_LARGE'],
  ['drawing.svg', 'IMAGE_FORMAT'],
  ['text.png', 'IMAGE_FORMAT'],
  ['blank.png', 'NOT_A_FINGERPRINT'],
  ['unknown-ppi.jpg', 'PPI_UNKNOWN'],
  ['cut.sdkt', 'TEMPLATE_CORRUPT'],
  ['flipped.sdkt', 'TEMPLATE_CORRUPT'],
  ['magic.sdkt', 'TEMPLATE_FORMAT'],
  ['cut.iso', 'RECORD_CORRUPT'],
]

describe('a file that cannot be used', () => {
  it.each(CASES)('%s: exit code 3, %s, one line that names the file', async (name, code) => {
    const { exitCode, json, stderr } = await cliJson('extract', at(name))
    expect(exitCode).toBe(3)
    expect(json.error.code).toBe(code)
    expect(json.error.message).toContain(name)
    expect(stderr).toBe(`sidik: ${code}: ${json.error.message}\n`)
    expect(json.error.message).not.toContain('\n')
  })

  it('prints nothing on stdout unless JSON is asked for', async () => {
    const { exitCode, stdout, stderr } = await cli('match', good, at('empty.png'))
    expect([exitCode, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^sidik: IMAGE_EMPTY: .*empty\.png.*\n$/)
  })

  it.each(['0', '72', '-500', '1e9'])('a resolution of %s is refused', async ppi => {
    const { exitCode, json } = await cliJson('extract', good, '--ppi', ppi)
    expect([exitCode, json.error.code]).toEqual([3, 'PPI_OUT_OF_RANGE'])
  })

  it('hides control characters in names from the terminal', async () => {
    const { stderr } = await cli('extract', at('\u001b[2Jno\u009bsuch.png'))
    expect(stderr).toMatch(/FILE_UNREADABLE.*\?\[2Jno\?such\.png/)
  })
})

describe('a gallery that cannot be used', () => {
  beforeAll(async () => {
    mkdirSync(at('prints'))
    writeFileSync(at('prints/one.sdkt'), readFileSync(at('good.sdkt')))
    mkdirSync(at('nothing'))
    await cli('gallery', 'build', at('prints'), '-o', at('good.gallery'))
    const gallery = readFileSync(at('good.gallery'))
    writeFileSync(at('cut.gallery'), gallery.subarray(0, gallery.length - 20))
    writeFileSync(at('text.gallery'), 'Not a gallery, however long this text may be.'.repeat(10))
  })

  it.each([
    ['cut.gallery', 'GALLERY_CORRUPT'],
    ['text.gallery', 'GALLERY_FORMAT'],
    ['missing.gallery', 'FILE_UNREADABLE'],
  ])('%s: %s', async (name, code) => {
    const info = await cliJson('gallery', 'info', at(name))
    expect([info.exitCode, info.json.error.code]).toEqual([3, code])
    expect(info.json.error.message).toContain(name)
    const search = await cliJson('identify', good, '--gallery', at(name))
    expect([search.exitCode, search.json.error.code]).toEqual([3, code])
  })

  it('a folder for a file, a file for a folder, a folder of nothing', async () => {
    expect((await cliJson('gallery', 'info', at('prints'))).json.error.code).toBe('GALLERY_FORMAT')
    expect((await cliJson('gallery', 'build', good, '-o', at('x'))).json.error.code).toBe('FILE_UNREADABLE')
    expect((await cliJson('gallery', 'build', at('nothing'), '-o', at('x'))).json.error.code).toBe('DATASET_FORMAT')
    expect((await cliJson('evaluate', at('nothing'))).json.error.code).toBe('DATASET_FORMAT')
    expect((await cliJson('evaluate-minutiae', at('nothing'))).json.error.code).toBe('DATASET_FORMAT')
  })
})

describe('a file that cannot be written', () => {
  it.each([
    ['extract', good, '-o'],
    ['extract', good, '--iso'],
    ['extract', good, '--overlay'],
    ['match', good, good, '--overlay'],
    ['gallery', 'build', folder, '-o'],
    ['evaluate', folder, '--plot'],
  ])('%s %s %s: says so before any work', async (...args) => {
    const { exitCode, json } = await cliJson(...args, at('no-such-folder/file'))
    expect([exitCode, json.error.code]).toEqual([3, 'FILE_UNWRITABLE'])
    expect(json.error.message).toContain('no-such-folder')
  })
})
