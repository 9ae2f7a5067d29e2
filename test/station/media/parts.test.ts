/** The files of a bundle: what was written is whole or is no bundle; what was damaged is found, and where. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { inspectBundles } from 'sidik/station'
import { afterAll, describe, expect, it } from 'vitest'
import { signingKeyOf } from '../../../dist/station/identity.js'
import { ReadAllowance } from '../../../dist/station/media/bounds.js'
import { readManifestOf } from '../../../dist/station/media/bundle-manifest.js'
import { openBundle, sealBundle } from '../../../dist/station/media/bundle-stream.js'
import { findBundles } from '../../../dist/station/media/find-bundles.js'
import { encodeManifest } from '../../../dist/station/media/manifest.js'
import { newBundleId, temporaryName } from '../../../dist/station/media/names.js'
import { readBundle } from '../../../dist/station/media/part-reader.js'
import { CHUNK_BYTES, PartWriter } from '../../../dist/station/media/part-writer.js'
import { failingDisk, systemError } from '../../node/durable/failing-disk.js'
import { bytesOf, centre, kiosk, writeBundle } from './sealed-bundle.js'

const signingKey = signingKeyOf(kiosk)
const parent = mkdtempSync(join(tmpdir(), 'sidik-parts-'))
const mounted = join(parent, 'stick')
const hasStick = mountSmallStick()
afterAll(() => {
  if (hasStick) execFileSync('umount', [mounted])
  rmSync(parent, { recursive: true })
})

/** 1 MiB, where that may be done. */
function mountSmallStick(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  mkdirSync(mounted)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'sidik-test', mounted]).status === 0
}

let folders = 0
const newFolder = () => join(parent, `stick-${++folders}`)

const whole = { missing: [], damaged: [] }
const watch = { signal: undefined, onProgress: undefined, allowance: new ReadAllowance() }

