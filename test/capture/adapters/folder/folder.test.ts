import { existsSync, mkdirSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaptureFrame, CaptureSource } from 'sidik/capture'
import { type FolderSourceOptions, folderSource } from 'sidik/capture/folder'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeImage } from '../../../../dist/image/encode-image.js'
import { contractSuite, picture, type Rig, until } from '../../contract.js'
import { deviatingRecord, drop, png, record, temporaryFolder, writeSlowly } from '../files.js'

const QUICK = { settleMs: 40, pollMs: 200 }

const parent = temporaryFolder('folder')
let count = 0

function newFolder(): string {
  const folder = join(parent, String(count++))
  mkdirSync(folder)
  return folder
}

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const opened: CaptureSource[] = []
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close()
})

function open(folder: string, options: Partial<FolderSourceOptions> = {}): CaptureSource {
  const source = folderSource({ folder, ...QUICK, ...options })
  opened.push(source)
  return source
}

/** Takes so many frames, each accepted, and those that come without need in a moment after that. */
async function take(source: CaptureSource, count: number): Promise<CaptureFrame[]> {
  const frames: CaptureFrame[] = []
  const takeUntil = async (most: number, timeoutMs: number) => {
    if (frames.length >= most) return
    for await (const frame of source.capture({ timeoutMs })) {
      frames.push(frame)
      await source.accept(frame)
      if (frames.length === most) return
    }
  }
  await takeUntil(count, 20_000)
  await takeUntil(Number.POSITIVE_INFINITY, 150).catch(error =>
    expect(error).toMatchObject({ code: 'CAPTURE_TIMEOUT' }),
  )
  return frames
}

const labels = (frames: CaptureFrame[]) => frames.map(({ label }) => label)

async function folderRig(): Promise<Rig> {
  const folder = newFolder()
  let shown = 0
  const refused: string[] = []
  return {
    source: folderSource({ folder, settleMs: 20, pollMs: 200, onRefused: file => refused.push(file) }),
    present: async image => drop(folder, `${shown++}.png`, await png(image)),
    disconnect: async () => {
      // That a file is refused shows that the folder is being looked through.
      drop(folder, 'no print', Buffer.from('no print'))
      await until(() => refused.length > 0)
      renameSync(folder, `${folder}-away`)
    },
    reconnect: async () => renameSync(`${folder}-away`, folder),
    close: async () => {},
  }
}

contractSuite('a folder', folderRig, { exact: true, states: false, disconnects: true })

