/**
 * Compression of images (ANSI/NIST-ITL 1-2011, table 15), and the size that a compressed image states itself. Only its first
 * markers or boxes are looked at; nothing is decoded.
 */
import { type ImageKind, imageKindOf } from '../image-end.js'

/** In the order of the codes of binary records, 0 to 6. */
export const COMPRESSIONS = ['NONE', 'WSQ20', 'JPEGB', 'JPEGL', 'JP2', 'JP2L', 'PNG'] as const

export type AnsiNistCompression = (typeof COMPRESSIONS)[number]

/** The compression of a tag or of a binary record's code; undefined for one that the standard does not know. */
export function compressionOf(value: string | number | undefined): AnsiNistCompression | undefined {
  if (typeof value === 'number') return COMPRESSIONS[value]
  return COMPRESSIONS.find(name => name === value)
}

export const KIND_OF_COMPRESSION: Readonly<Record<Exclude<AnsiNistCompression, 'NONE'>, ImageKind>> = {
  WSQ20: 'WSQ',
  JPEGB: 'JPEG',
  JPEGL: 'JPEG',
  JP2: 'JPEG 2000',
  JP2L: 'JPEG 2000',
  PNG: 'PNG',
}

/** What an image says of itself; its size is absent where it ends before it, or is not where it should be. */
export interface StatedImage {
  readonly kind: ImageKind
  readonly widthPx?: number
  readonly heightPx?: number
}

/** Markers and boxes looked at before the size: real images have it among the first dozen. */
const MOST_PARTS = 200

export function statedImage(data: Uint8Array): StatedImage | undefined {
  const kind = imageKindOf(data)
  if (kind === undefined) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  switch (kind) {
    case 'PNG':
      return { kind, ...sizeAt(view, 16) }
    case 'WSQ':
      return { kind, ...sizeInMarkers(view, marker => marker === 0xffa2, 6) }
    case 'JPEG':
      return { kind, ...sizeInMarkers(view, isStartOfFrame, 5) }
    case 'JPEG 2000':
      return { kind, ...(data[0] === 0xff ? sizeInCodestream(view) : sizeInBoxes(view)) }
    case 'WebP':
      return { kind }
  }
}

type Size = { widthPx: number; heightPx: number }

/** Width before height, of 4 bytes each. */
function sizeAt(view: DataView, offset: number): Size | undefined {
  if (offset + 8 > view.byteLength) return undefined
  return { widthPx: view.getUint32(offset), heightPx: view.getUint32(offset + 4) }
}

/** SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC) among them. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
}

/** Markers of JPEG and WSQ: two bytes, then two of length, which count themselves. Height before width, of 2 bytes each. */
function sizeInMarkers(view: DataView, isFrame: (marker: number) => boolean, heightAt: number): Size | undefined {
  let offset = 2
  for (let i = 0; i < MOST_PARTS && offset + 4 <= view.byteLength; i++) {
    const marker = view.getUint16(offset)
    if (marker >> 8 !== 0xff) return undefined
    if (isFrame(marker)) {
      const at = offset + heightAt
      if (at + 4 > view.byteLength) return undefined
      return { heightPx: view.getUint16(at), widthPx: view.getUint16(at + 2) }
    }
    offset += 2 + view.getUint16(offset + 2)
  }
  return undefined
}

/** SIZ of a codestream: the reference grid less its offset. */
function sizeInCodestream(view: DataView): Size | undefined {
  if (view.byteLength < 24) return undefined
  return {
    widthPx: view.getUint32(8) - view.getUint32(16),
    heightPx: view.getUint32(12) - view.getUint32(20),
  }
}

/** Boxes of a JP2 file up to the header's first, ihdr: length, type; height before width, of 4 bytes each. */
function sizeInBoxes(view: DataView): Size | undefined {
  let offset = 0
  for (let i = 0; i < MOST_PARTS && offset + 16 <= view.byteLength; i++) {
    const length = view.getUint32(offset)
    const type = view.getUint32(offset + 4)
    if (type === 0x69686472) return { heightPx: view.getUint32(offset + 8), widthPx: view.getUint32(offset + 12) }
    // jp2h holds other boxes: its first follows its own 8 bytes.
    offset += type === 0x6a703268 ? 8 : Math.max(length, 8)
  }
  return undefined
}
