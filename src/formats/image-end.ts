/**
 * Where an image file ends by its own markers, chunks or boxes. Nothing is decoded: what stands
 * behind that end is no part of the image, and whoever hands the bytes on hands it on unseen.
 */

/**
 * A file that is none of the kinds that state where they end: TIFF, BMP, PGM, or no image at all.
 */
export const NO_STATED_END = 'no stated end'

/** Offset just behind the image; undefined where the bytes end before it does. */
export type ImageEnd = number | undefined | typeof NO_STATED_END

export type ImageKind = 'WSQ' | 'JPEG' | 'JPEG 2000' | 'PNG' | 'WebP'

interface Beginning {
  readonly kind: ImageKind
  readonly bytes: string
  readonly endOf: (data: Uint8Array) => number | undefined
}

const BEGINNINGS: readonly Beginning[] = [
  { kind: 'WSQ', bytes: '\xff\xa0', endOf: data => endByMarkers(data, WSQ) },
  { kind: 'JPEG', bytes: '\xff\xd8\xff', endOf: data => endByMarkers(data, JPEG) },
  { kind: 'JPEG 2000', bytes: '\xff\x4f\xff\x51', endOf: data => endOfCodestream(data, 0) },
  { kind: 'JPEG 2000', bytes: '\0\0\0\x0cjP  ', endOf: data => endByBoxes(data) },
  { kind: 'PNG', bytes: '\x89PNG\r\n\x1a\n', endOf: data => endByChunks(data) },
  { kind: 'WebP', bytes: 'RIFF', endOf: data => endOfRiff(data) },
]

const beginningOf = (data: Uint8Array) => BEGINNINGS.find(({ bytes }) => begins(data, bytes))

/** The kind of an image file, by how it begins; undefined for all others. */
export function imageKindOf(data: Uint8Array): ImageKind | undefined {
  return beginningOf(data)?.kind
}

/** The end of a WSQ, JPEG, JPEG 2000, PNG or WebP file that begins with the first byte. */
export function endOfImage(data: Uint8Array): ImageEnd {
  const beginning = beginningOf(data)
  return beginning === undefined ? NO_STATED_END : beginning.endOf(data)
}

/**
 * The deviation of bytes that stand behind an image, or of an image without an end; undefined where
 * neither is so.
 */
export function problemOfEnd(data: Uint8Array): string | undefined {
  const end = endOfImage(data)
  if (end === NO_STATED_END || end === data.length) return undefined
  if (end === undefined) return 'is an image that has no end: it was cut short'
  const behind = data.length - end
  return `has ${behind} byte${behind === 1 ? '' : 's'} behind the end of its image, which ends after ${end}`
}

function begins(data: Uint8Array, signature: string): boolean {
  if (data.length < signature.length) return false
  for (let i = 0; i < signature.length; i++) if (data[i] !== signature.charCodeAt(i)) return false
  return true
}

const u16 = (data: Uint8Array, at: number) => (data[at] << 8) | data[at + 1]
const u32 = (data: Uint8Array, at: number) => u16(data, at) * 0x10000 + u16(data, at + 2)

/** Second bytes of markers, of which 0xFF is the first. */
interface Markers {
  readonly end: number
  /** Begins a header behind which coded data stands, with 0xFF00 for 0xFF. */
  readonly scan: number
  /** The first of eight within coded data. */
  readonly restart: number
}

const JPEG: Markers = { end: 0xd9, scan: 0xda, restart: 0xd0 }
const WSQ: Markers = { end: 0xa1, scan: 0xa3, restart: 0xb0 }

/**
 * Markers of JPEG and WSQ: the end, or a segment of two bytes of length, which count themselves.
 */
