/**
 * Statements of an image file besides its pixels, which may name a person or a finger: comments,
 * texts, EXIF, XMP, and whatever else is neither pixels nor how they are laid out. Nothing is decoded.
 */
import { SidikError } from '../errors.js'
import { EXIF_DIRECTORY, tiffOfExif } from './exif.js'
import type { PlainFormat } from './file-format.js'
import { commentsOfPgm } from './pgm.js'
import { jpegSegments, pngChunks, webpChunks } from './segments.js'
import { pagesOfTiff, tiffEntries } from './tiff-directory.js'
import { inspectWsq } from './wsq/inspect.js'

/** A kind, such as 'PNG tEXt', and the text or its size. */
type Found = readonly [kind: string, text: string]

/** Characters of a text that are read. */
const LONGEST = 200

/** Texts of each kind that are given; the others are counted. */
const MOST_TEXTS = 10

/** The texts of one kind: how many there are, and the first of them. */
export interface Texts {
  readonly count: number
  readonly first: readonly string[]
}

/** Texts by their kinds, each at most 200 characters long. There are few kinds, however many texts. */
export function textsOfImage(bytes: Uint8Array, format: PlainFormat): Map<string, Texts> {
  const texts = new Map<string, { count: number; first: string[] }>()
  for (const [kind, text] of FINDERS[format](bytes)) {
    const one = texts.get(kind) ?? { count: 0, first: [] }
    if (one.count++ < MOST_TEXTS) one.first.push(text)
    texts.set(kind, one)
  }
  return texts
}

const FINDERS: Readonly<Record<PlainFormat, (bytes: Uint8Array) => Iterable<Found>>> = {
  png: pngTexts,
  jpeg: jpegTexts,
  tiff: tiffTexts,
  webp: webpTexts,
  wsq: wsqTexts,
  jp2: jp2Texts,
  pgm: bytes => commentsOfPgm(bytes).map(text => ['PGM comment', text.slice(0, LONGEST)]),
  bmp: () => [],
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, LONGEST))
const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, LONGEST))
const sized = ({ length }: Uint8Array) => `${length} bytes`
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Pixels, colours, resolution and animation. */
const PNG_LAYOUT = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs sPLT cICP acTL fcTL fdAT'.split(' '),
)

function* pngTexts(bytes: Uint8Array): Generator<Found> {
  for (const { type, data } of pngChunks(bytes)) {
    const end = data.indexOf(0)
    const keyword = latin1(data.subarray(0, Math.max(end, 0)))
    if (type === 'tEXt') yield ['PNG tEXt', `${keyword} ${latin1(data.subarray(end + 1))}`]
    else if (type === 'zTXt') yield ['PNG zTXt', `${keyword} ${sized(data)}`]
    else if (type === 'iTXt') yield ['PNG iTXt', `${keyword} ${internationalText(data.subarray(end + 1))}`]
    else if (type === 'eXIf') yield* exifTexts(data)
    else if (!PNG_LAYOUT.has(type)) yield ['PNG chunk', `${type} ${sized(data)}`]
  }
}

/** Whether it is compressed, the method, a language, the keyword translated, the text. */
function internationalText(data: Uint8Array): string {
  const language = data.indexOf(0, 2)
  const translated = data.indexOf(0, language + 1)
  const isPlain = data[0] === 0 && language >= 0 && translated >= 0
  return isPlain ? utf8(data.subarray(translated + 1)) : sized(data)
}

const COMMENT = 0xfe
const FIRST_APPLICATION = 0xe0
const LAST_APPLICATION = 0xef
/** How segments of applications begin that say nothing of this kind: resolution, colours, several pictures. */
const JPEG_LAYOUT = /^(JFIF\0|JFXX\0|Adobe\0|ICC_PROFILE\0)/
const JPEG_NAMES: readonly (readonly [string, string])[] = [
  ['Exif\0', 'EXIF'],
  ['http://ns.adobe.com/xap/', 'XMP'],
  ['http://ns.adobe.com/xmp/', 'XMP'],
  ['Photoshop 3.0', 'IPTC'],
]

function* jpegTexts(bytes: Uint8Array): Generator<Found> {
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === COMMENT) yield ['JPEG comment', latin1(data)]
    if (marker < FIRST_APPLICATION || marker > LAST_APPLICATION) continue
    const head = latin1(data)
    const known = JPEG_NAMES.find(([start]) => head.startsWith(start))?.[1]
    if (known === 'EXIF') yield* exifTexts(data)
    else if (!JPEG_LAYOUT.test(head)) yield [known ?? `JPEG APP${marker - FIRST_APPLICATION}`, sized(data)]
  }
}

/** Orientation, resolution, samples, editions, the size once more: what libvips, and so sharp, writes of itself. */
const EXIF_LAYOUT: ReadonlySet<number> = new Set([
  ...[274, 282, 283, 296, 531, EXIF_DIRECTORY],
  ...[36864, 37121, 40960, 40961, 40962, 40963],
])

/** @param exif with or without its leading 'Exif\0\0' */
function* exifTexts(exif: Uint8Array): Generator<Found> {
  const tiff = tiffOfExif(exif)
  // A second directory is that of a thumbnail.
  if (saysMore(tiff) || pagesOfTiff(tiff).count > 1) yield ['EXIF', sized(exif)]
}

/**
 * Whether a directory or the EXIF one in it has more than layout. What does not parse may say
 * anything; so may a second EXIF directory, of which each would be one more walk.
 */
