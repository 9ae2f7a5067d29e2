/**
 * What programs send to libfprint's virtual image device (drivers/virtual-image.c of libfprint 1.94.9), over a UNIX stream socket on
 * which the device listens. Messages follow each other without a break; integers are 32 bits in the machine's byte order, signed:
 *
 *     +--------+--------+--------------------+
 *     | width  | height | width x height     |   a frame, 8-bit gray, row by row; each side at most 5,000
 *     +--------+--------+--------------------+
 *     |   -1   | code   |                        the scan failed, try again: FpDeviceRetry
 *     |   -2   | code   |                        the device failed: FpDeviceError
 *     |   -3   | 0 or 1 |                        whether each frame is a finger put down and lifted (1 at first)
 *     |   -4   | 0 or 1 |                        whether a finger is on the sensor
 *     |   -5   | any    |                        the device was removed
 *     +--------+--------+
 */
import { SidikError } from '../../../errors.js'
import { MAX_PIXELS } from '../../../image/pixels.js'

export type Message =
  | { readonly kind: 'frame'; readonly data: Uint8Array; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: 'retry' | 'error'; readonly code: number }
  | { readonly kind: 'automatic' | 'finger'; readonly on: boolean }
  | { readonly kind: 'removed' }

const HEADER_BYTES = 8
const MAX_SIDE_PX = 5_000

/** Cuts what one client sends into messages. */
export class MessageReader {
  readonly #parts: Uint8Array[] = []
  #bytes = 0
  /** Of the frame whose pixels are awaited. */
  #size: readonly [widthPx: number, heightPx: number] | undefined

  /** Whether a message has begun that is not whole. */
  get isAmid(): boolean {
    return this.#bytes > 0 || this.#size !== undefined
  }

  /**
   * The messages that are whole with these bytes. When it throws, nothing that follows can be understood.
   *
   * @throws SidikError DEVICE_PROTOCOL
   */
  *read(bytes: Uint8Array): Generator<Message> {
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    for (;;) {
      if (this.#size === undefined) {
        if (this.#bytes < HEADER_BYTES) return
        const [first, second] = new Int32Array(this.#take(HEADER_BYTES).buffer)
        if (first >= 0 && second >= 0) this.#size = sizeOf(first, second)
        else yield controlOf(first, second)
      } else {
        const [widthPx, heightPx] = this.#size
        if (this.#bytes < widthPx * heightPx) return
        this.#size = undefined
        yield { kind: 'frame', data: this.#take(widthPx * heightPx), widthPx, heightPx }
      }
    }
  }

  #take(size: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      const part = this.#parts[0].subarray(0, size - at)
      taken.set(part, at)
      at += part.length
      if (part.length === this.#parts[0].length) this.#parts.shift()
      else this.#parts[0] = this.#parts[0].subarray(part.length)
    }
    this.#bytes -= size
    return taken
  }
}

function sizeOf(widthPx: number, heightPx: number): [number, number] {
  if (widthPx <= MAX_SIDE_PX && heightPx <= MAX_SIDE_PX && widthPx * heightPx <= MAX_PIXELS) return [widthPx, heightPx]
  throw new SidikError(
    'DEVICE_PROTOCOL',
    `a frame of ${widthPx} x ${heightPx} pixels was announced, which no sensor has`,
  )
}

function controlOf(word: number, value: number): Message {
  switch (word) {
    case -1:
      return { kind: 'retry', code: value }
    case -2:
      return { kind: 'error', code: value }
    case -3:
      return { kind: 'automatic', on: value !== 0 }
    case -4:
      return { kind: 'finger', on: value !== 0 }
    case -5:
      return { kind: 'removed' }
  }
  throw new SidikError(
    'DEVICE_PROTOCOL',
    `the words ${word} and ${value} are no message of libfprint's virtual image device`,
  )
}
