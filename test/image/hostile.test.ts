import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { Yardstick } from '../work.js'
import {
  ascii,
  bmp,
  concat,
  GRAY_PALETTE,
  grayPicture,
  HEIGHT,
  jpeg,
  PIXELS,
  pgm,
  png,
  rowsOf,
  tiffOf,
  WIDTH,
  XRES_500,
} from './files.js'
import { wsq } from './wsq-writer.js'

const READ_HERE = 'PNG, JPEG, JPEG 2000, TIFF, WebP, BMP, WSQ, binary PGM (P5) and finger image records are'
/** As many times as decoding a sound PNG of the same size, which takes a millisecond or so. */
const MOST_TIMES = 1000

const files: Record<string, Uint8Array> = {}
beforeAll(async () => {
  files.png = await png()
  files.jpeg = await jpeg(1, 500)
  files.progressive = new Uint8Array(await grayPicture().jpeg({ progressive: true }).toBuffer())
  files.tiff = new Uint8Array(
    await grayPicture()
      .tiff({ compression: 'none', ...XRES_500 })
      .toBuffer(),
  )
  files.lzw = new Uint8Array(
    await grayPicture()
      .tiff({ compression: 'lzw', tile: true, ...XRES_500 })
      .toBuffer(),
  )
  files.webp = new Uint8Array(await grayPicture().webp({ lossless: true }).withMetadata({ density: 500 }).toBuffer())
  files.lossy = new Uint8Array(await grayPicture().webp({ quality: 80 }).toBuffer())
  files.bmp = bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE })
  files.pgm = pgm(`P5\n# a comment\n${WIDTH} ${HEIGHT}\n255\n`, PIXELS)
  files.wsq = wsq(PIXELS, WIDTH, HEIGHT)
})

const yardstick = new Yardstick(MOST_TIMES, () => decodeImage(files.png))

function refusal(bytes: Uint8Array, ppi?: number) {
  const attempt = () =>
    decodeImage(bytes, { ppi }).then(
      () => undefined,
      reason => reason,
    )
  return yardstick.within(attempt)
}

/** Either an image as it should be or a SidikError, soon. */
function expectSound(bytes: Uint8Array): Promise<'image' | 'error'> {
  return yardstick.within(() => outcomeOf(bytes))
}

async function outcomeOf(bytes: Uint8Array): Promise<'image' | 'error'> {
  try {
    const { data, widthPx, heightPx, ppi } = await decodeImage(bytes)
    expect(data.length).toBe(widthPx * heightPx)
    expect(Math.min(widthPx, heightPx)).toBeGreaterThanOrEqual(32)
    expect(ppi).toBeGreaterThanOrEqual(250)
    expect(ppi).toBeLessThanOrEqual(1100)
    return 'image'
  } catch (error) {
    expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^(IMAGE|PPI)_/) })
    return 'error'
  }
}

