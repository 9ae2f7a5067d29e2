/** EXIF in image files: a TIFF without pixels (CIPA DC-008, 4.5). */
import { SidikError } from '../errors.js'
import { jpegSegments, pngChunks, webpChunks } from './segments.js'
import { pagesOfTiff, tiffEntries } from './tiff-directory.js'

/** Tag of the directory that an entry points to. */
export const EXIF_DIRECTORY = 34665
const POINTERS: ReadonlySet<number> = new Set([EXIF_DIRECTORY, 34853, 40965])

const PREFIX = 'Exif\0\0'
const APPLICATION_1 = 0xe1

/** Entries in all directories; cameras write fewer than 100. */
const MOST_ENTRIES = 1_000

/** @param exif with or without its leading 'Exif\0\0' */
export function tiffOfExif(exif: Uint8Array): Uint8Array {
  return hasPrefix(exif) ? exif.subarray(PREFIX.length) : exif
}

/**
 * Refuses a file with more EXIF than anybody writes before its decoder sees it: libexif takes time
 * with the square of the entries. 4,000 in a PNG of 48 KB took 8 s, and 65,535 are possible.
 *
 * @throws SidikError IMAGE_FORMAT
 */
export function refuseLongExif(bytes: Uint8Array, format: 'png' | 'jpeg' | 'webp'): void {
  let left = MOST_ENTRIES
  for (const exif of BLOCKS[format](bytes)) {
    left -= entriesOf(tiffOfExif(exif), left)
    if (left >= 0) continue
    const message = `its EXIF has more than ${MOST_ENTRIES} entries, which are not read: save it without EXIF`
    throw new SidikError('IMAGE_FORMAT', message)
  }
}

const BLOCKS = { png: blocksOfPng, jpeg: blocksOfJpeg, webp: blocksOfWebp }

function* blocksOfPng(bytes: Uint8Array): Generator<Uint8Array> {
  for (const { type, data } of pngChunks(bytes)) if (type === 'eXIf') yield data
}

function* blocksOfJpeg(bytes: Uint8Array): Generator<Uint8Array> {
  for (const { marker, data } of jpegSegments(bytes)) if (marker === APPLICATION_1 && hasPrefix(data)) yield data
}

function* blocksOfWebp(bytes: Uint8Array): Generator<Uint8Array> {
  for (const { type, data } of webpChunks(bytes)) if (type === 'EXIF') yield data
}

const hasPrefix = (exif: Uint8Array) => String.fromCharCode(...exif.subarray(0, PREFIX.length)) === PREFIX

/** Entries in all directories, as often as they are pointed to; counted to one more than `most`. */
function entriesOf(tiff: Uint8Array, most: number): number {
  const directories: (number | undefined)[] = [undefined]
  const { secondAt } = pagesOfTiff(tiff)
  if (secondAt > 0) directories.push(secondAt)
  let count = 0
  for (const at of directories) {
    for (const { tag, offset } of tiffEntries(tiff, at)) {
      if (++count > most) return count
      if (POINTERS.has(tag)) directories.push(offset)
    }
  }
  return count
}