function endByMarkers(data: Uint8Array, { end, scan, restart }: Markers): number | undefined {
  let at = 2
  while (at < data.length && data[at] === 0xff) {
    // Any number of 0xFF may stand before a marker.
    while (data[at] === 0xff) at++
    const marker = data[at++]
    if (marker === end) return at
    if (at + 2 > data.length) return undefined
    at += Math.max(u16(data, at), 2)
    if (marker === scan) at = endOfCoded(data, at, restart)
  }
  return undefined
}

function endOfCoded(data: Uint8Array, from: number, restart: number): number {
  for (let at = data.indexOf(0xff, from); at >= 0; at = data.indexOf(0xff, at)) {
    const next = data[at + 1]
    const isCoded = next === 0 || (next >= restart && next < restart + 8)
    if (!isCoded) return at
    at += 2
  }
  return data.length
}

const TILE_PART = 0x90
const TILE_DATA = 0x93
const PACKET_START = 0x91
const PACKET_START_BYTES = 6
const CODESTREAM_END = 0xd9

/**
 * The end of a codestream of JPEG 2000 (ISO/IEC 15444-1, annex A). Its coded data has no byte above
 * 0x8F behind a 0xFF, so that the next such pair is a marker.
 */
function endOfCodestream(data: Uint8Array, start: number): number | undefined {
  let at = start + 2
  while (at + 2 <= data.length && data[at] === 0xff) {
    const marker = data[at + 1]
    if (marker === CODESTREAM_END) return at + 2
    if (marker === TILE_DATA) at = endOfTileData(data, at + 2)
    else at += 2 + Math.max(at + 4 > data.length ? 0 : u16(data, at + 2), 2)
  }
  return undefined
}

function endOfTileData(data: Uint8Array, from: number): number {
  for (let at = data.indexOf(0xff, from); at >= 0; at = data.indexOf(0xff, at)) {
    const next = data[at + 1]
    if (next === TILE_PART || next === CODESTREAM_END) return at
    at += next === PACKET_START ? PACKET_START_BYTES : 2
  }
  return data.length
}

/** Boxes that may follow the first two of a JP2 file. A second signature begins another file. */
const BOXES = /^(jp2h|jp2c|jp2i|xml |uuid|uinf|free)$/

function endByBoxes(data: Uint8Array): number | undefined {
  let end: number | undefined
  for (let at = 0; at < data.length; ) {
    if (at + 8 > data.length) return end ?? undefined
    const type = String.fromCharCode(...data.subarray(at + 4, at + 8))
    const isHead = at === 0 ? type === 'jP  ' : type === 'ftyp' && end === undefined
    if (!isHead && !BOXES.test(type)) return end
    const isLong = u32(data, at) === 1
    const headBytes = isLong ? 16 : 8
    const stated = isLong ? u32(data, at + 8) * 2 ** 32 + u32(data, at + 12) : u32(data, at)
    const boxEnd = stated === 0 ? data.length : at + stated
    // A length that does not fit is the reader's to refuse; of coded data that was cut short there
    // is no end.
    if (!(boxEnd >= at + headBytes && boxEnd <= data.length)) return end
    if (type === 'jp2c') {
      end = endOfCodestream(data.subarray(0, boxEnd), at + headBytes)
      if (end !== boxEnd) return end
    } else if (end !== undefined) {
      end = boxEnd
    }
    at = boxEnd
  }
  return end
}

const CHUNK_BYTES = 12

function endByChunks(data: Uint8Array): number | undefined {
  for (let at = 8; at + CHUNK_BYTES <= data.length; ) {
    const isEnd = begins(data.subarray(at + 4, at + 8), 'IEND')
    at += CHUNK_BYTES + u32(data, at)
    if (isEnd) return at <= data.length ? at : undefined
  }
  return undefined
}

/**
 * The length of a RIFF file is little-endian and counts what follows it, padded to an even count.
 */
function endOfRiff(data: Uint8Array): number | undefined {
  const length = data[4] + data[5] * 0x100 + data[6] * 0x10000 + data[7] * 0x1000000
  const end = 8 + length + (length % 2)
  return end <= data.length ? end : undefined
}
