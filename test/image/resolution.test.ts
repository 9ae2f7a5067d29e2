import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import {
  bmp,
  concat,
  GRAY_PALETTE,
  grayPicture,
  HEIGHT,
  jpeg,
  PIXELS,
  pgm,
  png,
  pngChunk,
  rowsOf,
  WIDTH,
  XRES_500,
} from './files.js'

const frame = (ppi?: number) => ({
  data: PIXELS,
  widthPx: WIDTH,
  heightPx: HEIGHT,
  ...(ppi === undefined ? {} : { ppi }),
})
const bitmap = (x: number, y = x) =>
  bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE, perMetre: [x, y] })
const tiff = (xPpi: number, yPpi = xPpi, resolutionUnit: 'inch' | 'cm' = 'inch') =>
  grayPicture()
    .tiff({ compression: 'none', xres: xPpi / 25.4, yres: yPpi / 25.4, resolutionUnit })
    .toBuffer()
const bare = pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, PIXELS)

async function ppiOf(input: Parameters<typeof decodeImage>[0], ppi?: number): Promise<number> {
  return (await decodeImage(input, ppi === undefined ? {} : { ppi })).ppi
}

/** TIFF as libvips writes it, its ResolutionUnit replaced. */
async function tiffOfUnit(unit: number): Promise<Uint8Array> {
  const file = new Uint8Array(await tiff(500))
  const view = new DataView(file.buffer)
  const directoryAt = view.getUint32(4, true)
  for (let at = directoryAt + 2; at < file.length - 12; at += 12) {
    if (view.getUint16(at, true) === 296) view.setUint16(at + 8, unit, true)
  }
  return file
}

describe('the resolution a file states', () => {
  test('is read in every format and rounded to whole pixels per inch', async () => {
    expect(await ppiOf(await png(19685))).toBe(500)
    expect(await ppiOf(await png(22402))).toBe(569)
    expect(await ppiOf(await png(39370))).toBe(1000)
    expect(await ppiOf(await jpeg(1, 500))).toBe(500)
    expect(await ppiOf(await jpeg(2, 197))).toBe(500)
    expect(await ppiOf(await tiff(500))).toBe(500)
    expect(await ppiOf(await tiff(500, 500, 'cm'))).toBe(500)
    expect(
      await ppiOf(
        await grayPicture()
          .tiff({ ...XRES_500, bigtiff: false, tile: true })
          .toBuffer(),
      ),
    ).toBe(500)
    expect(await ppiOf(await grayPicture().withMetadata({ density: 500 }).webp().toBuffer())).toBe(500)
    expect(await ppiOf(await grayPicture().withMetadata({ density: 500 }).jpeg().toBuffer())).toBe(500)
    expect(await ppiOf(bitmap(19685))).toBe(500)
    expect(await ppiOf(frame(508))).toBe(508)
  })

  test('every whole resolution in range survives a PNG, a JPEG and a BMP', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 250, max: 1100 }), async ppi => {
        const perMetre = Math.round(ppi / 0.0254)
        expect(await ppiOf(await png(perMetre))).toBe(ppi)
        expect(await ppiOf(await jpeg(1, ppi))).toBe(ppi)
        expect(await ppiOf(bitmap(perMetre))).toBe(ppi)
      }),
      { numRuns: 40 },
    )
  })

  test('gives way to the option', async () => {
    for (const input of [
      await png(19685),
      await png(3780),
      await png(19685, 10000),
      await jpeg(1, 72),
      bitmap(0),
      bare,
    ]) {
      expect(await ppiOf(input, 569.5)).toBe(569.5)
    }
    for (const stated of [undefined, 0, -1, 96, 500]) expect(await ppiOf(frame(stated), 512)).toBe(512)
  })
})

