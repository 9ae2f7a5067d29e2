/** Templates of the network before, made again from their images. The fixture: what it made of eight fixture prints. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { decodeTemplate } from 'sidik/formats'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadNetwork } from '../../dist/node/network-file.js'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const OLDER = new URL('../../fixtures/galleries/network-2.sidikgal', import.meta.url).pathname
const IDS = [1, 2, 3, 4, 5, 6, 7, 8].map(finger => `10${finger}_1`)

const parent = temporaryFolder()
const [images, file, durable] = ['images', 'older.sidikgal', 'durable'].map(name => join(parent, name))

beforeEach(async () => {
  for (const path of [images, durable]) rmSync(path, { recursive: true, force: true })
  mkdirSync(images)
  for (const id of IDS) copyFileSync(printFile(id), join(images, `${id}.png`))
  copyFileSync(OLDER, file)
})

/** Network versions in the gallery, by id. */
async function versionsIn(path: string, isDurable = false): Promise<Record<string, number>> {
  const engine = await createEngine({ threads: 1 })
  const gallery = isDurable ? await engine.openDurableGallery(path, { readOnly: true }) : await engine.openGallery(path)
  const versions = gallery.ids().map(id => [id, decodeTemplate(gallery.get(id)!).learnedCodes!.networkVersion])
  await engine.close()
  return Object.fromEntries(versions)
}

describe('sidik gallery re-extract', () => {
  it('makes templates of another network again, and the next time finds none', async () => {
    expect(new Set(Object.values(await versionsIn(file)))).not.toContain(loadNetwork().version)
    writeFileSync(join(images, '101_1.txt'), 'what is beside an image is none')
    const first = await cliJson('gallery', 're-extract', file, '--images', images)
    expect([first.exitCode, first.json]).toEqual([0, { gallery: file, prints: 8, older: 8, remade: 8, kept: [] }])
    const versions = await versionsIn(file)
    expect([Object.keys(versions).sort(), new Set(Object.values(versions))]).toEqual([
      IDS,
      new Set([loadNetwork().version]),
    ])
    const before = readFileSync(file)
    const again = await cliJson('gallery', 're-extract', file, '--images', images)
    expect([again.exitCode, again.json.older]).toEqual([0, 0])
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('leaves a template as it was without an image, with a bad one, or with one of another finger', async () => {
    rmSync(join(images, '101_1.png'))
    writeFileSync(join(images, '102_1.png'), 'no image')
    copyFileSync(printFile('104_1'), join(images, '103_1.png'))
    await cli('extract', printFile('105_1'), '-o', join(images, '105_1.sdkt'))
    rmSync(join(images, '105_1.png'))
    const { exitCode, json } = await cliJson('gallery', 're-extract', file, '--images', images, '--threads', '1')
    expect([exitCode, json.older, json.remade]).toEqual([1, 8, 4])
    expect(json.kept.map(({ id, code }: { id: string; code: string }) => [id, code])).toEqual([
      ['101_1', 'NO_IMAGE'],
      ['102_1', 'IMAGE_FORMAT'],
      ['103_1', 'OTHER_FINGER'],
      ['105_1', 'NO_IMAGE'],
    ])
    const isOlder = Object.entries(await versionsIn(file)).filter(([, version]) => version !== loadNetwork().version)
    expect(isOlder.map(([id]) => id)).toEqual(['101_1', '102_1', '103_1', '105_1'])
  })

  it('changes a durable gallery print by print, with images in folders', async () => {
    const engine = await createEngine({ threads: 1 })
    const older = await engine.openGallery(OLDER)
    const gallery = await engine.openDurableGallery(durable, { create: true })
    for (const id of ['101_1', '102_1']) await gallery.insert(`office/${id}`, older.get(id)!)
    await gallery.close()
    await engine.close()
    cpSync(images, join(parent, 'deeper', 'office'), { recursive: true })
    const { exitCode, stdout } = await cli('gallery', 're-extract', durable, '--images', join(parent, 'deeper'))
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('2 made again, 0 as they were')])
    expect(new Set(Object.values(await versionsIn(durable, true)))).toEqual(new Set([loadNetwork().version]))
  })

  it('says what is no gallery, no folder, or two images of one id', async () => {
    const codeOf = async (...args: string[]) => {
      const { exitCode, json } = await cliJson('gallery', 're-extract', ...args)
      return [exitCode, json.error.code]
    }
    expect(await codeOf(images, '--images', images)).toEqual([3, 'GALLERY_FORMAT'])
    expect(await codeOf(file, '--images', join(parent, 'nothing'))).toEqual([3, 'FILE_UNREADABLE'])
    copyFileSync(printFile('101_2'), join(images, '101_1.bmp'))
    expect(await codeOf(file, '--images', images)).toEqual([3, 'ID_EXISTS'])
    expect(readFileSync(file).equals(readFileSync(OLDER))).toBe(true)
  })
})