function saysMore(tiff: Uint8Array, at?: number): boolean {
  let inner: number | undefined
  let isEmpty = true
  for (const { tag, offset } of tiffEntries(tiff, at)) {
    isEmpty = false
    if (!EXIF_LAYOUT.has(tag)) return true
    if (tag !== EXIF_DIRECTORY) continue
    if (at !== undefined || inner !== undefined) return true
    inner = offset
  }
  return isEmpty || (inner !== undefined && saysMore(tiff, inner))
}

const ASCII = 2
const TIFF_NAMES: ReadonlyMap<number, string> = new Map([
  ...([
    [269, 'DocumentName'],
    [270, 'ImageDescription'],
    [271, 'Make'],
    [272, 'Model'],
    [285, 'PageName'],
  ] as const),
  ...([
    [305, 'Software'],
    [306, 'DateTime'],
    [315, 'Artist'],
    [316, 'HostComputer'],
    [33432, 'Copyright'],
  ] as const),
])
const TIFF_BLOCKS: ReadonlyMap<number, string> = new Map([
  [700, 'XMP'],
  [33723, 'IPTC'],
  [34377, 'Photoshop'],
  [EXIF_DIRECTORY, 'EXIF'],
  [34853, 'GPS'],
])
const FIRST_PRIVATE_TAG = 32768
const COLOUR_PROFILE = 34675

function* tiffTexts(bytes: Uint8Array): Generator<Found> {
  let directories = 0
  for (const { tag, type, offset, value } of tiffEntries(bytes)) {
    if (tag === EXIF_DIRECTORY && ++directories === 1 && !saysMore(bytes, offset)) continue
    const block = TIFF_BLOCKS.get(tag)
    const name = TIFF_NAMES.get(tag)
    const told = (text: string): Found => (name === undefined ? ['TIFF tag', `${tag} ${text}`] : [`TIFF ${name}`, text])
    const size = value === undefined ? 'outside the file' : sized(value)
    // Where the block is, not how long.
    if (block !== undefined) yield [block, block === 'EXIF' || block === 'GPS' ? 'a directory' : size]
    else if (type === ASCII) yield told(value === undefined ? size : latin1(value).replace(/\0+$/, ''))
    else if (tag >= FIRST_PRIVATE_TAG && tag !== COLOUR_PROFILE) yield told(size)
  }
}

const WEBP_LAYOUT = /^(VP8[ LX]|ALPH|ANIM|ANMF|ICCP)$/

function* webpTexts(bytes: Uint8Array): Generator<Found> {
  for (const { type, data } of webpChunks(bytes)) {
    if (type === 'EXIF') yield* exifTexts(data)
    else if (!WEBP_LAYOUT.test(type)) yield [type === 'XMP ' ? 'XMP' : 'WebP chunk', sized(data)]
  }
}

const JP2_LAYOUT = /^(jP {2}|ftyp|jp2h|jp2c|rreq|free)$/
const JP2_NAMES = /^(xml |uuid|uinf)$/

/** Boxes of the file; lengths that do not fit are its decoder's to refuse. */
function* jp2Texts(bytes: Uint8Array): Generator<Found> {
  if (bytes[0] === 0xff) return yield* codestreamTexts(bytes)
  const view = viewOf(bytes)
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = latin1(bytes.subarray(at + 4, at + 8))
    const isLong = view.getUint32(at) === 1 && at + 16 <= bytes.length
    const stated = isLong ? Number(view.getBigUint64(at + 8)) : view.getUint32(at)
    const end = stated === 0 ? bytes.length : at + stated
    if (end < at + 8 || end > bytes.length) return
    const data = bytes.subarray(at + (isLong ? 16 : 8), end)
    if (type === 'jp2c') yield* codestreamTexts(data)
    else if (JP2_NAMES.test(type)) yield [`JPEG 2000 ${type.trim()}`, sized(data)]
    else if (!JP2_LAYOUT.test(type)) yield ['JPEG 2000 box', `${type} ${sized(data)}`]
    at = end
  }
}

const JP2_COMMENT = 0xff64
const FIRST_TILE = 0xff90
/** The comment of OpenJPEG, with which we write, on itself. */
const OF_THE_WRITER = /^Created by OpenJPEG/

/** Comments in the main header of a codestream (ISO/IEC 15444-1, A.9.2). */
function* codestreamTexts(bytes: Uint8Array): Generator<Found> {
  const view = viewOf(bytes)
  for (let at = 2; at + 4 <= bytes.length && view.getUint16(at) !== FIRST_TILE; ) {
    const length = view.getUint16(at + 2)
    if (length < 2) return
    // Behind what the text is: Latin or binary.
    const text = latin1(bytes.subarray(at + 6, at + 2 + length))
    if (view.getUint16(at) === JP2_COMMENT && !OF_THE_WRITER.test(text)) yield ['JPEG 2000 comment', text]
    at += 2 + length
  }
}

/** Lines of NIST's comment that describe the coded image. */
const OF_THE_IMAGE = /^(NIST_COM|PIX_WIDTH|PIX_HEIGHT|PIX_DEPTH|PPI|LOSSY|COLORSPACE|COMPRESSION|WSQ_BITRATE)\b/

function* wsqTexts(bytes: Uint8Array): Generator<Found> {
  try {
    for (const { fields } of inspectWsq(bytes, { onDeviation: () => {} })) {
      const lines = String(fields.text ?? '').split('\n')
      const said = lines.filter(line => line.trim() && !OF_THE_IMAGE.test(line))
      for (const line of said) yield ['comment', line.slice(0, LONGEST)]
    }
  } catch (error) {
    // A damaged one is its decoder's to refuse.
    if (!(error instanceof SidikError)) throw error
  }
}
