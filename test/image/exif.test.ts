import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { refuseLongExif, tiffOfExif } from '../../dist/image/exif.js'
import { samplesOf } from '../../dist/image/samples.js'
import { textsOfImage } from '../../dist/image/texts.js'
import { ascii, concat, grayPicture, jpeg, png, pngChunk } from './files.js'

const EXIF_DIRECTORY = 34665
const ORIENTATION = 274
const DESCRIPTION = 270

/** An EXIF block of directories: [tag, value] of each entry; `next` links the second to the first. */
function exif(directories: readonly (readonly (readonly [number, number])[])[], next = 0): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 + directories.reduce((sum, { length }) => sum + 6 + 12 * length, 0) + 16))
  view.setUint32(0, 0x49492a00)
  view.setUint32(4, 8, true)
  let at = 8
  for (const [i, entries] of directories.entries()) {
    view.setUint16(at, entries.length, true)
    at += 2
    for (const [tag, value] of entries) {
      view.setUint16(at, tag, true)
      view.setUint16(at + 2, tag === EXIF_DIRECTORY ? 4 : 3, true)
      view.setUint32(at + 4, 1, true)
      view.setUint32(at + 8, value, true)
      at += 12
    }
    view.setUint32(at, i === 0 ? next : 0, true)
    at += 4
  }
  return new Uint8Array(view.buffer)
}

const orientations = (count: number) => Array.from({ length: count }, () => [ORIENTATION, 1] as const)

async function pngWith(block: Uint8Array): Promise<Uint8Array> {
  const plain = await png()
  return concat(plain.subarray(0, 33), pngChunk('eXIf', block), plain.subarray(33))
}

async function jpegWith(...blocks: Uint8Array[]): Promise<Uint8Array> {
  const plain = await jpeg(1, 500)
  const segments = blocks.map(block => {
    const data = concat(ascii('Exif\0\0'), block)
    return concat(Uint8Array.of(0xff, 0xe1, (data.length + 2) >> 8, (data.length + 2) & 255), data)
  })
  return concat(plain.subarray(0, 2), ...segments, plain.subarray(2))
}

async function webpWith(block: Uint8Array): Promise<Uint8Array> {
  const plain = new Uint8Array(await grayPicture().webp().toBuffer())
  const head = concat(ascii('EXIF'), new Uint8Array(4))
  new DataView(head.buffer, head.byteOffset).setUint32(4, block.length, true)
  return concat(plain, head, block)
}

describe('EXIF of more entries than anybody writes', () => {
  // libexif takes time with the square of them: 8 s for 4,000 in 48 KB.
  it('is refused before a decoder sees it', async () => {
    const long = exif([orientations(1_001)])
    for (const bytes of [await pngWith(long), await jpegWith(long), await webpWith(long)]) {
      await expect(decodeImage(bytes, { ppi: 500 })).rejects.toMatchObject({ code: 'IMAGE_FORMAT' })
    }
    await expect(samplesOf(await pngWith(long), 'png')).rejects.toThrow(/more than 1000 entries/)
  })

  it('is counted in all directories, as often as they are pointed to, and in all blocks', async () => {
    const inner = 8 + 2 + 12 * 40 + 4
    const pointers = Array.from({ length: 40 }, () => [EXIF_DIRECTORY, inner] as const)
    const refused = (bytes: Uint8Array, format: 'png' | 'jpeg') => {
      try {
        refuseLongExif(bytes, format)
        return false
      } catch (error) {
        if (error instanceof SidikError) return true
        throw error
      }
    }
    expect(refused(await pngWith(exif([pointers, orientations(30)])), 'png')).toBe(true)
    expect(refused(await pngWith(exif([[pointers[0], ...orientations(39)], orientations(30)])), 'png')).toBe(false)
    // A directory that points to itself.
    expect(refused(await pngWith(exif([[[EXIF_DIRECTORY, 8]]])), 'png')).toBe(true)
    // The one of a thumbnail.
    expect(refused(await pngWith(exif([orientations(500), orientations(501)], 8 + 6 + 12 * 500)), 'png')).toBe(true)
    const half = exif([orientations(501)])
    expect(refused(await jpegWith(half), 'jpeg')).toBe(false)
    expect(refused(await jpegWith(half, half), 'jpeg')).toBe(true)
  })

  it('has as many as are allowed read', async () => {
    const bytes = await pngWith(exif([orientations(1_000)]))
    await expect(decodeImage(bytes, { ppi: 500 })).resolves.toMatchObject({ ppi: 500 })
  })
})

describe('EXIF that is named as a loss', () => {
  const kinds = (bytes: Uint8Array) => [...textsOfImage(bytes, 'png').keys()]

  it('says more than layout in any directory', async () => {
    const inner = 8 + 2 + 12 + 4
    expect(kinds(await pngWith(exif([orientations(1)])))).toEqual([])
    expect(kinds(await pngWith(exif([[[EXIF_DIRECTORY, inner]], orientations(1)])))).toEqual([])
    expect(kinds(await pngWith(exif([[[EXIF_DIRECTORY, inner]], [[DESCRIPTION, 0]]])))).toEqual(['EXIF'])
    expect(kinds(await pngWith(exif([orientations(1), [[DESCRIPTION, 0]]], inner)))).toEqual(['EXIF'])
  })

  // Each walk of one directory for each of its entries would be the square of them.
  it('is walked once, however often a directory is pointed to', async () => {
    const inner = 8 + 2 + 12 * 2 + 4
    const twice = [EXIF_DIRECTORY, inner] as const
    expect(kinds(await pngWith(exif([[twice, twice], orientations(1)])))).toEqual(['EXIF'])
  })
})

it('a block begins with or without its name', () => {
  const block = exif([orientations(1)])
  expect(tiffOfExif(block)).toEqual(block)
  expect(tiffOfExif(concat(ascii('Exif\0\0'), block))).toEqual(block)
})
