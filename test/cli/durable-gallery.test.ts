import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const parent = temporaryFolder()
const folder = join(parent, 'residents')

beforeAll(async () => {
  const engine = await createEngine({ threads: 1 })
  const gallery = await engine.openDurableGallery(folder, { create: true })
  for (const finger of [101, 102, 103]) {
    const { template } = await engine.extract(readFileSync(printFile(`${finger}_1`)))
    await gallery.insert(`resident ${finger}`, template)
  }
  await gallery.remove('resident 102')
  await gallery.close()
  await engine.close()
})

describe('sidik on a durable gallery', () => {
  it('searches its folder as a gallery, and says what it holds', async () => {
    const found = await cliJson('identify', printFile('103_3'), '--gallery', folder)
    expect(found.exitCode).toBe(0)
    expect(found.json.candidates[0].id).toBe('resident 103')
    expect(found.json.searched).toBe(2)
    const { json } = await cliJson('gallery', 'info', folder, '--ids')
    expect(json).toMatchObject({ file: folder, prints: 2, ids: ['resident 101', 'resident 103'] })
    expect(json.bytes).toBeGreaterThan(1_000)
  })

  it('verifies and compacts it', async () => {
    expect(await cli('gallery', 'verify', folder)).toMatchObject({
      exitCode: 0,
      stdout: `${folder}: 2 prints, whole\n`,
    })
    const { exitCode, json } = await cliJson('gallery', 'compact', folder)
    expect([exitCode, json.prints, json.damage, json.kept]).toEqual([0, 2, [], []])
    expect(json.bytes).toBeLessThan(json.bytesBefore)
    expect(readdirSync(folder).sort()).toEqual([
      'length-000002.sidiklength',
      'sidik-gallery',
      'snapshot-000002.sidikgal',
      'tail-000002.sidiktail',
    ])
    expect((await cli('gallery', 'verify', folder)).exitCode).toBe(0)
  })

  it('reports damage with its place, and goes on without it only when told to', async () => {
    const snapshot = join(folder, 'snapshot-000002.sidikgal')
    const bytes = readFileSync(snapshot)
    bytes[500] ^= 1
    writeFileSync(snapshot, bytes)
    const { exitCode, json } = await cliJson('gallery', 'verify', folder)
    expect([exitCode, json.prints]).toEqual([3, 0])
    expect(json.damage).toEqual([
      {
        file: 'snapshot-000002.sidikgal',
        offsetBytes: 32,
        bytes: bytes.length - 48,
        reason: 'block 1, 2 templates: the CRC does not fit the bytes',
      },
    ])
    const words = (await cli('gallery', 'verify', folder)).stdout
    expect(words).toContain('0 prints, 1 damaged place\n  snapshot-000002.sidikgal, byte 32, ')
    for (const args of [
      ['gallery', 'compact', folder],
      ['gallery', 'info', folder],
    ]) {
      const { exitCode, stderr } = await cli(...args)
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('GALLERY_CORRUPT')])
    }
    const skipped = await cliJson('gallery', 'compact', folder, '--skip-damaged')
    expect([skipped.exitCode, skipped.json.kept]).toEqual([0, ['snapshot-000002.sidikgal.damaged']])
    const after = await cliJson('gallery', 'verify', folder)
    expect([after.exitCode, after.json.kept]).toEqual([0, ['snapshot-000002.sidikgal.damaged']])
  })

  it('says what it is not', async () => {
    expect((await cli('gallery', 'verify', parent)).stderr).toContain('GALLERY_FORMAT')
    expect((await cli('gallery', 'compact', parent)).stderr).toContain('GALLERY_FORMAT')
    expect((await cli('gallery', 'verify', join(parent, 'absent'))).stderr).toContain('FILE_UNREADABLE')
    expect((await cli('gallery', 'verify', join(folder, 'sidik-gallery'))).stderr).toContain('GALLERY_FORMAT')
  })
})