describe('an unknown resolution', () => {
  const inputs: Record<string, () => unknown> = {
    'PGM, which states none': () => bare,
    'JPEG that says 72': () => jpeg(1, 72),
    'JPEG that states only the shape of a pixel': () => jpeg(0, 1),
    'JPEG of 28 a centimetre': () => jpeg(2, 28),
    'JPEG of 0': () => jpeg(1, 0),
    'JPEG without any segment for it': () => grayPicture().jpeg().toBuffer(),
    'JPEG whose EXIF says 72': () => grayPicture().withMetadata({ density: 72 }).jpeg().toBuffer(),
    'PNG without pHYs': async () => {
      const file = await png()
      return concat(file.subarray(0, 33), file.subarray(33 + 21 + 21))
    },
    'PNG as sharp writes it': () => grayPicture().png().toBuffer(),
    'PNG that states only the shape of a pixel': () => png(19685, 19685, 0),
    'TIFF as sharp writes it': () => grayPicture().tiff().toBuffer(),
    'TIFF without a unit': () => tiffOfUnit(1),
    'WebP without EXIF': () => grayPicture().webp().toBuffer(),
    'BMP of 0': () => bitmap(0),
    'frame without ppi': () => frame(),
    'frame of 0': () => frame(0),
  }
  for (const [name, make] of Object.entries(inputs)) {
    test(name, async () => {
      const input = (await make()) as Uint8Array
      await expect(decodeImage(input)).rejects.toMatchObject({
        name: 'SidikError',
        code: 'PPI_UNKNOWN',
        message: expect.stringContaining('give it with the ppi option'),
      })
      expect(await ppiOf(input, 500)).toBe(500)
    })
  }
})

describe('a resolution outside 250 to 1,100', () => {
  const outside = (ppi: number) => ({
    name: 'SidikError',
    code: 'PPI_OUT_OF_RANGE',
    message: expect.stringContaining(`${ppi}`),
  })

  test('from the file', async () => {
    await expect(decodeImage(await png(3780))).rejects.toMatchObject(outside(96))
    await expect(decodeImage(await png(2835))).rejects.toMatchObject(outside(72))
    await expect(decodeImage(await jpeg(1, 96))).rejects.toMatchObject(outside(96))
    await expect(decodeImage(await jpeg(1, 1200))).rejects.toMatchObject(outside(1200))
    await expect(decodeImage(await tiff(249))).rejects.toMatchObject(outside(249))
    await expect(decodeImage(bitmap(3780))).rejects.toMatchObject(outside(96))
    await expect(decodeImage(bitmap(-19685))).rejects.toMatchObject(outside(-500))
  })

  test('from the frame or the option', async () => {
    for (const ppi of [-500, 1, 249.99, 1100.01, 1e9, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      await expect(decodeImage(frame(ppi))).rejects.toMatchObject(outside(ppi))
      await expect(decodeImage(frame(500), { ppi })).rejects.toMatchObject(outside(ppi))
    }
    await expect(decodeImage(frame(500), { ppi: 0 })).rejects.toMatchObject(outside(0))
    for (const ppi of [250, 1100]) expect(await ppiOf(frame(ppi))).toBe(ppi)
  })

  test('across and down differ by more than one in a hundred', async () => {
    const askew = { code: 'PPI_OUT_OF_RANGE', message: expect.stringContaining('pixels must be square') }
    await expect(decodeImage(await png(19685, 19400))).rejects.toMatchObject(askew)
    await expect(decodeImage(await jpeg(1, 500, 300))).rejects.toMatchObject(askew)
    await expect(decodeImage(await tiff(500, 250))).rejects.toMatchObject(askew)
    await expect(decodeImage(bitmap(19685, 39370))).rejects.toMatchObject(askew)
    expect(await ppiOf(await png(19685, 19600))).toBe(499)
    expect(await ppiOf(bitmap(19685, 0))).toBe(500)
    expect(await ppiOf(bitmap(0, 19685))).toBe(500)
  })
})

test('a ppi that is no number is the programmer’s mistake', async () => {
  for (const ppi of [Number.NaN, '500', null, {}] as unknown as number[]) {
    await expect(decodeImage(frame(500), { ppi })).rejects.toThrow(new TypeError(expectMessage('ppi', ppi)))
    await expect(decodeImage(frame(ppi))).rejects.toThrow(TypeError)
    await expect(decodeImage(frame(ppi))).rejects.toThrow(/ppi of a frame/)
  }
  for (const options of [null, 500] as unknown as { ppi: number }[]) {
    await expect(decodeImage(frame(500), options)).rejects.toThrow(/^options must/)
  }
})

function expectMessage(name: string, value: unknown): string {
  return `${name} must be a number of pixels per inch, not ${Number.isNaN(value) ? 'NaN' : typeof value}`
}

test('a second pHYs after the pixels does not count', async () => {
  const file = await png(19685)
  const late = concat(
    file.subarray(0, file.length - 12),
    pngChunk('tEXt', new Uint8Array(4)),
    file.subarray(file.length - 12),
  )
  expect(await ppiOf(late)).toBe(500)
})
