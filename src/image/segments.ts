/** Chunks and segments of image files. Nothing is decoded; what does not fit ends the walk. */

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const fourLetters = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))

/** Chunks of a PNG. */
export function* pngChunks(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array; offset: number }> {
  const view = viewOf(bytes)
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return
    yield { type: fourLetters(bytes, at + 4), data: bytes.subarray(at + 8, at + 8 + length), offset: at }
    at += 12 + length
  }
}

/** Segments of a JPEG that have a length, with their markers. */
export function* jpegSegments(bytes: Uint8Array): Generator<{ marker: number; data: Uint8Array }> {
  const view = viewOf(bytes)
  let at = 2
  while (at + 4 <= bytes.length) {
    // Fills, coded data and markers without a length lie between segments.
    const marker = bytes[at + 1]
    const isAlone = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd9)
    if (bytes[at] !== 0xff || isAlone) {
      at = bytes.indexOf(0xff, at + 1)
      if (at < 0) return
      continue
    }
    const length = view.getUint16(at + 2)
    yield { marker, data: bytes.subarray(at + 4, at + 2 + length) }
    at += 2 + Math.max(length, 2)
  }
}

/** Chunks of a WebP. */
export function* webpChunks(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array }> {
  const view = viewOf(bytes)
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true)
    yield { type: fourLetters(bytes, at), data: bytes.subarray(at + 8, at + 8 + length) }
    at += 8 + length + (length % 2)
  }
}