describe('the files of a bundle', () => {
  it('give back what was sealed in them, however it is split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 900_000 }), fc.integer({ min: 1, max: 4 }), async (size, chunks) => {
        const message = bytesOf(size + 1)
        const { bundle, folder, files } = await writeBundle(newFolder(), [message], {
          partBytes: chunks * CHUNK_BYTES + 17,
        })
        const [contents] = await inspectBundles({ folder })
        const bytes = files.slice(1).reduce((sum, file) => sum + readFileSync(file).length, 0)
        const stated = { bundle, from: 'kiosk-1', to: 'centre', parts: files.length - 1, bytes }
        expect(contents).toEqual({ ...stated, ...whole })
        const { manifest } = await readManifestOf((await findBundles({ folder }))[0], watch)
        const opened = openBundle(bundle, readBundle(files.slice(1), manifest!), centre.openingKey, 1e6)
        for await (const found of opened) expect(Buffer.from(found).equals(message)).toBe(true)
      }),
      { numRuns: 12 },
    )
  })

  it('show a bit that was flipped in any of them, and where', async () => {
    const { folder, files } = await writeBundle(newFolder(), [bytesOf(600_000)])
    expect(files.length).toBe(1 + 3)
    const sizes = files.map(file => readFileSync(file).length)
    const all = sizes.reduce((sum, size) => sum + size)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: all * 8 - 1 }), async bit => {
        let at = bit >> 3
        let number = 0
        while (at >= sizes[number]) at -= sizes[number++]
        const sound = readFileSync(files[number])
        const altered = Buffer.from(sound)
        altered[at] ^= 1 << (bit & 7)
        writeFileSync(files[number], altered)
        const [{ damaged, missing, error }] = await inspectBundles({ folder })
        writeFileSync(files[number], sound)
        expect(missing).toEqual([])
        if (error !== undefined)
          return void expect([number, error.message]).toEqual([0, expect.stringMatching(/bytes 0 to 7/)])
        expect(damaged.length).toBe(1)
        const [{ file, part, offset, bytes }] = damaged
        expect([file, part]).toEqual([files[number], number === 0 ? undefined : number])
        expect(offset).toBeLessThanOrEqual(at)
        expect(offset + bytes).toBeGreaterThan(at)
        expect(bytes).toBeLessThanOrEqual(CHUNK_BYTES)
      }),
      { numRuns: 60 },
    )
    expect(await inspectBundles({ folder })).toMatchObject([whole])
  })

  it('show what is cut short, too long, missing, or another', async () => {
    const { bundle, folder, files } = await writeBundle(newFolder(), [bytesOf(1_200_000)], {
      partBytes: 2 * CHUNK_BYTES,
    })
    const [, one, two] = files
    const look = async () => (await inspectBundles({ folder })).find(found => found.bundle === bundle)!
    const withChange = async (file: string, change: () => void) => {
      const sound = readFileSync(file)
      change()
      const found = await look()
      writeFileSync(file, sound)
      return found
    }
    expect((await withChange(two, () => truncateSync(two, 300_000))).damaged).toEqual([
      { file: two, part: 2, offset: 262_144, bytes: 262_144, what: 'is missing: the file is cut short' },
    ])
    expect((await withChange(two, () => truncateSync(two, 0))).damaged).toMatchObject([{ offset: 0, bytes: 524_288 }])
    const longer = await withChange(one, () => writeFileSync(one, Buffer.alloc(9), { flag: 'a' }))
    expect(longer.damaged).toEqual([{ file: one, part: 1, offset: 524_288, bytes: 9, what: 'does not belong there' }])
    expect((await withChange(two, () => rmSync(two))).missing).toEqual([basename(two)])
    expect((await withChange(files[0], () => rmSync(files[0]))).missing).toEqual([`${bundle}.sidik`])
    const swapped = await withChange(two, () => copyFileSync(one, two))
    expect(swapped.damaged).toMatchObject([
      { part: 2, what: `was altered: it begins as part 1 of bundle ${bundle} does` },
    ])
    const other = await writeBundle(folder, [bytesOf(300_000, 5)])
    const mixed = await withChange(one, () => copyFileSync(other.files[1], one))
    expect(mixed.damaged.slice(0, 1)).toMatchObject([
      { part: 1, what: `was altered: it begins as part 1 of bundle ${other.bundle} does` },
    ])
    const found = (await inspectBundles({ folder })).map(each => each.bundle)
    expect(found).toEqual([bundle, other.bundle].sort())
    for (const file of other.files) rmSync(file)
    renameSync(files[0], join(folder, '2222222222222222.sidik'))
    expect(await inspectBundles({ folder })).toMatchObject([
      { bundle: '2222222222222222', damaged: [{ offset: 12, bytes: 16, what: expect.stringContaining(bundle) }] },
      { bundle, missing: [`${bundle}.sidik`] },
    ])
  })

  it('may be spread over several sticks, and of several copies a sound one is taken', async () => {
    const { folder, files, bundle } = await writeBundle(newFolder(), [bytesOf(600_000)])
    const [second, third] = [newFolder(), newFolder()]
    mkdirSync(second)
    mkdirSync(third)
    renameSync(files[2], join(second, basename(files[2])))
    for (const file of [files[0], files[1]]) copyFileSync(file, join(third, basename(file)))
    writeFileSync(files[1], 'not what it was')
    writeFileSync(files[0], 'not what it was')
    expect(await inspectBundles({ folder: [folder, second, third] })).toMatchObject([{ bundle, parts: 3, ...whole }])
    expect(await inspectBundles({ folder: [folder, third] })).toMatchObject([
      { missing: [basename(files[2])], damaged: [] },
    ])
    const some = [join(third, basename(files[0])), join(second, basename(files[2]))]
    expect(await inspectBundles({ files: some })).toMatchObject([
      { missing: [basename(files[1]), basename(files[3])], damaged: [] },
    ])
  })

  it('of which one is no bundle by its name are refused, and places must be given', async () => {
    await expect(inspectBundles({ files: ['/tmp/foto.jpg'] })).rejects.toMatchObject({ code: 'BUNDLE_FORMAT' })
    await expect(inspectBundles({ folder: join(parent, 'none') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(inspectBundles({})).rejects.toThrow(TypeError)
    await expect(inspectBundles({ folders: 'x' } as never)).rejects.toThrow(/did you mean 'folder'/)
  })
})

describe('a bundle that is being written', () => {
  /** All calls that change something, to let each fail once. */
  async function attempt(folder: string, before: (call: string, at: number) => Error | undefined) {
    mkdirSync(folder, { recursive: true })
    const files = failingDisk({ before })
    const bundle = newBundleId()
    const writer = new PartWriter({ folder, station: kiosk.id, bundle, partBytes: CHUNK_BYTES, files })
    try {
      const sealed = sealBundle(bundle, [bytesOf(300_000)], await identityToRecipient(centre.openingKey))
      for await (const piece of sealed) await writer.write(piece)
      await writer.finish(parts =>
        encodeManifest({ bundle, from: kiosk.id, to: centre.id, chunkBytes: CHUNK_BYTES, parts }, signingKey),
      )
    } catch (error) {
      await writer.discard()
      return { error, calls: files.calls }
    }
    return { calls: files.calls }
  }

  it('leaves nothing when the disk fails, at whatever call', async () => {
    const { calls } = await attempt(newFolder(), () => undefined)
    expect(calls.length).toBeGreaterThan(12)
    for (let at = 0; at < calls.length; at++) {
      const folder = newFolder()
      const { error } = await attempt(folder, (_, i) => (i === at ? systemError('EIO') : undefined))
      if (error === undefined) expect.fail(`${calls[at]} failed, and nothing was said`)
      expect(error).toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(folder) })
      // Of the last call, the folder's, the names are there already; they are taken back like all others.
      expect(readdirSync(folder), calls[at]).toEqual([])
    }
  })

  it('leaves nothing that is taken for whole when the stick is pulled out, and the next one cleans up', async () => {
    const { calls } = await attempt(newFolder(), () => undefined)
    for (let at = 0; at < calls.length - 1; at++) {
      const folder = newFolder()
      await attempt(folder, (_, i) => (i >= at ? systemError('ENODEV') : undefined))
      for (const contents of await inspectBundles({ folder }))
        expect(contents.missing.length, calls[at]).toBeGreaterThan(0)
      const other = join(folder, temporaryName('kiosk-2', newBundleId(), 1))
      writeFileSync(other, 'of another station')
      const writer = new PartWriter({ folder, station: kiosk.id, bundle: newBundleId(), partBytes: CHUNK_BYTES })
      await writer.clean()
      const left = readdirSync(folder).filter(name => name.endsWith('.tmp'))
      expect(left, calls[at]).toEqual([basename(other)])
    }
  })

  it.skipIf(!hasStick)('to a stick without room says so, and leaves it as it was', async () => {
    const sealTo = await identityToRecipient(centre.openingKey)
    const bundle = newBundleId()
    const writer = new PartWriter({ folder: mounted, station: kiosk.id, bundle, partBytes: CHUNK_BYTES })
    const writing = (async () => {
      for await (const piece of sealBundle(bundle, [bytesOf(2_000_000)], sealTo)) await writer.write(piece)
    })()
    await expect(writing).rejects.toMatchObject({ code: 'MEDIA_FULL', message: expect.stringContaining(mounted) })
    await writer.discard()
    expect(readdirSync(mounted)).toEqual([])
    expect((await writeBundle(mounted, [bytesOf(200_000)])).files.length).toBe(2)
  })
})
