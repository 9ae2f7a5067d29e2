import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaptureFrame, CaptureSource } from 'sidik/capture'
import { fileSource } from 'sidik/capture/file'
import { describe, expect, it } from 'vitest'
import { contractSuite, picture, type Rig } from '../contract.js'
import { deviatingRecord, png, record, temporaryFolder } from './files.js'

const folder = temporaryFolder('files')
let count = 0

function write(bytes: Uint8Array, name = `${count++}.png`): string {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/** Paths that come as they are told. */
async function fileRig(): Promise<Rig> {
  const paths: string[] = []
  let wake = () => {}
  async function* told(): AsyncGenerator<string> {
    for (;;) {
      const path = paths.shift()
      if (path !== undefined) yield path
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  }
  return {
    source: fileSource(told()),
    present: async image => {
      paths.push(write(await png(image)))
      wake()
    },
    close: async () => {},
  }
}

contractSuite('files', fileRig, { exact: true, states: false, disconnects: false })

async function all(source: CaptureSource): Promise<CaptureFrame[]> {
  const frames: CaptureFrame[] = []
  for await (const frame of source.capture()) frames.push(frame)
  return frames
}

describe('fileSource', () => {
  it('gives the prints of all files in their order, each once, and then ends', async () => {
    const one = write(await png(picture(1, 64, 64)))
    const several = write(await record([picture(2, 65, 64), picture(3, 66, 64)]), 'several.fir')
    const source = fileSource([one, several, one], { ppi: 600, device: { model: 'M' } })
    const frames = await all(source)
    expect(frames.map(({ widthPx, label, position }) => [widthPx, label, position])).toEqual([
      [64, one, undefined],
      [65, several, 1],
      [66, several, 2],
      [64, one, undefined],
    ])
    expect(frames[0]).toMatchObject({ ppi: 600, device: { adapter: 'file', model: 'M' } })
    expect(await all(source)).toEqual([])
    expect(await all(fileSource(one))).toHaveLength(1)
    expect(await all(fileSource([]))).toEqual([])
  })

  it('refuses records that deviate from their standard, unless somebody listens', async () => {
    const path = write(await deviatingRecord([picture(2, 65, 64)]), 'deviating.fir')
    await expect(all(fileSource(path))).rejects.toMatchObject({ code: 'RECORD_CORRUPT' })
    const heard: unknown[] = []
    const frames = await all(fileSource(path, { onDeviation: (label, { offset }) => heard.push([label, offset]) }))
    expect(frames.map(({ widthPx, position }) => [widthPx, position])).toEqual([[65, 1]])
    expect(heard).toEqual([[path, 40]])
    expect(() => fileSource(path, { onDeviation: 1 as never })).toThrow(/onDeviation/)
  })

  it('gives again what was not accepted, and goes on behind what was', async () => {
    const several = write(await record([picture(2, 65, 64), picture(3, 66, 64)]))
    const source = fileSource(several)
    const widths: number[] = []
    for (let i = 0; i < 2; i++) {
      for await (const frame of source.capture()) {
        widths.push(frame.widthPx)
        break
      }
    }
    for await (const frame of source.capture()) {
      widths.push(frame.widthPx)
      await source.accept(frame)
      break
    }
    expect([...widths, ...(await all(source)).map(({ widthPx }) => widthPx)]).toEqual([65, 65, 65, 66])
  })

  it('ends a capture with an error that names the file, and goes on behind it in the next', async () => {
    const bytes = await png(picture(1))
    const gone = write(bytes)
    unlinkSync(gone)
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    const bad: [string, string][] = [
      [gone, 'FILE_UNREADABLE'],
      [inner, 'FILE_UNREADABLE'],
      [write(bytes.subarray(0, 4_000)), 'IMAGE_CORRUPT'],
      [write(new Uint8Array(0)), 'IMAGE_EMPTY'],
      [write(Buffer.from('{}')), 'RECORD_FORMAT'],
    ]
    const source = fileSource([...bad.map(([path]) => path), write(bytes)])
    for (const [path, code] of bad) {
      const failure = await all(source).catch(error => error)
      expect(failure).toMatchObject({ code })
      expect(failure.message).toContain(path)
    }
    expect(await all(source)).toHaveLength(1)
  })

  it('passes on what the paths come to, and lets them go when it is closed', async () => {
    let returned = false
    async function* failing() {
      try {
        yield write(await png(picture(1)))
        throw new Error('the list broke off')
      } finally {
        returned = true
      }
    }
    await expect(all(fileSource(failing()))).rejects.toThrow('the list broke off')
    returned = false
    const source = fileSource(failing())
    await source.capture().next()
    await source.close()
    expect(returned).toBe(true)
  })

  it('refuses what are no paths', async () => {
    expect(() => fileSource(3 as unknown as string)).toThrow(TypeError)
    expect(() => fileSource('a', { pi: 500 } as object)).toThrow(/did you mean 'ppi'/)
    expect(() => fileSource('a', { ppi: 10 })).toThrow(RangeError)
    await expect(all(fileSource([7 as unknown as string]))).rejects.toThrow(TypeError)
  })
})