describe('folderSource', () => {
  it('gives what its file is called, when it was changed, and what is known of the scanner', async () => {
    const folder = newFolder()
    drop(folder, 'a.png', await png(picture(1)))
    utimesSync(join(folder, 'a.png'), 1_700_000_000, 1_700_000_000)
    const [frame] = await take(open(folder, { ppi: 600, device: { make: 'Made-up', serialNumber: '7' } }), 1)
    expect(frame).toMatchObject({
      ppi: 600,
      label: 'a.png',
      capturedAt: new Date(1_700_000_000_000),
      device: { adapter: 'folder', make: 'Made-up', serialNumber: '7' },
      received: await png(picture(1)),
    })
  })

  it('gives a burst of 200 files in the order of their last change, then of their names, each once', async () => {
    const folder = newFolder()
    const bytes = await png(picture(2, 64, 64))
    const frames = take(open(folder), 200)
    const expected: string[] = []
    for (let i = 0; i < 200; i++) {
      const name = `${(i * 77) % 200}.png`
      // Two at a time have the same time.
      const time = 1_700_000_000 + Math.floor(i / 2)
      writeFileSync(join(folder, `.${name}`), bytes)
      utimesSync(join(folder, `.${name}`), time, time)
      renameSync(join(folder, `.${name}`), join(folder, name))
      expected.push(name)
    }
    for (let i = 0; i < 200; i += 2) expected.splice(i, 2, ...expected.slice(i, i + 2).sort())
    expect(labels(await frames)).toEqual(expected)
  })

  it('gives a file that is written slowly, with pauses, only when it is whole, and once', async () => {
    const folder = newFolder()
    const refused: string[] = []
    const source = open(folder, { settleMs: 100, onRefused: name => refused.push(name) })
    const frames = take(source, 3)
    const bytes = await png(picture(3))
    await Promise.all([
      writeSlowly(join(folder, 'slow.png'), bytes, 20, 15),
      writeSlowly(join(folder, 'pausing.png'), bytes, 3, 200),
      writeSlowly(join(folder, 'unfinished.png.part'), bytes, 2, 100).then(() =>
        renameSync(join(folder, 'unfinished.png.part'), join(folder, 'finished.png')),
      ),
    ])
    expect(labels(await frames).sort()).toEqual(['finished.png', 'pausing.png', 'slow.png'])
    expect(refused).toEqual([])
  })

  it('reads records that deviate from their standard where somebody listens', async () => {
    const folder = newFolder()
    drop(folder, 'a.fir', await deviatingRecord([picture(2, 65, 64)]))
    const heard: string[] = []
    const source = open(folder, { onDeviation: (label, { field }) => heard.push(`${label} ${field}`) })
    expect(labels(await take(source, 1))).toEqual(['a.fir'])
    expect(heard).toEqual([expect.stringMatching(/^a\.fir .*impression/)])
  })

  it('leaves hidden and unfinished files, folders and links to nothing alone', async () => {
    const folder = newFolder()
    const bytes = await png(picture(4))
    for (const name of ['.a.png', 'b.png.tmp', 'c.PART', 'd.png~', '~e.png']) writeFileSync(join(folder, name), bytes)
    mkdirSync(join(folder, 'f.png'))
    drop(folder, 'g.png', bytes)
    expect(labels(await take(open(folder), 1))).toEqual(['g.png'])
  })

  it('takes other bytes under a name as new, the same ones written again not', async () => {
    const folder = newFolder()
    const source = open(folder)
    drop(folder, 'a.png', await png(picture(5)))
    expect(await take(source, 1)).toHaveLength(1)
    drop(folder, 'a.png', await png(picture(5)))
    expect(await take(source, 0)).toEqual([])
    writeFileSync(join(folder, 'a.png'), await png(picture(6, 100, 100)))
    expect(await take(source, 1)).toMatchObject([{ widthPx: 100 }])
    drop(folder, 'b.png', await png(picture(5)))
    expect(labels(await take(source, 1))).toEqual(['b.png'])
  })

  it('sees that a file was overwritten whose size and time are as before', async () => {
    const folder = newFolder()
    const source = open(folder, { ppi: 500 })
    const path = join(folder, 'a.pgm')
    for (const seed of [1, 2]) {
      const image = picture(seed, 80, 80)
      writeFileSync(path, await encodeImage(image, 'pgm'))
      utimesSync(path, 1_700_000_000, 1_700_000_000)
      const [frame] = await take(source, 1)
      expect(Buffer.compare(frame.data, image.data)).toBe(0)
    }
  })

  it('goes on where an earlier one was, also in the middle of a file with several prints', async () => {
    const folder = newFolder()
    drop(folder, '1.fir', await record([1, 2, 3].map(seed => picture(seed, 100 + seed, 100))))
    await sleep(10)
    drop(folder, '2.png', await png(picture(4, 110, 100)))
    const first = open(folder)
    const capture = first.capture()
    expect((await capture.next()).value).toMatchObject({ widthPx: 101, position: 1, label: '1.fir' })
    expect((await capture.next()).value).toMatchObject({ widthPx: 102, position: 2 })
    await capture.return()
    await first.close()
    expect((await take(open(folder), 3)).map(({ widthPx }) => widthPx)).toEqual([102, 103, 110])
    await opened.at(-1)!.close()
    expect(await take(open(folder), 0)).toEqual([])
  })

  it('reports once what it cannot read, tries it again when it changes, and goes on', async () => {
    const folder = newFolder()
    const refused: [string, string][] = []
    const source = open(folder, {
      onRefused: (name, { code, message }) => {
        expect(message).toContain(join(folder, name))
        refused.push([name, code])
      },
      settleMs: 20,
    })
    const bytes = await png(picture(7))
    drop(folder, 'cut.png', bytes.subarray(0, 5_000))
    drop(folder, 'empty.png', new Uint8Array(0))
    drop(folder, 'text.txt', Buffer.from('no print at all'))
    await sleep(10)
    drop(folder, 'good.png', bytes)
    expect(labels(await take(source, 1))).toEqual(['good.png'])
    const cut = take(source, 1)
    await until(() => refused.length === 3)
    expect(refused.sort()).toEqual([
      ['cut.png', 'IMAGE_CORRUPT'],
      ['empty.png', 'IMAGE_EMPTY'],
      ['text.txt', 'IMAGE_FORMAT'],
    ])
    await sleep(300)
    expect(refused).toHaveLength(3)
    drop(folder, 'cut.png', bytes)
    expect(labels(await cut)).toEqual(['cut.png'])
    drop(folder, 'text.txt', Buffer.from('no print either'))
    const last = take(source, 1)
    await until(() => refused.length === 4)
    drop(folder, 'last.png', bytes)
    expect(labels(await last)).toEqual(['last.png'])
    expect(refused).toHaveLength(4)
  })

  it('minds no file that is removed before it could be read', async () => {
    const folder = newFolder()
    const source = open(folder)
    const kept = new Set(['0.png', '4.png', '8.png', '12.png', '16.png'])
    const taken = (async () => {
      for await (const { label } of source.capture()) if (kept.delete(label!) && kept.size === 0) break
    })()
    const bytes = await png(picture(8))
    for (let i = 0; i < 20; i++) {
      drop(folder, `${i}.png`, bytes)
      await sleep(i * 5)
      if (i % 4 !== 0) unlinkSync(join(folder, `${i}.png`))
    }
    await taken
  })

  it('is one of one state: a second source is refused until the first is closed', async () => {
    const folder = newFolder()
    drop(folder, 'a.png', await png(picture(9)))
    const [first, second] = [open(folder), open(folder)]
    expect(await first.state()).toMatchObject({ status: 'ready' })
    expect(await second.state()).toMatchObject({ status: 'busy', message: expect.stringContaining(`${process.pid}`) })
    await expect(take(second, 1)).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    const elsewhere = open(folder, { stateFolder: join(parent, 'of-another') })
    expect(labels(await take(elsewhere, 1))).toEqual(['a.png'])
    await first.close()
    expect(labels(await take(second, 1))).toEqual(['a.png'])
  })

  it('remembers anew when the folder with its state was removed and made again', async () => {
    const folder = newFolder()
    const source = open(folder)
    drop(folder, 'a.png', await png(picture(10)))
    expect(await take(source, 1)).toHaveLength(1)
    const capture = source.capture()
    drop(folder, 'b.png', await png(picture(11)))
    expect((await capture.next()).value).toMatchObject({ label: 'b.png' })
    rmSync(folder, { recursive: true })
    await expect(capture.next()).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(await source.state()).toMatchObject({ status: 'unreachable' })
    mkdirSync(folder)
    drop(folder, 'b.png', await png(picture(11)))
    expect(labels(await take(source, 1))).toEqual(['b.png'])
    expect(existsSync(join(folder, '.sidik-taken', 'taken.jsonl'))).toBe(true)
  })

  it('refuses options that are none, and frames of others', async () => {
    expect(() => folderSource({} as FolderSourceOptions)).toThrow(/folder must be/)
    expect(() => folderSource({ folder: 'x', setleMs: 1 } as unknown as FolderSourceOptions)).toThrow(/settleMs/)
    expect(() => folderSource({ folder: 'x', settleMs: -1 })).toThrow(RangeError)
    expect(() => folderSource({ folder: 'x', ppi: 96 })).toThrow(/250 to 1100/)
    expect(() => folderSource({ folder: 'x', device: { make: 3 as unknown as string } })).toThrow(/device.make/)
    const source = open(newFolder())
    await expect(source.accept(structuredClone({} as CaptureFrame))).rejects.toThrow(TypeError)
    expect(await open(join(parent, 'nowhere')).state()).toMatchObject({ status: 'unreachable' })
    await expect(take(opened.at(-1)!, 1)).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
  })
})
