import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { readyPicture } from '../../dist/station/print/render/picture.js'
import { ascii, concat, grayPicture, HEIGHT, PIXELS, WIDTH } from './files.js'

function chunk(type: string, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(8)
  head.set(ascii(type))
  new DataView(head.buffer).setUint32(4, body.length, true)
  return concat(head, body, new Uint8Array(body.length & 1))
}

/** A whole WebP with the chunk `VP8X`; its size less one stands in 24 bits at each offset given. */
function extended(flags: number, ...chunks: readonly Uint8Array[]): Uint8Array {
  const header = sized(10, 4)
  header[0] = flags
  return chunk('RIFF', concat(ascii('WEBP'), chunk('VP8X', header), ...chunks))
}

function sized(length: number, at: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint16(at, WIDTH - 1, true)
  view.setUint16(at + 3, HEIGHT - 1, true)
  return bytes
}

const ANIMATION = 2
const picture = new Uint8Array(await grayPicture().webp({ lossless: true }).toBuffer()).subarray(12)
const frame = chunk('ANMF', concat(sized(16, 6), picture))
const animation = (frames: number) =>
  extended(ANIMATION, chunk('ANIM', new Uint8Array(6)), ...new Array<Uint8Array>(frames).fill(frame))

describe('an animated WebP', () => {
  it.each([1, 3])('of %i frames is refused', async frames => {
    const bytes = animation(frames)
    expect((await sharp(bytes).metadata()).pages).toBe(frames)
    const refused = { name: 'SidikError', code: 'IMAGE_FORMAT', message: expect.stringContaining('animation') }
    await expect(decodeImage(bytes, { ppi: 500 })).rejects.toMatchObject(refused)
  })

  it('is refused as a photo', async () => {
    const box = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 30 }
    const refused = { code: 'PRINT_CONTENT', message: expect.stringContaining('animation') }
    await expect(readyPicture('photo', animation(3), box, { fit: 'cover' })).rejects.toMatchObject(refused)
  })

  it('is one by its flag alone: no decoder takes frames without it', async () => {
    await expect(decodeImage(extended(0, frame, picture), { ppi: 500 })).rejects.toThrow('does not decode')
    expect((await decodeImage(extended(0, picture), { ppi: 500 })).data).toEqual(PIXELS)
  })
})
