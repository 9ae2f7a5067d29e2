import { whole } from '../template/ranges.js'

/** Big-endian fields of a record, written front to back; a value that a field cannot hold is a RangeError naming it. */
export class FieldWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Of the next field. */
  get offset(): number {
    return this.#length
  }

  u8(field: string, value: number, least = 0, most = 0xff): void {
    const offset = this.#grow(1)
    this.#view.setUint8(offset, whole(field, value, least, most))
  }

  u16(field: string, value: number, least = 0, most = 0xffff): void {
    const offset = this.#grow(2)
    this.#view.setUint16(offset, whole(field, value, least, most))
  }

  u32(field: string, value: number, least = 0, most = 0xffffffff): void {
    const offset = this.#grow(4)
    this.#view.setUint32(offset, whole(field, value, least, most))
  }

  u48(field: string, value: number, least = 0, most = 2 ** 48 - 1): void {
    const offset = this.#grow(6)
    const checked = whole(field, value, least, most)
    this.#view.setUint16(offset, Math.floor(checked / 2 ** 32))
    this.#view.setUint32(offset + 2, checked % 2 ** 32)
  }

  bytes(data: Uint8Array): void {
    const offset = this.#grow(data.length)
    this.#bytes.set(data, offset)
  }

  /** @param text characters up to 255, one byte each */
  latin1(text: string): void {
    this.bytes(Uint8Array.from(text, character => character.charCodeAt(0)))
  }

  /** Puts a length into four bytes that were left for it. */
  setU32(field: string, offset: number, value: number): void {
    this.#view.setUint32(offset, whole(field, value, 0, 0xffffffff))
  }

  /** All that was written, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(count: number): number {
    const offset = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      wider.set(this.#bytes)
      this.#bytes = wider
      this.#view = new DataView(wider.buffer)
    }
    return offset
  }
}
