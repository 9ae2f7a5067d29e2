import { Space } from '../core/space.js'
import type { Template } from '../types.js'

/** Memory is taken in pieces of this many bytes; a template is at most 7 KiB. */
const CHUNK_BYTES = 4_194_304

/** Addresses are handed out up to here: more than any machine holds, exact in a double. */
const MOST_BYTES = 2 ** 52

/**
 * The templates of a gallery as they were given, by address: a few large buffers instead of a small one for each, which
 * would cost as much again. Outside the searched memory, because a search never reads them.
 */
export class TemplateStore {
  readonly #space = new Space(0, MOST_BYTES, CHUNK_BYTES)
  readonly #chunks: Uint8Array[] = []

  get usedBytes(): number {
    return this.#space.usedBytes
  }

  add(template: Template): number {
    const address = this.#space.take(template.length)!
    const { chunk, offset } = this.#place(address)
    chunk.set(template, offset)
    return address
  }

  /** A copy. */
  get(address: number, bytes: number): Template {
    const { chunk, offset } = this.#place(address)
    return chunk.slice(offset, offset + bytes)
  }

  remove(address: number, bytes: number): void {
    this.#space.give(address, bytes)
  }

  #place(address: number): { chunk: Uint8Array; offset: number } {
    const index = Math.floor(address / CHUNK_BYTES)
    while (this.#chunks.length <= index) this.#chunks.push(new Uint8Array(CHUNK_BYTES))
    return { chunk: this.#chunks[index], offset: address % CHUNK_BYTES }
  }
}