describe('not an image that is read', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>'
  const kinds: [string, Uint8Array, string][] = [
    ['SVG', ascii(svg), 'SVG'],
    ['SVG after a declaration', ascii(`<?xml version="1.0"?>\n<!-- ${'x'.repeat(3000)} -->\n${svg}`), 'SVG'],
    ['SVG after a byte order mark', concat(Uint8Array.of(0xef, 0xbb, 0xbf), ascii(`  ${svg}`)), 'SVG'],
    ['SVG in UTF-16', concat(Uint8Array.of(0xff, 0xfe), new Uint8Array(Buffer.from(svg, 'utf16le'))), 'SVG'],
    ['SVG with a prefix', ascii(svg.replaceAll('svg ', 's:svg ')), 'SVG'],
    ['XML', ascii('<?xml version="1.0"?><a/>'), 'XML'],
    ['web page', ascii('<!DOCTYPE html><html></html>'), 'a web page'],
    ['GIF', ascii('GIF89a\x01\0\x01\0'), 'GIF'],
    ['HEIC', concat(Uint8Array.of(0, 0, 0, 24), ascii('ftypheic')), 'HEIC'],
    ['AVIF', concat(Uint8Array.of(0, 0, 0, 24), ascii('ftypavif')), 'AVIF'],
    ['JPEG XL', concat(Uint8Array.of(0, 0, 0, 12), ascii('JXL \r\n')), 'JPEG XL'],
    ['PDF', ascii('%PDF-1.7\n'), 'PDF'],
    ['ELF', ascii('\x7fELF\x02\x01\x01'), 'a program'],
    ['text PGM', ascii('P2 2 2 255 0 0 0 0'), 'another Netpbm form'],
    ['colour PPM', ascii('P6 2 2 255 '), 'another Netpbm form'],
    ['minutiae record', ascii('FMR\0 20\0'), 'minutiae record'],
    ['text', ascii('hello, world'), 'no image'],
    ['one byte', Uint8Array.of(0x89), 'no image'],
    ['a RIFF that is sound', ascii('RIFF\x04\0\0\0WAVEfmt '), 'no image'],
    ['zeros', new Uint8Array(5000), 'no image'],
  ]
  for (const [name, bytes, naming] of kinds) {
    test(name, async () => {
      const error = await refusal(bytes, 500)
      expect(error).toMatchObject({ name: 'SidikError', code: 'IMAGE_FORMAT' })
      expect(error.message).toContain(naming)
      expect(error.message).toContain(READ_HERE)
    })
  }

  test('SVG behind the first bytes of an image', async () => {
    const magics = [
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'II*\0',
      'MM\0*',
      'RIFF\0\0\0\0WEBP',
      'BM',
      '\xff\xa0\xff',
      '\xff\xa0\xff\xa8\x00\x10',
      'P5 ',
      'P5 64 64 255 ',
      '\0\0\0\x0cjP  \r\n\x87\n',
      '\xff\x4f\xff\x51',
    ]
    for (const magic of magics) {
      expect(await refusal(ascii(`${magic}${svg}`), 500)).toMatchObject({ name: 'SidikError', code: 'IMAGE_CORRUPT' })
    }
  })

  test('sharp elsewhere in the process still renders SVG', async () => {
    await refusal(ascii(svg))
    expect((await sharp(Buffer.from(svg)).png().toBuffer()).length).toBeGreaterThan(0)
  })

  test('TIFF samples that are no 8 or 16-bit whole numbers', async () => {
    const wide = new Uint8Array(PIXELS.length * 4)
    const UNSIGNED = 1
    const SIGNED = 2
    const FLOAT = 3
    for (const format of [UNSIGNED, SIGNED, FLOAT]) {
      const error = await refusal(tiffOf(wide, { 258: 32, 339: format }), 500)
      expect(error).toMatchObject({ name: 'SidikError', code: 'IMAGE_FORMAT' })
    }
    const plain = await decodeImage(tiffOf(PIXELS, {}), { ppi: 500 })
    expect(plain.data).toEqual(PIXELS)
  })

  test('bitmaps of rare kinds', async () => {
    const BITS_AT = 28
    const COMPRESSION_AT = 30
    for (const [at, value, naming] of [
      [COMPRESSION_AT, 1, 'RLE8'],
      [COMPRESSION_AT, 4, 'JPEG'],
      [COMPRESSION_AT, 77, 'compression 77'],
      [BITS_AT, 4, '4 bits a pixel'],
      [BITS_AT, 16, '16 bits a pixel'],
      [14, 12, 'OS/2'],
    ] as const) {
      const file = files.bmp.slice()
      file[at] = value
      const error = await refusal(file, 500)
      expect(error).toMatchObject({ code: 'IMAGE_FORMAT', message: expect.stringContaining(naming) })
    }
    const masks = bmp(rowsOf(new Uint8Array(WIDTH * HEIGHT * 4), WIDTH * 4), WIDTH, { bits: 32, compression: 3 })
    masks[54] = 1
    expect(await refusal(masks)).toMatchObject({ code: 'IMAGE_FORMAT' })
  })
})

