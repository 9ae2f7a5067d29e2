import { type ErrorCode, SidikError } from '../errors.js'
import type { ReadOptions } from './deviation.js'

/** Fields that are read of one record: 176 views of 255 minutiae have 200,000. */
export const MOST_FIELDS = 1_000_000

/** Deviations and damages that are reported of one record. */
export const MOST_REPORTS = 50_000

/** Fields and reports that a whole record may still have: its readers share it. */
interface Quota {
  fieldsLeft: number
  reportsLeft: number
}

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
  readonly #quota: Quota
  #offset: number

  /**
   * @param record what these bytes should be, for messages: 'ISO/IEC 19794-2:2011 record'
   * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
   */
  constructor(
    bytes: Uint8Array,
    record: string,
    options: ReadOptions = {},
    offset = 0,
    end = bytes?.length,
    quota: Quota = { fieldsLeft: MOST_FIELDS, reportsLeft: MOST_REPORTS },
  ) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
    if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
    if (options.onDeviation !== undefined && typeof options.onDeviation !== 'function') {
      throw new TypeError('onDeviation must be a function')
    }
    if (options.onDamage !== undefined && typeof options.onDamage !== 'function') {
      throw new TypeError('onDamage must be a function')
    }
    this.#record = record
    this.#options = options
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#offset = offset
    this.#end = end
    this.#quota = quota
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

  /** @throws SidikError RECORD_CORRUPT when it is not from `least` to `most` */
  u8(field: string, least = 0, most = 0xff): number {
    const offset = this.#advance(field, 1)
    return this.#within(field, offset, this.#view.getUint8(offset), least, most)
  }

  u16(field: string, least = 0, most = 0xffff): number {
    const offset = this.#advance(field, 2)
    return this.#within(field, offset, this.#view.getUint16(offset), least, most)
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#advance(field, 4))
  }

  /** Six bytes, all of which a number holds. */
  u48(field: string): number {
    const offset = this.#advance(field, 6)
    return this.#view.getUint16(offset) * 2 ** 32 + this.#view.getUint32(offset + 2)
  }

  /** A byte that names one of what the standard has; others, which are reserved, are reported and kept. */
  code(field: string, known: { has(code: number): boolean }): number {
    const offset = this.#advance(field, 1)
    const code = this.#view.getUint8(offset)
    if (!known.has(code)) this.deviation(field, offset, `is ${code}, which is reserved`)
    return code
  }

  /** A copy; shorter, where the record ends before it and somebody listens to damage. */
  bytes(field: string, count: number): Uint8Array<ArrayBuffer> {
    const offset = this.#advanceUpTo(field, count)
    return this.#bytes.slice(offset, this.#offset)
  }

  /** One character a byte. */
  latin1(field: string, count: number): string {
    return String.fromCharCode(...this.bytes(field, count))
  }

  /**
   * The next `count` bytes as fields of their own, fewer where the record ends before and somebody
   * listens to damage; this reader goes on behind them. Offsets stay those of the whole.
   */
  part(field: string, count: number): FieldReader {
    const offset = this.#advanceUpTo(field, count)
    return new FieldReader(this.#bytes, this.#record, this.#options, offset, this.#offset, this.#quota)
  }

  /**
   * What `read` gives `count` times. Where one of them cannot be read and somebody listens to
   * damage, those before it: nothing behind it can be found, and this reader stands at the end.
   *
   * @param at where the first begins, if another reader reads them
   */
  several<T>(name: string, count: number, read: (index: number) => T, at?: number): T[] {
    const all: T[] = []
    for (let i = 0; i < count; i++) {
      const offset = at ?? this.#offset
      try {
        all.push(read(i))
      } catch (error) {
        if (this.#options.onDamage === undefined || !(error instanceof SidikError)) throw error
        this.#offset = this.#end
        const field = count === 1 ? name : `${name} ${i + 1} of ${count}`
        this.damage(field, offset, `cannot be read: ${error.message}`)
        break
      }
    }
    return all
  }

  /** A second reader of what is left: to try how it reads, while this one stays where it is. */
  fork(): FieldReader {
    return new FieldReader(this.#bytes, this.#record, this.#options, this.#offset, this.#end, this.#quota)
  }

  /** The same, by which nothing damaged is read. */
  forkOfSound(): FieldReader {
    const { onDeviation } = this.#options
    return new FieldReader(this.#bytes, this.#record, { onDeviation }, this.#offset, this.#end, this.#quota)
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
    this.#countReport(field, offset)
    this.#options.onDeviation({ field, offset, message })
  }

  /** Whether somebody hears of deviations: they are errors otherwise. */
  get takesDeviations(): boolean {
    return this.#options.onDeviation !== undefined
  }

  /** Whether somebody wants to see what can be read of a damaged record. */
  get takesDamage(): boolean {
    return this.#options.onDamage !== undefined
  }

  /**
   * Reports a value that cannot be what it is, or bytes that cannot be read: reading goes on.
   *
   * @throws SidikError RECORD_CORRUPT when nobody listens
   */
  damage(field: string, offset: number, problem: string): void {
    if (this.#options.onDamage === undefined) throw this.corrupt(field, offset, problem)
    this.#countReport(field, offset)
    this.#options.onDamage({ field, offset, message: problem })
  }

  #within(field: string, offset: number, value: number, least: number, most: number): number {
    if (value < least || value > most) this.damage(field, offset, `is ${value}, must be from ${least} to ${most}`)
    return value
  }

  /** As far as there are bytes, where somebody listens to damage. */
  #advanceUpTo(field: string, count: number): number {
    if (count <= this.leftBytes || !this.takesDamage) return this.#advance(field, count)
    this.damage(field, this.#offset, this.#missing(count))
    return this.#advance(field, this.leftBytes)
  }

  #countReport(field: string, offset: number): void {
    if (--this.#quota.reportsLeft < 0) throw this.corrupt(field, offset, `is one report more than ${MOST_REPORTS}`)
  }

  #missing(count: number): string {
    return `needs ${count} bytes, there are ${this.leftBytes} up to the end at ${this.#end}`
  }

  #advance(field: string, count: number): number {
    if (count > this.leftBytes) throw this.corrupt(field, this.#offset, this.#missing(count))
    if (--this.#quota.fieldsLeft < 0) {
      throw this.corrupt(field, this.#offset, `is one field more than the ${MOST_FIELDS} that are read`)
    }
    const offset = this.#offset
    this.#offset += count
    return offset
  }
}
