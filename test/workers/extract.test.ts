/** Images are decoded in the worker's thread, from the engine's own copy of their bytes. */
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { createEngine, type Engine, imageToRecord } from 'sidik'
import { encodeWsq, writeImageRecord } from 'sidik/formats'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WsqCore } from '../../dist/core/wsq-core.js'
import { decodeImage } from '../../dist/image/decode.js'
import { encodeJp2 } from '../../dist/image/jp2/encode.js'
import { withOpenJpeg } from '../../dist/image/jp2/openjpeg.js'
import type { GrayImage, ImageInput } from '../../src/types.js'
import { grayBmp } from '../support/bmp.js'

const PRINT = new URL('../../fixtures/prints/101_1.png', import.meta.url)
const PPI = 500

let engine: Engine
let inputs: Record<string, () => ImageInput>
beforeAll(async () => {
  const file = readFileSync(PRINT)
  const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true })
  const gray: GrayImage = { data: new Uint8Array(data), widthPx: info.width, heightPx: info.height, ppi: PPI }
  const files = {
    png: file,
    jpeg: await sharp(file).jpeg().toBuffer(),
    tiff: await sharp(file).tiff().toBuffer(),
    webp: await sharp(file).webp({ lossless: true }).toBuffer(),
    wsq: await encodeWsq(gray),
    jp2: await encodeJp2(gray),
    pgm: Buffer.concat([Buffer.from(`P5 ${gray.widthPx} ${gray.heightPx} 255\n`), data]),
    bmp: grayBmp(gray),
    record: writeImageRecord(await imageToRecord(gray, { format: 'iso-19794-4-2005', compression: 'wsq' })),
  }
  inputs = {
    ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, () => new Uint8Array(bytes)])),
    'a frame': () => ({ ...gray, data: gray.data.slice() }),
    'a frame of 16 bits': () => ({ ...gray, data: Uint16Array.from(gray.data, value => value * 257) }),
  }
  engine = await createEngine({ threads: 1 })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => engine.close())

const bytesOf = (input: ImageInput) =>
  ArrayBuffer.isView(input) ? input : new Uint8Array(((input as GrayImage).data as Uint8Array).buffer)
const extract = (input: ImageInput) => engine.extract(input, { ppi: PPI })

/** Whatever is called of codecs on this thread. */
async function codecCalls() {
  const codec = await withOpenJpeg(each => each)
  return [
    vi.spyOn(WsqCore.prototype, 'open'),
    vi.spyOn(codec, 'J2KDecoder'),
    vi.spyOn(sharp.prototype, 'metadata'),
    vi.spyOn(sharp.prototype, 'toBuffer'),
  ]
}

describe('Engine.extract', () => {
  it('decodes in a worker: none of the codecs is called on the thread that asks', async () => {
    const calls = await codecCalls()
    for (const input of Object.values(inputs)) expect((await extract(input())).minutiae.length).toBeGreaterThan(8)
    for (const call of calls) expect(call).not.toHaveBeenCalled()
  })

  it('takes what is there at the call: the next image may be written into the same buffer at once', async () => {
    for (const [name, input] of Object.entries(inputs)) {
      const expected = await extract(input())
      const reused = input()
      const extracting = extract(reused)
      bytesOf(reused).fill(0)
      expect((await extracting).template, name).toEqual(expected.template)
    }
  })

  it('leaves the caller its buffer, whole or a part of a larger one, shared or not', async () => {
    const file = readFileSync(PRINT)
    const { template } = await extract(file)
    const around = (buffer: ArrayBuffer | SharedArrayBuffer) => {
      const bytes = new Uint8Array(buffer, 100, file.length)
      bytes.set(file)
      return bytes
    }
    const { buffer } = new Uint8Array(file)
    const given = [buffer, around(new ArrayBuffer(file.length + 200)), around(new SharedArrayBuffer(file.length + 200))]
    for (const each of given) expect((await extract(each as Uint8Array<ArrayBuffer>)).template).toEqual(template)
    expect(buffer.byteLength).toBe(file.length)
    for (const each of given.slice(1)) expect(Buffer.compare(each as Uint8Array, file)).toBe(0)
  })

  it('goes on after images that are cut short, many at once, each refused by its code', async () => {
    const cut = Object.entries(inputs)
      .filter(([name]) => !name.startsWith('a frame'))
      .map(([name, input]) => [name, (input() as Uint8Array).subarray(0, 600)] as const)
    const refusals = await Promise.allSettled([...cut, ...cut, ...cut].map(([, bytes]) => extract(bytes)))
    for (const [i, refusal] of refusals.entries()) {
      const code = cut[i % cut.length][0] === 'record' ? 'RECORD_CORRUPT' : 'IMAGE_CORRUPT'
      expect(refusal, cut[i % cut.length][0]).toMatchObject({
        status: 'rejected',
        reason: { name: 'SidikError', code },
      })
    }
    expect((await extract(readFileSync(PRINT))).minutiae.length).toBeGreaterThan(8)
  })
})

describe.each(['decode', 'encodeWsq'] as const)('Engine.%s', name => {
  const here = async (input: ImageInput) => {
    const gray = await decodeImage(input, { ppi: PPI })
    return name === 'decode' ? gray : encodeWsq(gray)
  }

  it('gives what the functions give on the calling thread, from a copy, and calls no codec there', async () => {
    const expected = await Promise.all(Object.values(inputs).map(input => here(input())))
    const calls = await codecCalls()
    const given = await Promise.all(
      Object.values(inputs).map(async input => {
        const image = input()
        const working = engine[name](image, { ppi: PPI })
        bytesOf(image).fill(0)
        return working
      }),
    )
    for (const [i, kind] of Object.keys(inputs).entries()) expect(given[i], kind).toEqual(expected[i])
    for (const call of calls) expect(call).not.toHaveBeenCalled()
  })

  it('refuses what is no image, what states no resolution, and what was aborted', async () => {
    await expect(engine[name](new Uint8Array(100))).rejects.toMatchObject({ code: 'IMAGE_FORMAT' })
    await expect(engine[name](inputs.pgm())).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
    await expect(engine[name](inputs.pgm(), { ppi: 7 })).rejects.toMatchObject({ code: 'PPI_OUT_OF_RANGE' })
    await expect(engine[name](inputs.pgm(), { bitRate: 1 } as never)).rejects.toThrow(/bitRate/)
    const stop = new AbortController()
    const stopped = engine[name](inputs.jp2(), { ppi: PPI, signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    await expect(engine[name](inputs.jp2(), { ppi: PPI, signal: stop.signal })).rejects.toThrow('enough')
    expect(await engine[name](inputs.pgm(), { ppi: PPI })).toEqual(await here(inputs.pgm()))
  })
})
