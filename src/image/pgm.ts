/** Binary PGM (P5) of 8 and 16 bits: netpbm's pgm(5). */
import { SidikError } from '../errors.js'
import { checkSize, corrupt, type DecodedImage } from './pixels.js'

/** Largest header that is searched for its three numbers: comments may precede each. */
const MAX_HEADER_BYTES = 65_536

const MAX_MAXVAL = 65_535

/** Characters of a comment that are kept. */
const LONGEST_COMMENT = 200

/**
 * The first picture of the file, its values scaled from the stated maximum to 255. A PGM states no resolution.
 *
 * @throws SidikError IMAGE_CORRUPT, IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export function decodePgm(bytes: Uint8Array): DecodedImage {
  const { widthPx, heightPx, maxval, rasterAt } = readHeader(bytes)
  checkSize(widthPx, heightPx)
  const bytesPerSample = maxval > 255 ? 2 : 1
  const samples = widthPx * heightPx
  if (rasterAt + samples * bytesPerSample > bytes.length) throw corrupt('PGM', 'it ends before its last pixel')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const data = new Uint8Array(samples)
  for (let pixel = 0; pixel < samples; pixel++) {
    const value = bytesPerSample === 2 ? view.getUint16(rasterAt + pixel * 2) : bytes[rasterAt + pixel]
    if (value > maxval) throw corrupt('PGM', `pixel ${pixel} is ${value}, above the stated maximum ${maxval}`)
    data[pixel] = Math.round((value * 255) / maxval)
  }
  return { data, widthPx, heightPx }
}

/** 8, or 16 where samples go beyond 255. */
export function bitDepthOfPgm(bytes: Uint8Array): 8 | 16 {
  return readHeader(bytes).maxval > 255 ? 16 : 8
}

/** Just behind the first image; undefined for a header that cannot be read. */
export function endOfPgm(bytes: Uint8Array): number | undefined {
  const header = headerIfSound(bytes)
  return header && header.rasterAt + header.widthPx * header.heightPx * (header.maxval > 255 ? 2 : 1)
}

/** Comments of the header, without their signs; none of one that cannot be read. */
export function commentsOfPgm(bytes: Uint8Array): readonly string[] {
  return headerIfSound(bytes)?.comments ?? []
}

function headerIfSound(bytes: Uint8Array) {
  try {
    return readHeader(bytes)
  } catch (error) {
    if (error instanceof SidikError) return undefined
    throw error
  }
}

function readHeader(bytes: Uint8Array) {
  let at = 2 // after 'P5'
  const comments: string[] = []
  const end = Math.min(bytes.length, MAX_HEADER_BYTES)

  function skipComment(): void {
    if (bytes[at] !== HASH) return
    const from = at + 1
    while (at < end && bytes[at] !== NEWLINE) at++
    comments.push(String.fromCharCode(...bytes.subarray(from, Math.min(at, from + LONGEST_COMMENT))).trim())
  }

  function readNumber(name: string): number {
    while (at < end && (isSpace(bytes[at]) || bytes[at] === HASH)) {
      skipComment()
      at++
    }
    const from = at
    let value = 0
    // Ten digits say more than any accepted size, and stay exact.
    while (at < end && isDigit(bytes[at]) && at - from < 10) value = value * 10 + bytes[at++] - ZERO
    const digits = at - from
    // A comment may follow at once; the end of its line is then the blank after the number.
    skipComment()
    if (digits === 0 || !isSpace(bytes[at])) throw corrupt('PGM', `its header states no ${name}`)
    return value
  }

  const widthPx = readNumber('width')
  const heightPx = readNumber('height')
  const maxval = readNumber('maximum')
  if (maxval < 1 || maxval > MAX_MAXVAL) throw corrupt('PGM', `its maximum is ${maxval}, not 1 to ${MAX_MAXVAL}`)
  // Exactly one blank parts header and raster: the next byte may be a pixel that looks like one.
  return { widthPx, heightPx, maxval, rasterAt: at + 1, comments }
}

const HASH = 0x23
const NEWLINE = 0x0a
const ZERO = 0x30

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

/** Blank, tab, line feed, vertical tab, form feed, carriage return. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
}
