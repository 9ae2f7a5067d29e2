import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import {
  ascii,
  bmp,
  colourPicture,
  concat,
  expectedGray,
  GRAY_PALETTE,
  grayPicture,
  HEIGHT,
  jpeg,
  PIXELS,
  pgm,
  png,
  RGBA,
  rowsOf,
  WIDTH,
  XRES_500,
} from './files.js'

const RGB = RGBA.filter((_, i) => i % 4 !== 3)
const WIDE = Uint16Array.from(PIXELS, value => value * 257)

async function expectGray(file: Uint8Array, expected: Uint8Array, tolerance = 0): Promise<void> {
  const image = await decodeImage(file, { ppi: 500 })
  expect([image.widthPx, image.heightPx, image.ppi]).toEqual([WIDTH, HEIGHT, 500])
  expect(image.data).toBeInstanceOf(Uint8Array)
  expect(image.data.length).toBe(expected.length)
  let worst = 0
  image.data.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(value - expected[i]))
  })
  expect(worst).toBeLessThanOrEqual(tolerance)
}

describe('8-bit gray comes out exactly as stored', () => {
  const files: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
    PNG: () => png(),
    'PNG, interlaced': () => grayPicture().png({ progressive: true }).toBuffer(),
    'PNG with a colour profile': () => grayPicture().withIccProfile('p3').png().toBuffer(),
    'PNG of 16 bits': () => grayPicture().toColourspace('grey16').png().toBuffer(),
    'PNG of three channels': () => grayPicture().toColourspace('srgb').png().toBuffer(),
    'PNG of three 16-bit channels': () => grayPicture().toColourspace('rgb16').png().toBuffer(),
    'TIFF, uncompressed': () => grayPicture().tiff({ compression: 'none' }).toBuffer(),
    'TIFF, LZW': () => grayPicture().tiff({ compression: 'lzw' }).toBuffer(),
    'TIFF, deflate, tiled': () => grayPicture().tiff({ compression: 'deflate', tile: true }).toBuffer(),
    'TIFF, BigTIFF': () => grayPicture().tiff({ compression: 'none', bigtiff: true }).toBuffer(),
    'TIFF of 16 bits': () => grayPicture().toColourspace('grey16').tiff({ compression: 'none' }).toBuffer(),
    'WebP, lossless': () => grayPicture().webp({ lossless: true }).toBuffer(),
    'BMP, 8 bits': () => bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE }),
    'BMP, 8 bits, colours not counted': () =>
      bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE, colours: 0 }),
    'BMP, 8 bits, from the top': () =>
      bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE, topDown: true }),
    'BMP, 8 bits, version 5 header': () =>
      bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE, infoBytes: 124 }),
    'PGM, 8 bits': () => pgm(`P5\n${WIDTH} ${HEIGHT}\n255\n`, PIXELS),
    'PGM, 16 bits': () => pgm(`P5 ${WIDTH} ${HEIGHT} 65535\n`, WIDE, 2),
    'PGM with comments': () => pgm(`P5#x\n# 9 9\n${WIDTH}\t#w\n\r ${HEIGHT}# 7\n255 `, PIXELS),
    'PGM with another after it': () =>
      concat(pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, PIXELS), pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, WIDE)),
  }
  for (const [name, make] of Object.entries(files)) {
    test(name, async () => expectGray(await make(), PIXELS))
  }

  test('TIFF of several pages: the first', async () => {
    const pages = concat(
      PIXELS,
      PIXELS.map(value => 255 - value),
    )
    const options = { raw: { width: WIDTH, height: HEIGHT * 2, channels: 1 as const, pageHeight: HEIGHT } }
    const file = await sharp(pages, options).toColourspace('b-w').tiff({ compression: 'lzw' }).toBuffer()
    expect((await sharp(file).metadata()).pages).toBe(2)
    await expectGray(file, PIXELS)
  })

  test('JPEG and lossy WebP come out near', async () => {
    const smooth = Uint8Array.from(PIXELS, (_, i) => 100 + (i % WIDTH))
    const picture = sharp(smooth, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    await expectGray(await picture.clone().toColourspace('b-w').jpeg({ quality: 100 }).toBuffer(), smooth, 2)
    await expectGray(await picture.clone().jpeg({ quality: 100, progressive: true }).toBuffer(), smooth, 2)
    await expectGray(await picture.clone().webp({ quality: 100 }).toBuffer(), smooth, 8)
    await expectGray(await picture.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(), smooth, 16)
  })
})

