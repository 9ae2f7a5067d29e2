import fc from 'fast-check'
import { encodeWsq } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { encodeImage } from '../../dist/image/encode-image.js'
import { furtherImages } from '../../dist/image/further-images.js'
import { encodeJp2 } from '../../dist/image/jp2/encode.js'
import { textsOfImage } from '../../dist/image/texts.js'
import { ascii, concat, grayPicture, HEIGHT, jpeg, PIXELS, pgm, png, pngChunk, tiffOf, WIDTH } from './files.js'

const IMAGE = { data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }
const AFTER_HEADER = 8 + 25

const withChunk = async (type: string, data: Uint8Array) => {
  const plain = await png()
  return concat(plain.subarray(0, AFTER_HEADER), pngChunk(type, data), plain.subarray(AFTER_HEADER))
}

const withSegment = async (marker: number, data: Uint8Array) => {
  const plain = await jpeg(1, 500)
  const length = data.length + 2
  return concat(plain.subarray(0, 2), Uint8Array.of(0xff, marker, length >> 8, length & 255), data, plain.subarray(2))
}

const boxed = (type: string, data: Uint8Array) => {
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, 8 + data.length)
  head.set(ascii(type), 4)
  return concat(head, data)
}

const said = (bytes: Uint8Array, format: Parameters<typeof textsOfImage>[1]) =>
  Object.fromEntries([...textsOfImage(bytes, format)].map(([kind, { first }]) => [kind, first]))

