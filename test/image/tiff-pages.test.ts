import fc from 'fast-check'
import sharp from 'sharp'
import type { Deviation } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { convertPrint } from '../../dist/convert/convert.js'
import { readDocument } from '../../dist/convert/document.js'
import { printsOf } from '../../dist/convert/prints.js'
import { decodeImage } from '../../dist/image/decode.js'
import { keepFirstPage, pagesOfTiff } from '../../dist/image/tiff-directory.js'
import { HEIGHT, PIXELS, WIDTH } from './files.js'

const TAGS: readonly (readonly [tag: number, value: number])[] = [
  [256, WIDTH],
  [257, HEIGHT],
  [258, 8],
  [259, 1],
  [262, 1],
  [273, 16],
  [277, 1],
  [278, HEIGHT],
  [279, PIXELS.length],
]

interface Kind {
  readonly little: boolean
  readonly big: boolean
}

const KINDS: readonly (readonly [name: string, kind: Kind])[] = [
  ['little-endian', { little: true, big: false }],
  ['big-endian', { little: false, big: false }],
  ['little-endian BigTIFF', { little: true, big: true }],
  ['big-endian BigTIFF', { little: false, big: true }],
]

const FIRST = 16 + PIXELS.length

const directoryBytes = ({ big }: Kind) => (big ? 16 + 20 * TAGS.length : 6 + 12 * TAGS.length)

/** Pages that share their pixels. @param last where the last one says that the next begins */
function tiffOfPages(pages: number, kind: Kind, last = 0): Uint8Array {
  const { little, big } = kind
  const bytes = new Uint8Array(FIRST + pages * directoryBytes(kind))
  const view = new DataView(bytes.buffer)
  const offset = (at: number, value: number) =>
    big ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little)
  bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d])
  view.setUint16(2, big ? 43 : 42, little)
  if (big) view.setUint16(4, 8, little)
  offset(big ? 8 : 4, FIRST)
  bytes.set(PIXELS, 16)
  for (let page = 0; page < pages; page++) {
    const at = FIRST + page * directoryBytes(kind)
    if (big) view.setBigUint64(at, BigInt(TAGS.length), little)
    else view.setUint16(at, TAGS.length, little)
    TAGS.forEach(([tag, value], i) => {
      const entry = at + (big ? 8 + 20 * i : 2 + 12 * i)
      view.setUint16(entry, tag, little)
      view.setUint16(entry + 2, big ? 16 : 4, little)
      if (big) view.setBigUint64(entry + 4, 1n, little)
      else view.setUint32(entry + 4, 1, little)
      offset(entry + (big ? 12 : 8), value)
    })
    const next = at + directoryBytes(kind)
    offset(next - (big ? 8 : 4), page + 1 < pages ? next : last)
  }
  return bytes
}

describe.each(KINDS)('a %s TIFF of many pages', (_, kind) => {
  it('has one for its decoder, which would count all of them', async () => {
    const bytes = tiffOfPages(50, kind)
    expect((await sharp(bytes).metadata()).pages).toBe(50)
    const alone = bytes.slice()
    keepFirstPage(alone)
    expect((await sharp(alone).metadata()).pages ?? 1).toBe(1)
    const changed = [...bytes.keys()].filter(at => bytes[at] !== alone[at])
    const pointerAt = FIRST + directoryBytes(kind) - (kind.big ? 8 : 4)
    expect(changed.every(at => at >= pointerAt && at < FIRST + directoryBytes(kind))).toBe(true)
  })

  it.each([
    ['of 100,000 pages', 100_000, 0],
    ['whose pages go round in a circle', 3, FIRST],
    ['whose second page lies beyond the end', 1, 0x7fffffff],
    ['whose second page lies in its pixels', 1, 16],
  ])('%s is read as its first page, and left as it was', async (_, pages, last) => {
    const bytes = tiffOfPages(pages, kind, last)
    const before = bytes.slice()
    expect((await decodeImage(bytes, { ppi: 500 })).data).toEqual(PIXELS)
    expect(Buffer.compare(bytes, before)).toBe(0)
  })

  it.each([
    ['one', 1, 0, { count: 1, secondAt: 0 }],
    ['three', 3, 0, { count: 3, secondAt: FIRST + directoryBytes(kind) }],
    ['more than are counted', 100_000, 0, { count: 10_000, secondAt: FIRST + directoryBytes(kind) }],
    ['a circle of three', 3, FIRST, { count: 3, secondAt: FIRST + directoryBytes(kind) }],
    ['one that points beyond the end', 1, 0x7fffffff, { count: 1, secondAt: 0 }],
  ])('has its pages counted: %s', (_, pages, last, counted) => {
    expect(pagesOfTiff(tiffOfPages(pages, kind, last))).toEqual(counted)
  })

  it('says to those who look and to those who convert that further pages are not read', async () => {
    const bytes = tiffOfPages(2, kind)
    const heard: string[] = []
    const onDeviation = ({ field, offset, message }: Deviation) => heard.push(`${field} ${offset} ${message}`)
    const [print] = printsOf(readDocument(bytes, { onDeviation }))
    const at = FIRST + directoryBytes(kind)
    expect(heard).toEqual([`further images ${at} are not read: the file has 2 pages`])
    const { losses } = await convertPrint(print, 'png', { extract: async () => new Uint8Array(), ppi: 500 })
    expect(losses).toEqual(['further images: 2 pages'])
  })

  it('damaged in any way is left as long as it is', () => {
    const good = tiffOfPages(2, kind)
    const change = fc.record({ at: fc.nat(FIRST + 40), value: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
        const bytes = good.slice(0, length)
        for (const { at, value } of changes) if (at < length) bytes[at] = value
        const before = bytes.slice()
        keepFirstPage(bytes)
        const changed = [...bytes.keys()].filter(at => bytes[at] !== before[at])
        expect(changed.length).toBeLessThanOrEqual(8)
      }),
    )
  })
})
