/**
 * Hostile files on a stick, under a bundle's names: nothing waits, nothing grows, and the file is
 * named.
 */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { exportBundle, importBundle, inspectBundles, type Station } from 'sidik/station'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleOfTemporary, newBundleId, temporaryName } from '../../../dist/station/media/names.js'
import { CHUNK_BYTES, PartWriter } from '../../../dist/station/media/part-writer.js'
import { type Pair, pairIn, record, recordsIn } from './stations.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-hostile-'))
const servers: Server[] = []
let pair: Pair
/** A bundle of the kiosk in three parts, of which copies are made. */
let sound: string

let folders = 0
function newFolder(): string {
  const folder = join(parent, `f${++folders}`)
  mkdirSync(folder)
  return folder
}

beforeAll(async () => {
  pair = await pairIn(newFolder())
  record(pair.kiosk, [3_000, 600_000])
  sound = newFolder()
  await exportBundle(pair.kiosk, { to: 'centre', folder: sound, partBytes: CHUNK_BYTES })
})
afterAll(async () => {
  for (const server of servers) server.close()
  for (const station of [pair.kiosk, pair.centre] as Station[]) await station.close()
  rmSync(parent, { recursive: true })
})

/** A stick with a whole bundle; its files, the manifest first. */
function soundStick(): { folder: string; files: string[] } {
  const folder = newFolder()
  const names = readdirSync(sound).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  for (const name of names) copyFileSync(join(sound, name), join(folder, name))
  return { folder, files: names.map(name => join(folder, name)) }
}

/** Things that can lie under a file's name, and what the report calls each. */
const STRANGE: Record<string, { readonly told: string; put(path: string): void | Promise<void> }> = {
  'a FIFO': { told: 'a FIFO', put: path => void execFileSync('mkfifo', [path]) },
  'a folder': { told: 'a folder', put: path => mkdirSync(path) },
  'a link to /dev/zero': { told: 'a symbolic link', put: path => symlinkSync('/dev/zero', path) },
  'a link to a FIFO': {
    told: 'a symbolic link',
    put: path => {
      const fifo = join(newFolder(), 'fifo')
      execFileSync('mkfifo', [fifo])
      symlinkSync(fifo, path)
    },
  },
  'a link to nothing': { told: 'a symbolic link', put: path => symlinkSync('/none/such', path) },
  'a socket': {
    told: 'a socket',
    put: path =>
      new Promise(resolve => {
        const server = createServer().listen(path, resolve)
        servers.push(server)
      }),
  },
}
if (process.getuid?.() === 0) {
  STRANGE['a device'] = { told: 'a device', put: path => void execFileSync('mknod', [path, 'c', '1', '5']) }
}

describe.skipIf(process.platform === 'win32')('on a stick', () => {
  describe.each(Object.entries(STRANGE))('%s', (_, { told, put }) => {
    it.each([
      ['the manifest', 0],
      ['a part', 2],
    ])('in the place of %s is named, and keeps nothing else back', async (_, which) => {
      const { folder, files } = soundStick()
      rmSync(files[which])
      await put(files[which])
      const error = {
        code: 'FILE_UNREADABLE',
        message: expect.stringMatching(new RegExp(`${basename(files[which])} is ${told}, not a regular file`)),
      }
      expect(await inspectBundles({ folder })).toMatchObject([{ error }])
      const before = recordsIn(pair.centre).size
      const { imported, failed } = await importBundle(pair.centre, { folder })
      expect([imported, failed]).toMatchObject([[], [{ error }]])
      expect(recordsIn(pair.centre).size).toBe(before)
    })
  })

  it('a link to a file outside gives nothing of that file', async () => {
    const { folder, files } = soundStick()
    const outside = join(newFolder(), 'outside')
    copyFileSync(files[1], outside)
    rmSync(files[1])
    symlinkSync(outside, files[1])
    expect(await inspectBundles({ folder })).toMatchObject([{ error: { code: 'FILE_UNREADABLE' } }])
  })

  it('what cannot be read in the place of one copy leaves the other to be taken', async () => {
    const { folder, files } = soundStick()
    const second = newFolder()
    for (const file of files) execFileSync('mkfifo', [join(second, basename(file))])
    expect(await inspectBundles({ folder: [folder, second] })).toMatchObject([{ missing: [], damaged: [] }])
    expect(await inspectBundles({ folder: [second, folder] })).toMatchObject([{ missing: [], damaged: [] }])
    expect((await inspectBundles({ folder: [second, folder] }))[0].error).toBeUndefined()
  })
})

