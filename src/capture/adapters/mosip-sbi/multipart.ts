/**
 * A stream of images as cameras and scanners write it (multipart/x-mixed-replace, 'M-JPEG'):
 *
 *     --boundary CRLF  name: value CRLF ...  CRLF  bytes  CRLF  --boundary ...
 *
 * taken as it comes, in pieces cut anywhere: the boundary with or without hyphens before it, whatever its parameter says; parts with
 * or without their length; LF for CRLF; other lines between parts, which are passed over.
 */
import { SidikError } from '../../../errors.js'

/** Longest image, and longest text between two. */
const MAX_PART_BYTES = 8 * 1024 * 1024
const MAX_TEXT_BYTES = 64 * 1024

const LF = 0x0a
const CR = 0x0d
const HYPHEN = 0x2d

/** The parameter of a content type, without hyphens before it; undefined where it is none of a multipart. */
export function boundaryOf(contentType: string): string | undefined {
  const found = /^multipart\/[^;]*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  const boundary = (found?.[1] ?? found?.[2])?.replace(/^-+/, '')
  return boundary === '' ? undefined : boundary
}

export class MultipartSplitter {
  readonly #boundary: Buffer
  /** What was not taken yet: `#bytes` from `#begin` up to `#end`. */
  #bytes = Buffer.alloc(MAX_TEXT_BYTES)
  #begin = 0
  #end = 0
  /** What of that was searched for the end of a part. */
  #searched = 0
  #expects: 'boundary' | 'headers' | 'part' = 'boundary'
  #passedOver = 0
  #length: number | undefined

  constructor(boundary: string) {
    this.#boundary = Buffer.from(boundary, 'latin1')
  }

  /**
   * The parts that end in this piece.
   *
   * @throws SidikError DEVICE_PROTOCOL for a part, or text between two, that has no end
   */
  push(piece: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const parts: Uint8Array<ArrayBuffer>[] = []
    // A piece at a time that fits, so that what is held stays bounded whatever comes.
    for (let begin = 0; begin < piece.length; begin += MAX_TEXT_BYTES) {
      this.#append(piece.subarray(begin, begin + MAX_TEXT_BYTES))
      for (let more = true; more; ) {
        const part = this.#expects === 'part' ? this.#takePart() : undefined
        if (part !== undefined) parts.push(part)
        more = part !== undefined || (this.#expects !== 'part' && this.#takeLine())
      }
    }
    return parts
  }

  #append(piece: Uint8Array): void {
    const held = this.#held()
    const size = held.length + piece.length
    const target = size > this.#bytes.length ? Buffer.alloc(Math.max(this.#bytes.length * 2, size)) : this.#bytes
    if (target !== this.#bytes || this.#begin > 0) held.copy(target)
    target.set(piece, held.length)
    this.#bytes = target
    this.#begin = 0
    this.#end = size
  }

  #held(): Buffer {
    return this.#bytes.subarray(this.#begin, this.#end)
  }

  #drop(count: number): void {
    this.#begin += count
    this.#searched = 0
  }

  /** Whether there was one. */
  #takeLine(): boolean {
    const held = this.#held()
    const end = held.indexOf(LF)
    if (end < 0) {
      if (held.length > MAX_TEXT_BYTES) throw endless('a line', MAX_TEXT_BYTES)
      return false
    }
    const line = held.toString('latin1', 0, end).trim()
    this.#drop(end + 1)
    this.#passedOver += end + 1
    if (this.#passedOver > MAX_TEXT_BYTES) throw endless('text between images', MAX_TEXT_BYTES)
    if (this.#expects === 'boundary') {
      if (line.replace(/^-+/, '') === this.#boundary.toString('latin1')) this.#expects = 'headers'
    } else if (line === '') {
      this.#expects = 'part'
    } else {
      this.#readHeader(line)
    }
    return true
  }

  #readHeader(line: string): void {
    const length = /^content-length\s*:\s*(\d{1,12})$/i.exec(line)?.[1]
    if (length === undefined) return
    this.#length = Number(length)
    if (this.#length > MAX_PART_BYTES) throw endless('an image', MAX_PART_BYTES)
  }

  #takePart(): Uint8Array<ArrayBuffer> | undefined {
    const held = this.#held()
    const length = this.#length ?? this.#lengthUpToBoundary(held)
    if (length === undefined || length > held.length) {
      if (held.length > MAX_PART_BYTES + MAX_TEXT_BYTES) throw endless('an image', MAX_PART_BYTES)
      return undefined
    }
    const part = new Uint8Array(held.subarray(0, length))
    this.#drop(length)
    this.#expects = 'boundary'
    this.#length = undefined
    this.#passedOver = 0
    return part
  }

  /** Of a part that does not say it: up to the line with the next boundary. */
  #lengthUpToBoundary(held: Buffer): number | undefined {
    const size = this.#boundary.length
    for (let at = held.indexOf(this.#boundary, this.#searched); at >= 0; at = held.indexOf(this.#boundary, at + 1)) {
      let begin = at
      while (begin > 0 && held[begin - 1] === HYPHEN) begin--
      if ((begin === 0 || held[begin - 1] === LF) && [CR, LF, HYPHEN].includes(held[at + size])) {
        return Math.max(0, held[begin - 2] === CR ? begin - 2 : begin - 1)
      }
    }
    // One at the very end is looked at again when it is known what follows.
    this.#searched = Math.max(0, held.length - size)
    return undefined
  }
}

function endless(what: string, most: number): SidikError {
  return new SidikError('DEVICE_PROTOCOL', `the stream of the device has ${what} of more than ${most} bytes`)
}
