import { type ErrorCode, SidikError } from '../errors.js'
import type { ReadOptions } from './deviation.js'

/**
 * Big-endian fields of a record, read front to back, each by its name: what is wrong is said with field and offset. None is
 * read from beyond the end, and nothing read shares memory with the record.
 */
export class FieldReader {
  readonly #record: string
  readonly #options: ReadOptions
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #offset: number

  /**
   * @param record what these bytes should be, for messages: 'ISO/IEC 19794-2:2011 record'
   * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
   */
  constructor(bytes: Uint8Array, record: string, options: ReadOptions = {}, offset = 0, end = bytes?.length) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
    if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
    if (options.onDeviation !== undefined && typeof options.onDeviation !== 'function') {
      throw new TypeError('onDeviation must be a function')
    }
    this.#record = record
    this.#options = options
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#offset = offset
    this.#end = end
  }

  /** Of the next field, from the beginning of the whole record. */
  get offset(): number {
    return this.#offset
  }

  get end(): number {
    return this.#end
  }

  get leftBytes(): number {
    return this.#end - this.#offset
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#advance(field, 1))
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#advance(field, 2))
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#advance(field, 4))
  }

  /** Six bytes, all of which a number holds. */
  u48(field: string): number {
    const offset = this.#advance(field, 6)
    return this.#view.getUint16(offset) * 2 ** 32 + this.#view.getUint32(offset + 2)
  }

  /** A copy. */
  bytes(field: string, count: number): Uint8Array<ArrayBuffer> {
    const offset = this.#advance(field, count)
    return this.#bytes.slice(offset, offset + count)
  }

  /** One character a byte. */
  latin1(field: string, count: number): string {
    return String.fromCharCode(...this.bytes(field, count))
  }

  /** The next `count` bytes as fields of their own; this reader goes on behind them. Offsets stay those of the whole. */
  part(field: string, count: number): FieldReader {
    const offset = this.#advance(field, count)
    return new FieldReader(this.#bytes, this.#record, this.#options, offset, offset + count)
  }

  /** The error for a field that cannot be what it is. */
  corrupt(field: string, offset: number, problem: string, code: ErrorCode = 'RECORD_CORRUPT'): SidikError {
    return new SidikError(
      code,
      `${this.#record} damaged: ${field} (offset ${offset}) ${problem}; use another copy of the record`,
    )
  }

  /**
   * Reports what the standard does not allow and what can be read past.
   *
   * @throws SidikError RECORD_CORRUPT when nobody listens
   */
  deviation(field: string, offset: number, message: string): void {
    if (this.#options.onDeviation === undefined) throw this.corrupt(field, offset, message)
    this.#options.onDeviation({ field, offset, message })
  }

  #advance(field: string, count: number): number {
    if (count > this.leftBytes) {
      throw this.corrupt(
        field,
        this.#offset,
        `needs ${count} bytes, there are ${this.leftBytes} up to the end at ${this.#end}`,
      )
    }
    const offset = this.#offset
    this.#offset += count
    return offset
  }
}