/**
 * A manifest that states so many bytes in parts of so many, and of which nothing but the header is
 * there.
 */
function hollowManifest(
  path: string,
  { parts, allBytes, sizeBytes }: Record<'parts' | 'allBytes' | 'sizeBytes', number>,
) {
  const head = Buffer.alloc(176)
  head.write('SIDIKBDL')
  head.writeUInt16LE(1, 8)
  head.write(basename(path).slice(0, 16), 12)
  head.write('kiosk-1', 28)
  head.write('centre', 92)
  head.writeUInt32LE(CHUNK_BYTES, 156)
  head.writeUInt32LE(parts, 160)
  head.writeBigUInt64LE(BigInt(allBytes), 164)
  head.writeUInt32LE(crc32(head.subarray(0, 172)), 172)
  writeFileSync(path, head)
  truncateSync(path, sizeBytes)
}

/** Bytes that chunk hashes of nearly 64 MiB account for. */
const LARGEST = { parts: 128, allBytes: 500 * 2 ** 30, sizeBytes: 60 * 2 ** 20 }

const manifestIn = (folder: string) => join(folder, `${newBundleId()}.sidik`)

describe('a manifest', () => {
  it('of terabytes, or of more than its header accounts for, is not read', async () => {
    const folder = newFolder()
    const path = manifestIn(folder)
    hollowManifest(path, { parts: 1, allBytes: 1_000, sizeBytes: 4 * 2 ** 40 })
    expect(await inspectBundles({ folder })).toMatchObject([
      { damaged: [{ file: path, what: 'has bytes behind its end' }] },
    ])
    hollowManifest(path, { parts: 1, allBytes: 1_000, sizeBytes: 60 * 2 ** 20 })
    expect(await inspectBundles({ folder })).toMatchObject([
      { damaged: [{ file: path, offset: 320, what: 'has bytes behind its end' }] },
    ])
    hollowManifest(path, { parts: 65_535, allBytes: 2 ** 53, sizeBytes: 1_000 })
    expect(await inspectBundles({ folder })).toMatchObject([{ error: { code: 'BUNDLE_FORMAT' } }])
  })

  it.skipIf(process.platform !== 'linux')('is read alone: no two are open at a time', async () => {
    const folder = newFolder()
    for (let i = 0; i < 6; i++) hollowManifest(manifestIn(folder), LARGEST)
    const open: number[] = []
    await whileSampling(
      () => inspectBundles({ folder }),
      () => open.push(openFilesIn(folder)),
    )
    expect(open.some(count => count > 0)).toBe(true)
    expect(Math.max(...open)).toBe(1)
  })

  it.skipIf(process.platform !== 'linux')('that is being read is left when the signal is aborted', async () => {
    const folder = newFolder()
    for (let i = 0; i < 6; i++) hollowManifest(manifestIn(folder), LARGEST)
    for (const call of [
      (signal: AbortSignal) => inspectBundles({ folder, signal }),
      (signal: AbortSignal) => importBundle(pair.centre, { folder, signal }),
    ]) {
      const aborter = new AbortController()
      const reason = new Error('enough')
      const work = whileSampling<unknown>(
        () => call(aborter.signal),
        () => openFilesIn(folder) > 0 && aborter.abort(reason),
      )
      await expect(work).rejects.toBe(reason)
    }
  })

  it('or part that is not there is listed a thousand times and counted after that', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, `${newBundleId()}.1of65535.sidik`), 'x')
    const [{ missing, unlisted }] = await inspectBundles({ folder })
    expect([missing.length, unlisted]).toEqual([1_001, 65_534 - 1_000])
  })
})

/** Calls `look` at every turn of the loop while `work` goes on. */
async function whileSampling<T>(work: () => Promise<T>, look: () => void): Promise<T> {
  let isDone = false
  const next = () => {
    if (isDone) return
    look()
    setImmediate(next)
  }
  setImmediate(next)
  try {
    return await work()
  } finally {
    isDone = true
  }
}