describe('texts of an image file', () => {
  it('of a PNG are its text chunks, EXIF and what is unknown', async () => {
    const text = (type: string, data: string) => withChunk(type, ascii(data))
    expect(said(await text('tEXt', 'Comment\0right thumb'), 'png')).toEqual({ 'PNG tEXt': ['Comment right thumb'] })
    expect(said(await text('iTXt', 'Title\0\0\0id\0judul\0left'), 'png')).toEqual({ 'PNG iTXt': ['Title left'] })
    expect(said(await text('iTXt', 'Title\0\x01\0id\0judul\0xx'), 'png')).toEqual({ 'PNG iTXt': ['Title 13 bytes'] })
    expect(said(await text('zTXt', 'Title\0\0xx'), 'png')).toEqual({ 'PNG zTXt': ['Title 9 bytes'] })
    expect(said(await text('tIME', '1234567'), 'png')).toEqual({ 'PNG chunk': ['tIME 7 bytes'] })
    expect(said(await text('naMe', 'someone'), 'png')).toEqual({ 'PNG chunk': ['naMe 7 bytes'] })
    expect(said(await text('eXIf', 'no EXIF'), 'png')).toEqual({ EXIF: ['7 bytes'] })
  })

  it('of a JPEG are comments and segments of applications, wherever they stand', async () => {
    const segment = (marker: number, text: string) => withSegment(marker, ascii(text))
    expect(said(await segment(0xfe, 'left thumb'), 'jpeg')).toEqual({ 'JPEG comment': ['left thumb'] })
    expect(said(await segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x/>'), 'jpeg')).toEqual({ XMP: ['33 bytes'] })
    expect(said(await segment(0xed, 'Adobe_Photoshop2.5:8BIM'), 'jpeg')).toEqual({ 'JPEG APP13': ['23 bytes'] })
    expect(said(await segment(0xed, 'Photoshop 3.0\0xyz'), 'jpeg')).toEqual({ IPTC: ['17 bytes'] })
    expect(said(await segment(0xe7, 'vendor'), 'jpeg')).toEqual({ 'JPEG APP7': ['6 bytes'] })
    const plain = await jpeg(1, 500)
    const late = concat(plain.subarray(0, -2), Uint8Array.of(0xff, 0xfe, 0, 5), ascii('abc'), plain.subarray(-2))
    expect(said(late, 'jpeg')).toEqual({ 'JPEG comment': ['abc'] })
  })

  it('of EXIF that somebody wrote are its size', async () => {
    const exif = { IFD0: { Artist: 'Operator 7' } }
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = new Uint8Array(await grayPicture().withExif(exif).toFormat(format).toBuffer())
      expect([format, said(bytes, format)]).toEqual([format, { EXIF: [expect.stringMatching(/^\d+ bytes$/)] }])
    }
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    for (const format of ['jpeg', 'webp', 'tiff'] as const) {
      const bytes = new Uint8Array(await grayPicture().withXmp(xmp).toFormat(format).toBuffer())
      expect(Object.keys(said(bytes, format))).toContain('XMP')
    }
  })

  it('of a TIFF are the texts of its tags, and blocks', () => {
    const tags = { 256: WIDTH, 257: HEIGHT, 258: 8, 262: 1, 273: 8, 277: 1, 278: HEIGHT, 279: PIXELS.length }
    expect(said(tiffOf(PIXELS, tags), 'tiff')).toEqual({})
    expect(Object.keys(said(tiffOf(PIXELS, { ...tags, 700: 3, 40001: 3 }), 'tiff'))).toEqual(['XMP', 'TIFF tag'])
    const bytes = tiffOf(PIXELS, { ...tags, 315: 3 })
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const entries = Array.from({ length: view.getUint16(8, true) }, (_, i) => 10 + 12 * i)
    const entryAt = entries.find(at => view.getUint16(at, true) === 315)!
    view.setUint16(entryAt + 2, 2, true)
    view.setUint32(entryAt + 4, 3, true)
    bytes.set(ascii('Op\0'), entryAt + 8)
    expect(said(bytes, 'tiff')).toEqual({ 'TIFF Artist': ['Op'] })
    view.setUint32(entryAt + 4, 0x7fffffff, true)
    expect(said(bytes, 'tiff')).toEqual({ 'TIFF Artist': ['outside the file'] })
  })

  it('of a PGM are its comments, of JPEG 2000 boxes beside the image', async () => {
    const bytes = pgm(`P5 # one\n#two\n${WIDTH} ${HEIGHT} 255\n`, PIXELS)
    expect(said(bytes, 'pgm')).toEqual({ 'PGM comment': ['one', 'two'] })
    const jp2 = await encodeJp2(IMAGE)
    expect(said(concat(jp2, boxed('xml ', ascii('<a/>'))), 'jp2')).toEqual({ 'JPEG 2000 xml': ['4 bytes'] })
    expect(said(concat(jp2, boxed('lbl ', ascii('thumb'))), 'jp2')).toEqual({ 'JPEG 2000 box': ['lbl  5 bytes'] })
    const [comment] = [Buffer.from(jp2).indexOf('Created by OpenJPEG')]
    const named = concat(jp2.subarray(0, comment), ascii('NIK 3276012304560001'), jp2.subarray(comment + 20))
    expect(said(named, 'jp2')).toEqual({ 'JPEG 2000 comment': [expect.stringContaining('NIK 3276012304560001')] })
  })

  it('are counted, and the first of few kinds given', async () => {
    const [plain, count] = [await png(), 20_000]
    const chunks = Array.from({ length: count }, (_, i) => pngChunk(`a${i.toString(36).padStart(3, 'A')}`, ascii('x')))
    const many = concat(plain.subarray(0, AFTER_HEADER), ...chunks, plain.subarray(AFTER_HEADER))
    expect([...textsOfImage(many, 'png')].map(([kind, texts]) => [kind, texts.count, texts.first.length])).toEqual([
      ['PNG chunk', count, 10],
    ])
  })

  it('of what is written here are none', async () => {
    for (const format of ['png', 'jpeg', 'jp2', 'pgm'] as const) {
      expect([format, said(await encodeImage(IMAGE, format), format)]).toEqual([format, {}])
    }
    expect(said(await encodeWsq(IMAGE), 'wsq')).toEqual({})
  })

  it('are found in any bytes without an error', async () => {
    const files = {
      png: await png(),
      jpeg: await jpeg(1, 500),
      tiff: new Uint8Array(await grayPicture().tiff().toBuffer()),
    }
    const others = { webp: new Uint8Array(await grayPicture().webp().toBuffer()), jp2: await encodeJp2(IMAGE) }
    const all = Object.entries({
      ...files,
      ...others,
      pgm: pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, PIXELS),
      wsq: await encodeWsq(IMAGE),
    })
    const change = fc.tuple(
      fc.constantFrom(...all),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
      fc.nat(3000),
    )
    fc.assert(
      fc.property(change, ([[format, file], changes, length]) => {
        const bytes = file.slice(0, length)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        textsOfImage(bytes, format as never)
        furtherImages(bytes, format as never)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('images behind the first', () => {
  const frames = (count: number) => {
    const control = new Uint8Array(8)
    new DataView(control.buffer).setUint32(0, count)
    return withChunk('acTL', control)
  }

  it('of a PGM and a PNG are told', async () => {
    const one = pgm(`P5 ${WIDTH} ${HEIGHT} 255\n`, PIXELS)
    const behind = `${one.length} bytes behind the end of its first image`
    expect(furtherImages(one, 'pgm')).toBeUndefined()
    expect(furtherImages(concat(one, one), 'pgm')).toEqual({
      offset: one.length,
      what: `${behind}, where another begins`,
    })
    const junk = { offset: one.length, what: '2 bytes behind the end of its first image' }
    expect(furtherImages(concat(one, ascii('xx')), 'pgm')).toEqual(junk)
    expect(furtherImages(await frames(3), 'png')).toEqual({ offset: AFTER_HEADER, what: '3 frames' })
    expect(furtherImages(await frames(1), 'png')).toBeUndefined()
    expect(furtherImages(await png(), 'png')).toBeUndefined()
  })
})
