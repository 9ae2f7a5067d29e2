/** The parts of a WSQ stream: markers, and the segments of parameters that follow most of them (IAFIS-IC-0110). */
import { SidikError } from '../../errors.js'
import type { ReadOptions } from '../../formats/deviation.js'
import { corrupt } from '../pixels.js'

/** The second byte of each marker; the first is always 0xFF. */
export const MARKER = {
  startOfImage: 0xa0,
  endOfImage: 0xa1,
  startOfFrame: 0xa2,
  startOfBlock: 0xa3,
  transformTable: 0xa4,
  quantizationTable: 0xa5,
  huffmanTables: 0xa6,
  restartInterval: 0xa7,
  comment: 0xa8,
  firstRestart: 0xb0,
  lastRestart: 0xb7,
} as const

export function wsqCorrupt(what: string): SidikError {
  return corrupt('WSQ', what)
}

/**
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
 * @throws SidikError IMAGE_FORMAT for bytes that do not begin as a stream does
 */
export function checkStream(bytes: unknown, options: ReadOptions): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  if (options.onDeviation !== undefined && typeof options.onDeviation !== 'function') {
    throw new TypeError('onDeviation must be a function')
  }
  if (bytes[0] !== 0xff || bytes[1] !== MARKER.startOfImage) {
    throw new SidikError('IMAGE_FORMAT', `${bytes.length} bytes that do not begin with FF A0: no WSQ image`)
  }
}

/** One marker and where what follows it begins; absent at the end of the bytes. Any number of 0xFF may precede it. */
export function readMarker(bytes: Uint8Array, at: number): { marker: number; bodyAt: number } | undefined {
  if (at >= bytes.length) return undefined
  if (bytes[at] !== 0xff) throw wsqCorrupt(`there is no marker at byte ${at}`)
  let codeAt = at + 1
  while (bytes[codeAt] === 0xff) codeAt++
  return codeAt < bytes.length ? { marker: bytes[codeAt], bodyAt: codeAt + 1 } : undefined
}

/** Between two of them, codes begin anew at a whole byte; nothing else depends on them. */
export function isRestart(marker: number): boolean {
  return marker >= MARKER.firstRestart && marker <= MARKER.lastRestart
}

/**
 * Reports what the standard does not allow and what can be read past.
 *
 * @throws SidikError IMAGE_CORRUPT when nobody listens
 */
export function reportDeviation(options: ReadOptions, field: string, offset: number, message: string): void {
  if (options.onDeviation === undefined) throw wsqCorrupt(`${field} (offset ${offset}) ${message}`)
  options.onDeviation({ field, offset, message })
}

/** The parameters of one marker: big-endian numbers read in order, none from outside the segment. */
export class Segment {
  /** Where the bytes after this segment begin. */
  readonly end: number
  readonly #name: string
  readonly #startAt: number
  readonly #view: DataView
  #at: number

  /** @param startAt of the two bytes of length, which count themselves */
  constructor(bytes: Uint8Array, startAt: number, name: string) {
    this.#name = name
    this.#startAt = startAt
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const length = startAt + 2 <= bytes.length ? this.#view.getUint16(startAt) : Number.POSITIVE_INFINITY
    if (startAt + length > bytes.length) throw wsqCorrupt(`it ends within the ${name} at byte ${startAt}`)
    if (length < 2) throw this.wrong(`has a length of ${length}`)
    this.end = startAt + length
    this.#at = startAt + 2
  }

  get leftBytes(): number {
    return this.end - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  /** All bytes that are left, as a view. */
  rest(): Uint8Array {
    const length = this.leftBytes
    const { buffer, byteOffset } = this.#view
    return new Uint8Array(buffer, byteOffset + this.#advance(length), length)
  }

  /** A decimal fraction: the number of its places, then all its digits in 16 bits. */
  decimal16(): number {
    const places = this.u8()
    return this.u16() / 10 ** places
  }

  /** The same with 32 bits. */
  decimal32(): number {
    const places = this.u8()
    return this.u32() / 10 ** places
  }

  wrong(what: string): SidikError {
    return wsqCorrupt(`the ${this.#name} at byte ${this.#startAt} ${what}`)
  }

  #advance(count: number): number {
    const at = this.#at
    if (count > this.leftBytes) throw this.wrong('is shorter than what it must hold')
    this.#at = at + count
    return at
  }
}