function openFilesIn(folder: string): number {
  const targets = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return targets.filter(target => target.startsWith(`${folder}/`)).length
}

describe('a part', () => {
  it('of terabytes is read no further than the manifest says', async () => {
    const { folder, files } = soundStick()
    const at = statSync(files[1]).size
    truncateSync(files[1], 8 * 2 ** 40)
    expect(await inspectBundles({ folder })).toMatchObject([
      { damaged: [{ file: files[1], offset: at, bytes: 8 * 2 ** 40 - at, what: 'does not belong there' }] },
    ])
  })

  it('that grows or shrinks while it is read gives an end, and never a bundle that is not whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * CHUNK_BYTES }), { maxLength: 6 }), async sizes => {
        const { folder, files } = soundStick()
        const whole = readFileSync(files[1])
        const left = [...sizes]
        const onProgress = () => {
          const size = left.shift()
          if (size !== undefined) truncateSync(files[1], size)
        }
        const [found] = await inspectBundles({ folder, onProgress })
        if (sizes.length === 0) expect(found).toMatchObject({ damaged: [] })
        const now = readFileSync(files[1])
        const [again] = await inspectBundles({ folder })
        expect(again.damaged.length === 0).toBe(now.equals(whole))
      }),
      { numRuns: 20 },
    )
  })
})

describe('a folder', () => {
  it('of more names than are looked at says so, also where none is a bundle, and can be exported into', async () => {
    const folder = newFolder()
    for (let i = 0; i <= 131_072; i++) closeSync(openSync(join(folder, `n${i}`), 'w'))
    const error = { code: 'FILE_UNREADABLE', message: expect.stringContaining('more than 131072 names') }
    await expect(inspectBundles({ folder })).rejects.toMatchObject(error)
    await expect(importBundle(pair.centre, { folder })).rejects.toMatchObject(error)
    expect((await exportBundle(pair.kiosk, { to: 'centre', folder })).files.length).toBeGreaterThan(1)
  }, 60_000)

  it('of more bundles than are looked at says so', async () => {
    const folder = newFolder()
    for (let i = 0; i <= 4_096; i++) writeFileSync(manifestIn(folder), '')
    await expect(inspectBundles({ folder })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  it('is left in the middle of its names when the signal is aborted', async () => {
    const folder = newFolder()
    for (let i = 0; i < 3_000; i++) writeFileSync(join(folder, `n${i}`), '')
    const aborter = new AbortController()
    const reason = new Error('enough')
    const work = inspectBundles({ folder, signal: aborter.signal })
    aborter.abort(reason)
    await expect(work).rejects.toBe(reason)
  })
})

describe.skipIf(process.platform === 'win32')('an export', () => {
  it('onto a stick where strange things have the names of what is left over goes on', async () => {
    const folder = newFolder()
    const strange = Object.values(STRANGE)
    for (const [i, { put }] of strange.entries()) await put(join(folder, temporaryName('kiosk-1', newBundleId(), i)))
    const { files } = await exportBundle(pair.kiosk, { to: 'centre', folder })
    const left = readdirSync(folder).filter(name => bundleOfTemporary(name, 'kiosk-1') !== undefined)
    // A folder is not removed: it may hold anything.
    expect(left.map(name => statSync(join(folder, name)).isDirectory())).toEqual([true])
    expect(await inspectBundles({ folder })).toMatchObject([{ missing: [], damaged: [], parts: files.length - 1 }])
  })

  it.each(Object.entries(STRANGE))(
    'neither opens nor follows %s that has a name that it writes',
    async (_, { put }) => {
      const folder = newFolder()
      const bundle = newBundleId()
      const path = join(folder, temporaryName('kiosk-1', bundle, 1))
      await put(path)
      const writer = new PartWriter({ folder, station: 'kiosk-1', bundle, partBytes: CHUNK_BYTES })
      await expect(writer.write(new Uint8Array(CHUNK_BYTES))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
      await writer.discard()
      expect(readdirSync(folder)).toEqual([basename(path)])
    },
  )

  it('makes files that their owner alone reads, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const folder = newFolder()
      const { files } = await exportBundle(pair.kiosk, { to: 'centre', folder })
      expect(files.map(name => statSync(join(folder, name)).mode & 0o777)).toEqual(files.map(() => 0o600))
    } finally {
      process.umask(before)
    }
  })
})
