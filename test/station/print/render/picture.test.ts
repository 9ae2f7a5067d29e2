import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { cardOf, letterOf } from '../../../../bench/support/print-golden.js'
import { SITI } from '../../../../bench/support/print-persons.js'
import { cardDocument, letterDocument } from '../../../../dist/station/print/render/index.js'
import { readyPicture } from '../../../../dist/station/print/render/picture.js'

const box = { xMm: 10, yMm: 20, widthMm: 20, heightMm: 30 }

/** Left third red, middle third green, right third blue. */
async function stripes(width: number, height: number) {
  const bands = ['#ff0000', '#00ff00', '#0000ff'].map((fill, i) => {
    return `<rect x="${(i * width) / 3}" width="${width / 3}" height="${height}" fill="${fill}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${bands.join('')}</svg>`
  return sharp(Buffer.from(svg)).removeAlpha()
}

async function colourAt(bytes: Uint8Array, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
  return [...data.subarray(at, at + 3)].map(value => (value > 128 ? '1' : '0')).join('')
}

/** A PNG whose header states a size, with hardly a byte of pixels. */
function pngOf(width: number, height: number): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => {
    const bytes = Buffer.alloc(body.length + 12)
    bytes.writeUInt32BE(body.length, 0)
    bytes.write(type, 4, 'latin1')
    bytes.set(body, 8)
    bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + body.length)), 8 + body.length)
    return bytes
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

describe('a photo', () => {
  it('fills its box, cut equally on both sides', async () => {
    const wide = await (await stripes(900, 300)).png().toBuffer()
    const { item, ppi } = await readyPicture('photo', wide, box, { fit: 'cover' })
    expect([item.xMm, item.yMm, item.widthMm, item.heightMm]).toEqual([10, 20, 20, 30])
    // 200 of 900 pixels across are left, the middle ones: green alone.
    expect(await colourAt(item.bytes, 0.02, 0.5)).toBe('010')
    expect(await colourAt(item.bytes, 0.98, 0.5)).toBe('010')
    expect(ppi).toBeCloseTo(300 / (30 / 25.4), 6)
  })

  it('or is all there, in the middle of its box', async () => {
    const wide = await (await stripes(900, 300)).png().toBuffer()
    const { item } = await readyPicture('photo', wide, box, { fit: 'contain' })
    expect(item.widthMm).toBeCloseTo(20, 6)
    expect(item.heightMm).toBeCloseTo(20 / 3, 6)
    expect(item.yMm + item.heightMm / 2).toBeCloseTo(35, 6)
    expect(await colourAt(item.bytes, 0.1, 0.5)).toBe('100')
    expect(await colourAt(item.bytes, 0.9, 0.5)).toBe('001')
  })

  it('is turned as EXIF says, and keeps nothing of EXIF', async () => {
    // 6: the camera was held upright, what is on the right of the file is at the bottom.
    const turned = await (await stripes(900, 600))
      .withExif({ IFD0: { Copyright: 'secret' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { item } = await readyPicture('photo', turned, box, { fit: 'cover' })
    expect(await colourAt(item.bytes, 0.5, 0.1)).toBe('100')
    expect(await colourAt(item.bytes, 0.5, 0.9)).toBe('001')
    expect((await sharp(item.bytes).metadata()).exif).toBeUndefined()
  })

  it('may be gray, of 16 bits, transparent, WebP or TIFF, and becomes gray where the template asks', async () => {
    const gray = sharp(Buffer.alloc(100 * 150, 200), { raw: { width: 100, height: 150, channels: 1 } }).toColourspace(
      'b-w',
    )
    const colours = await stripes(100, 150)
    const files = [
      await gray.clone().png().toBuffer(),
      await gray.clone().toColourspace('grey16').png().toBuffer(),
      await colours.clone().ensureAlpha(0.5).png().toBuffer(),
      await colours.clone().webp().toBuffer(),
      await colours.clone().tiff().toBuffer(),
      await colours.clone().toColourspace('cmyk').jpeg().toBuffer(),
    ]
    for (const file of files) {
      const { item } = await readyPicture('photo', file, box, { fit: 'cover' })
      const metadata = await sharp(item.bytes).metadata()
      expect([metadata.format, metadata.width, metadata.height]).toEqual(['jpeg', 100, 150])
    }
    const { item } = await readyPicture('photo', files[3], box, { fit: 'cover', isGray: true })
    expect((await sharp(item.bytes).metadata()).channels).toBe(1)
  })

  it('of more pixels than are printed is lessened to 600 an inch', async () => {
    const large = await (await stripes(2_000, 3_000)).jpeg().toBuffer()
    const { item } = await readyPicture('photo', large, box, { fit: 'cover' })
    expect((await sharp(item.bytes).metadata()).width).toBe(Math.round((20 / 25.4) * 600))
  })

  it('of a signature keeps the strokes, not the paper', async () => {
    const { item } = await readyPicture('signature', cardOf(SITI).signature, box, { fit: 'contain', isInk: true })
    const { data, info } = await sharp(item.bytes).raw().toBuffer({ resolveWithObject: true })
    expect(info.channels).toBe(4)
    const opacities = new Set(data.filter((_, i) => i % 4 === 3))
    expect([opacities.has(0), opacities.has(255)]).toEqual([true, true])
    expect(data[3]).toBe(0)
  })
})

describe('what is no photo', () => {
  const text = (content: string) => new TextEncoder().encode(content)
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname" width="9" height="9"/></svg>'

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', text('this is no photo')],
    ['SVG', text(svg)],
    ['SVG behind a declaration', text(`<?xml version="1.0"?><!DOCTYPE svg SYSTEM "http://127.0.0.1/x">${svg}`)],
    ['GIF', text('GIF89a0000000000')],
    ['PDF', text('%PDF-1.7 0000000000')],
    ['an image of fingerprints', text('P5\n64 64\n255\n'.padEnd(4_200, ' '))],
    ['the first bytes of a JPEG', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['a JPEG that ends early', cardOf(SITI).photo.subarray(0, 9_000)],
    ['a PNG of 900 million pixels', pngOf(30_000, 30_000)],
    ['a PNG of fewer pixels than it says', pngOf(4_000, 4_000)],
    ['a PNG of a pixel', pngOf(1, 1)],
  ])('%s is PRINT_CONTENT', async (_, photo) => {
    const makers = [() => cardDocument({ ...cardOf(SITI), photo }), () => letterDocument({ ...letterOf(SITI), photo })]
    for (const make of makers) {
      const error: unknown = await make().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SidikError)
      expect(error).toMatchObject({ code: 'PRINT_CONTENT', message: expect.stringContaining('photo') })
    }
  })

  it('is told where there is none, or where it is coarse', async () => {
    const { photo, ...without } = cardOf(SITI)
    expect((await cardDocument(without)).problems).toMatchObject([{ code: 'picture-missing', field: 'photo', page: 0 }])
    const small = await sharp(photo).resize(60).jpeg().toBuffer()
    expect((await cardDocument({ ...without, photo: small })).problems).toMatchObject([{ code: 'picture-coarse' }])
  })
})
