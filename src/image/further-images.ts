/** Images in a file behind the first, which alone is read: pages of a TIFF, frames of a PNG, images of a PGM. */
import type { PlainFormat } from './file-format.js'
import { endOfPgm } from './pgm.js'
import { pngChunks } from './segments.js'
import { MOST_PAGES, pagesOfTiff } from './tiff-directory.js'

/** Where they begin, and what the file has, in words. */
export interface FurtherImages {
  readonly offset: number
  readonly what: string
}

/** Undefined where the file has one image, and nothing behind it. */
export function furtherImages(bytes: Uint8Array, format: PlainFormat): FurtherImages | undefined {
  if (format === 'tiff') {
    const { count, secondAt } = pagesOfTiff(bytes)
    return count < 2 ? undefined : { offset: secondAt, what: `${count}${count === MOST_PAGES ? ' or more' : ''} pages` }
  }
  if (format === 'png') return framesOfPng(bytes)
  return format === 'pgm' ? behindPgm(bytes) : undefined
}

function framesOfPng(bytes: Uint8Array): FurtherImages | undefined {
  for (const { type, data, offset } of pngChunks(bytes)) {
    if (type === 'IDAT') return undefined
    if (type !== 'acTL' || data.length < 4) continue
    const count = new DataView(data.buffer, data.byteOffset).getUint32(0)
    return count < 2 ? undefined : { offset, what: `${count} frames` }
  }
  return undefined
}

function behindPgm(bytes: Uint8Array): FurtherImages | undefined {
  const end = endOfPgm(bytes)
  if (end === undefined || end >= bytes.length) return undefined
  const isImage = bytes[end] === 0x50 && bytes[end + 1] === 0x35
  const what = `${bytes.length - end} bytes behind the end of its first image`
  return { offset: end, what: isImage ? `${what}, where another begins` : what }
}
