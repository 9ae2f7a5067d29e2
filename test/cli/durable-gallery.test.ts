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

  it('reports a tail that was cut, with the numbers of what is lost', async () => {
    const cut = join(parent, 'cut')
    const engine = await createEngine({ threads: 1 })
    const gallery = await engine.openDurableGallery(cut, { create: true })
    const { template } = await engine.extract(readFileSync(printFile('101_1')))
    for (let i = 0; i < 10; i++) await gallery.insert(`${i}`, template)
    await gallery.close()
    await engine.close()
    const tail = join(cut, 'tail-000001.sidiktail')
    const bytes = readFileSync(tail)
    writeFileSync(tail, bytes.subarray(0, bytes.length / 2))
    const { exitCode, stdout } = await cli('gallery', 'verify', cut)
    expect(exitCode).toBe(3)
    const { json } = await cliJson('gallery', 'verify', cut)
    expect(json.damage[0].reason).toMatch(
      /^records \d+ to \d+ cannot be read: the file ends at byte \d+, it went to byte \d+$/,
    )
    expect(stdout).toContain(json.damage[0].reason)
    expect((await cli('gallery', 'info', cut)).stderr).toContain('GALLERY_CORRUPT')
  })

  it('says what it is not', async () => {
    expect((await cli('gallery', 'verify', parent)).stderr).toContain('GALLERY_FORMAT')
    expect((await cli('gallery', 'compact', parent)).stderr).toContain('GALLERY_FORMAT')
    expect((await cli('gallery', 'verify', join(parent, 'absent'))).stderr).toContain('FILE_UNREADABLE')
    expect((await cli('gallery', 'verify', join(folder, 'sidik-gallery'))).stderr).toContain('GALLERY_FORMAT')
  })
})

describe('sidik on a durable gallery with a key', () => {
  const sealed = join(parent, 'sealed')
  const keyFile = join(parent, 'key')
  const nextFile = join(parent, 'next-key')
  beforeAll(async () => {
    writeFileSync(keyFile, new Uint8Array(32).fill(5))
    writeFileSync(nextFile, new Uint8Array(32).fill(6))
    const engine = await createEngine({ threads: 1 })
    const gallery = await engine.openDurableGallery(sealed, { create: true, key: readFileSync(keyFile) })
    const { template } = await engine.extract(readFileSync(printFile('103_1')))
    await gallery.insert('resident 103', template)
    await gallery.compact()
    await gallery.insert('resident 103 again', template)
    await gallery.close()
    await engine.close()
  })

  it('verifies it with the key, and without says what was not looked into', async () => {
    const opened = await cliJson('gallery', 'verify', sealed, '--key-file', keyFile)
    expect([opened.exitCode, opened.json]).toEqual([
      0,
      { folder: sealed, prints: 2, isOpened: true, damage: [], kept: [] },
    ])
    const without = await cli('gallery', 'verify', sealed)
    expect(without.exitCode).toBe(0)
    expect(without.stdout).toMatch(/sealed, no damage found\n.*not what is sealed: for that give --key-file\n$/)
    const { json } = await cliJson('gallery', 'verify', sealed)
    expect([json.prints, json.isOpened]).toEqual([null, false])
    for (const name of readdirSync(sealed)) {
      const path = join(sealed, name)
      const bytes = readFileSync(path)
      writeFileSync(
        path,
        bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)),
      )
      const found = await cli('gallery', 'verify', sealed)
      expect([name, found.exitCode]).toEqual([name, 3])
      writeFileSync(path, bytes.subarray(0, -1))
      expect([name, (await cli('gallery', 'verify', sealed)).exitCode]).toEqual([name, 3])
      writeFileSync(path, bytes)
    }
  })

  it('searches, shows and compacts it with its key alone', async () => {
    const probe = printFile('103_3')
    const commands = [
      ['identify', probe, '--gallery', sealed],
      ['gallery', 'info', sealed],
      ['gallery', 'dedupe', sealed],
      ['gallery', 'compact', sealed],
    ]
    for (const command of commands) {
      expect((await cli(...command)).stderr).toContain('GALLERY_KEY')
      expect((await cli(...command, '--key-file', nextFile)).stderr).toContain('GALLERY_KEY')
      expect((await cli(...command, '--key-file', keyFile)).exitCode).toBe(0)
    }
    const rekeyed = await cli('gallery', 'compact', sealed, '--key-file', keyFile, '--new-key-file', nextFile)
    expect(rekeyed.exitCode).toBe(0)
    expect((await cli('gallery', 'verify', sealed, '--key-file', keyFile)).stderr).toContain('GALLERY_KEY')
    expect((await cliJson('gallery', 'verify', sealed, '--key-file', nextFile)).json.prints).toBe(2)
    writeFileSync(join(parent, 'short'), 'no key')
    expect((await cli('gallery', 'info', sealed, '--key-file', join(parent, 'short'))).stderr).toContain('has 6 bytes')
    expect((await cli('gallery', 'info', sealed, '--key-file', join(parent, 'none'))).stderr).toContain(
      'FILE_UNREADABLE',
    )
    expect((await cli('gallery', 'verify', folder, '--key-file', keyFile)).stderr).toContain('has no key')
    expect((await cli('identify', probe, '--gallery', parent, '--key-file', keyFile)).stderr).toContain('GALLERY_KEY')
  })
})