describe('other depths, colour and transparency', () => {
  const colour = expectedGray(RGB, 3)
  const flat = expectedGray(RGBA, 4)
  const bgra = RGBA.map((_, i) => RGBA[i % 4 === 3 ? i : i - (i % 4) + 2 - (i % 4)])
  const bgr = bgra.filter((_, i) => i % 4 !== 3)

  test('PNG, TIFF and WebP in colour, transparent parts on white', async () => {
    await expectGray(await colourPicture().png().toBuffer(), flat)
    await expectGray(await colourPicture().removeAlpha().png().toBuffer(), colour)
    await expectGray(await colourPicture().removeAlpha().tiff({ compression: 'lzw' }).toBuffer(), colour)
    await expectGray(await colourPicture().webp({ lossless: true, exact: true }).toBuffer(), flat)
  })

  test('gray with transparency', async () => {
    const samples = RGBA.filter((_, i) => i % 4 === 0 || i % 4 === 3)
    const picture = sharp(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 2 } })
    const expected = Uint8Array.from(PIXELS, (_, i) =>
      Math.round(255 + ((samples[2 * i] - 255) * samples[2 * i + 1]) / 255),
    )
    for (const space of ['b-w', 'grey16']) {
      const file = await picture.clone().toColourspace(space).png().toBuffer()
      expect((await sharp(file).metadata()).channels).toBe(2)
      await expectGray(file, expected)
    }
  })

  test('BMP of 24 and 32 bits, both orders of rows', async () => {
    for (const topDown of [false, true]) {
      await expectGray(bmp(rowsOf(bgr, WIDTH * 3), WIDTH, { topDown }), colour)
      // Without a mask for opacity the fourth byte is filler, whatever it holds.
      await expectGray(bmp(rowsOf(bgra, WIDTH * 4), WIDTH, { bits: 32, topDown }), colour)
      await expectGray(bmp(rowsOf(bgra, WIDTH * 4), WIDTH, { bits: 32, topDown, compression: 3 }), colour)
      await expectGray(bmp(rowsOf(bgra, WIDTH * 4), WIDTH, { bits: 32, topDown, compression: 3, infoBytes: 124 }), flat)
      const masked = { bits: 32, topDown, compression: 3, infoBytes: 108, alphaMask: 0 }
      await expectGray(bmp(rowsOf(bgra, WIDTH * 4), WIDTH, masked), colour)
    }
  })

  test('BMP of widths that need padding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 32, max: 70 }),
        fc.constantFrom(8, 24),
        fc.boolean(),
        async (width, bits, topDown) => {
          const expected = Uint8Array.from({ length: width * 33 }, (_, i) => (i * 11) & 255)
          const samples =
            bits === 8
              ? expected
              : Uint8Array.from({ length: expected.length * 3 }, (_, i) => expected[Math.floor(i / 3)])
          const palette = bits === 8 ? GRAY_PALETTE : new Uint8Array(0)
          const file = bmp(rowsOf(samples, (width * bits) / 8), width, { bits, palette, topDown })
          const image = await decodeImage(file)
          expect(image).toEqual({ data: expected, widthPx: width, heightPx: 33, ppi: 500 })
        },
      ),
      { numRuns: 40 },
    )
  })

  test('one bit a pixel: BMP with its palette, PNG, TIFF', async () => {
    const bits = PIXELS.map((_, i) => (i * 5 + (i >> 4)) & 1)
    const packed = (width: number) =>
      rowsOf(bits, width).map(row =>
        Uint8Array.from({ length: width / 8 }, (_, b) =>
          row.slice(b * 8, b * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
        ),
      )
    const inverted = Uint8Array.of(255, 255, 255, 0, 10, 10, 10, 0)
    await expectGray(
      bmp(packed(WIDTH), WIDTH, { bits: 1, palette: inverted }),
      bits.map(bit => (bit ? 10 : 255)),
    )
    const white = bits.map(bit => bit * 255)
    const picture = () => sharp(white, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w')
    await expectGray(await picture().png({ palette: true, colours: 2 }).toBuffer(), white)
    await expectGray(await picture().tiff({ compression: 'none', bitdepth: 1 }).toBuffer(), white)
    await expectGray(
      await picture().tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite: true }).toBuffer(),
      white,
    )
  })

  test('PGM values are scaled from their stated maximum, rounded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 65_535 }), async maxval => {
        const samples = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7919) % (maxval + 1))
        const file = pgm(`P5 ${WIDTH} ${HEIGHT} ${maxval}\n`, samples, maxval > 255 ? 2 : 1)
        await expectGray(
          file,
          Uint8Array.from(samples, value => Math.round((value / maxval) * 255)),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('orientation in EXIF is honoured', async () => {
    for (const make of [
      (p: Sharp) => p.png(),
      (p: Sharp) => p.tiff({ compression: 'lzw' }),
      (p: Sharp) => p.webp({ lossless: true }),
    ]) {
      const file = await make(grayPicture().withMetadata({ orientation: 6 })).toBuffer()
      const { data, widthPx, heightPx } = await decodeImage(file, { ppi: 500 })
      expect([widthPx, heightPx]).toEqual([HEIGHT, WIDTH])
      // 6: the top of what is shown is the left of what is stored.
      const turned = Uint8Array.from(
        PIXELS,
        (_, i) => PIXELS[(HEIGHT - 1 - (i % HEIGHT)) * WIDTH + Math.floor(i / HEIGHT)],
      )
      expect(data).toEqual(turned)
    }
  })
})

describe('input and output belong to whom they should', () => {
  const makers = [
    () => png(),
    () => jpeg(1, 500),
    () => grayPicture().tiff(XRES_500).toBuffer(),
    () => bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE }),
    () => pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, PIXELS),
  ]

  test('a Buffer, a view with an offset and an ArrayBuffer give the same, unchanged and unshared', async () => {
    for (const make of makers) {
      const file = new Uint8Array(await make())
      const padded = concat(ascii('junk!'), file, ascii('more'))
      const before = padded.slice()
      const view = padded.subarray(5, 5 + file.length)
      const images = await Promise.all(
        [file, Buffer.from(file), view, file.buffer].map(input => decodeImage(input, { ppi: 500 })),
      )
      for (const image of images) expect(image).toEqual(images[0])
      for (const image of images) {
        expect(image.data.byteOffset).toBe(0)
        expect(image.data.buffer.byteLength).toBe(WIDTH * HEIGHT)
        expect(image.data.buffer).not.toBe(padded.buffer)
        const { data } = structuredClone(image, { transfer: [image.data.buffer as ArrayBuffer] })
        expect(data.length).toBe(WIDTH * HEIGHT)
      }
      expect(padded).toEqual(before)
    }
  })

  test('the caller may overwrite the bytes at once', async () => {
    for (const make of makers) {
      const file = new Uint8Array(await make())
      const expected = await decodeImage(file.slice(), { ppi: 500 })
      const pending = decodeImage(file, { ppi: 500 })
      file.fill(0)
      expect(await pending).toEqual(expected)
    }
  })
})
