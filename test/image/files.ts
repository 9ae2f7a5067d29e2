/** Image files of known pixels, made here byte by byte or by sharp. */
import sharp, { type Sharp } from 'sharp'

export const WIDTH = 48
export const HEIGHT = 40

/** Every gray value from 0 to 255, no two rows alike. */
export const PIXELS = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7 + Math.floor(i / WIDTH) * 13) & 255)

/** Colour pixels whose luma is not any one of their channels, with opacity. */
export const RGBA = Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => (i * 31 + (i >> 2) * 17) & 255)

export function grayPicture(): Sharp {
  return sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w')
}

export function colourPicture(): Sharp {
  return sharp(RGBA, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
}

export const XRES_500 = { xres: 500 / 25.4, yres: 500 / 25.4 }

/** A PNG with a pHYs chunk as a scanner's software writes it. */
export async function png(
  perMetreX = 19685,
  perMetreY = perMetreX,
  unit = 1,
  picture = grayPicture(),
): Promise<Uint8Array> {
  const plain = await picture.png().toBuffer()
  const phys = new Uint8Array(9)
  const view = new DataView(phys.buffer)
  view.setUint32(0, perMetreX)
  view.setUint32(4, perMetreY)
  phys[8] = unit
  const afterHeader = 8 + 25
  return concat(plain.subarray(0, afterHeader), pngChunk('pHYs', phys), plain.subarray(afterHeader))
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(ascii(type), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** A JPEG with a JFIF segment that states the resolution given (sharp writes none). */
export async function jpeg(unit: number, x: number, y = x): Promise<Uint8Array> {
  const plain = await grayPicture().jpeg({ quality: 100 }).toBuffer()
  const app0 = concat(
    ascii('\xff\xe0\0\x10JFIF\0\x01\x02'),
    Uint8Array.of(unit, x >> 8, x & 255, y >> 8, y & 255, 0, 0),
  )
  return concat(plain.subarray(0, 2), app0, plain.subarray(2))
}

/** An uncompressed little-endian TIFF of one strip; `tags` adds or replaces values. */
export function tiffOf(samples: Uint8Array, tags: Record<number, number>): Uint8Array {
  const base = { 256: WIDTH, 257: HEIGHT, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: HEIGHT, 279: samples.length }
  const entries = Object.entries({ ...base, ...tags })
  const samplesAt = 8 + 2 + 12 * entries.length + 4
  const directory = new DataView(new ArrayBuffer(samplesAt))
  directory.setUint32(0, 0x49492a00)
  directory.setUint32(4, 8, true)
  directory.setUint16(8, entries.length, true)
  entries.forEach(([tag, value], i) => {
    directory.setUint16(10 + 12 * i, Number(tag), true)
    directory.setUint16(12 + 12 * i, 4, true) // LONG is read wherever SHORT is
    directory.setUint32(14 + 12 * i, 1, true)
    directory.setUint32(18 + 12 * i, tag === '273' ? samplesAt : value, true)
  })
  return concat(new Uint8Array(directory.buffer), samples)
}

export function pgm(header: string, samples: ArrayLike<number>, bytesPerSample = 1): Uint8Array {
  const raster = new Uint8Array(samples.length * bytesPerSample)
  for (let i = 0; i < samples.length; i++) {
    if (bytesPerSample === 2) raster.set([samples[i] >> 8, samples[i] & 255], i * 2)
    else raster[i] = samples[i]
  }
  return concat(ascii(header), raster)
}

export interface BmpOptions {
  bits?: number
  topDown?: boolean
  perMetre?: readonly [number, number]
  palette?: Uint8Array
  infoBytes?: number
  compression?: number
  alphaMask?: number
  colours?: number
}

/** A bitmap of `rows` (top row first, each already in the file's samples, without padding). */
export function bmp(rows: readonly Uint8Array[], widthPx: number, options: BmpOptions = {}): Uint8Array {
  const { bits = 24, topDown = false, perMetre = [19685, 19685], palette = new Uint8Array(0) } = options
  const { infoBytes = 40, compression = 0, alphaMask = 0xff000000, colours = palette.length / 4 } = options
  const masksBytes = compression === 3 && infoBytes === 40 ? 12 : 0
  const pixelsAt = 14 + infoBytes + masksBytes + palette.length
  const stride = Math.ceil((widthPx * bits) / 32) * 4
  const file = new Uint8Array(pixelsAt + stride * rows.length)
  const view = new DataView(file.buffer)
  file.set(ascii('BM'))
  view.setUint32(2, file.length, true)
  view.setUint32(10, pixelsAt, true)
  view.setUint32(14, infoBytes, true)
  view.setInt32(18, widthPx, true)
  view.setInt32(22, topDown ? -rows.length : rows.length, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, bits, true)
  view.setUint32(30, compression, true)
  view.setInt32(38, perMetre[0], true)
  view.setInt32(42, perMetre[1], true)
  view.setUint32(46, colours, true)
  if (compression === 3) {
    view.setUint32(54, 0xff0000, true)
    view.setUint32(58, 0xff00, true)
    view.setUint32(62, 0xff, true)
    if (infoBytes >= 56) view.setUint32(66, alphaMask, true)
  }
  file.set(palette, 14 + infoBytes + masksBytes)
  rows.forEach((row, i) => {
    file.set(row, pixelsAt + stride * (topDown ? i : rows.length - 1 - i))
  })
  return file
}

export const GRAY_PALETTE = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 0 : i >> 2))

export function rowsOf(samples: Uint8Array, rowBytes: number): Uint8Array[] {
  return Array.from({ length: samples.length / rowBytes }, (_, y) => samples.slice(y * rowBytes, (y + 1) * rowBytes))
}

/** What a reader should make of the first colour samples: luma on white, computed the slow way. */
export function expectedGray(samples: Uint8Array, channels: 3 | 4): Uint8Array {
  return Uint8Array.from({ length: samples.length / channels }, (_, i) => {
    const [red, green, blue, alpha] = samples.subarray(i * channels, (i + 1) * channels)
    const luma = Math.floor(0.299 * red + 0.587 * green + 0.114 * blue + 0.5 + 1e-9)
    return channels === 4 ? Math.round(255 + ((luma - 255) * alpha) / 255) : luma
  })
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0))
}