describe('damaged', () => {
  test('empty', async () => {
    for (const empty of [new Uint8Array(0), Buffer.alloc(0), new ArrayBuffer(0)]) {
      expect(await refusal(empty as Uint8Array)).toMatchObject({ name: 'SidikError', code: 'IMAGE_EMPTY' })
    }
  })

  test('cut short anywhere', async () => {
    for (const [name, file] of Object.entries(files)) {
      // What follows the pixels may be missing: the PNG's and the WSQ's end, the TIFF's last tags.
      const behind = { png: 16, tiff: 20, lzw: 20, wsq: 2 }[name] ?? 0
      const needed = file.length - behind
      const step = Math.max(1, Math.floor(needed / 150))
      for (let length = 1; length < needed; length += step) {
        const error = await refusal(file.slice(0, length), 500)
        expect(error, `${name} cut at ${length} of ${file.length}`).toMatchObject({ name: 'SidikError' })
        expect(error.code).toMatch(length < 16 ? /^IMAGE_(CORRUPT|FORMAT)$/ : /^IMAGE_CORRUPT$/)
      }
    }
  })

  test('bytes flipped anywhere', async () => {
    const change = fc.record({ at: fc.nat(1_000_000), value: fc.nat(255), head: fc.boolean() })
    const outcomes = { image: 0, error: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(files)),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (name, changes) => {
          const damaged = files[name].slice()
          for (const { at, value, head } of changes) damaged[at % (head ? 128 : damaged.length)] = value
          outcomes[await expectSound(damaged)]++
        },
      ),
      { numRuns: 1500 },
    )
    expect(Math.min(outcomes.image, outcomes.error)).toBeGreaterThan(50)
  }, 30_000)

  test('rubbish behind the first bytes of a format', async () => {
    const magic = fc.constantFrom(
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff\xe0',
      'II*\0',
      'MM\0*',
      'RIFF\x10\0\0\0WEBPVP8 ',
      'BM',
      '\xff\xa0\xff\xa6\x00\x20',
      'P5 ',
      '',
    )
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 300 }), async (head, tail) => {
        await expectSound(concat(ascii(head), tail))
      }),
      { numRuns: 400 },
    )
  })

  test('headers that contradict themselves', async () => {
    const setInt = (at: number, value: number) => {
      const file = files.bmp.slice()
      new DataView(file.buffer).setInt32(at, value, true)
      return file
    }
    const contradictions: Record<string, Uint8Array> = {
      'BMP of negative width': setInt(18, -48),
      'BMP whose pixels begin in its header': setInt(10, 20),
      'BMP whose pixels begin behind it': setInt(10, 1e9),
      'BMP with a header of 41 bytes': setInt(14, 41),
      'BMP with a palette of 257': setInt(46, 257),
      'BMP with fewer colours than its pixels use': setInt(46, 100),
      'PGM of maximum 0': pgm(`P5 ${WIDTH} ${HEIGHT} 0\n`, PIXELS),
      'PGM of maximum 65536': pgm(`P5 ${WIDTH} ${HEIGHT} 65536\n`, PIXELS),
      'PGM of maximum 100 with brighter pixels': pgm(`P5 ${WIDTH} ${HEIGHT} 100\n`, PIXELS),
      'PGM of negative width': pgm(`P5 -${WIDTH} ${HEIGHT} 255\n`, PIXELS),
      'PGM without numbers': ascii('P5 #'),
      'PGM of one endless comment': ascii(`P5 #${'x'.repeat(1_000_000)}`),
    }
    for (const [name, file] of Object.entries(contradictions)) {
      expect(await refusal(file, 500), name).toMatchObject({ name: 'SidikError', code: 'IMAGE_CORRUPT' })
    }
    expect(await refusal(pgm(`P5 0 ${HEIGHT} 255\n`, []), 500)).toMatchObject({ code: 'IMAGE_EMPTY' })
    expect(await refusal(pgm('P5 31 40 255\n', PIXELS), 500)).toMatchObject({ code: 'IMAGE_TOO_SMALL' })
  })
})
