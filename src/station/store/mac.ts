/**
 * The hash of short texts under one key, by the million: when a station opens, each entry of its
 * journal is one.
 */
import crypto from 'node:crypto'

/** Block of SHA-256, bytes. */
const BLOCK_BYTES = 64

/** Digest of SHA-256, bytes. */
const DIGEST_BYTES = 32

/** Longest text that there is room for, bytes of UTF-8: three for each unit of UTF-16 at most. */
const MOST_BYTES = 1_536

/** Not in each Node 20, where a named import of it would fail. */
const hash = crypto.hash as typeof crypto.hash | undefined

/**
 * HMAC-SHA-256 (RFC 2104, section 2). `createHmac` makes an object for each text, which takes longer
 * than its hashes: a third of the time without, where Node has `hash` (20.12 and later).
 */
export class Mac {
  readonly #key: Uint8Array
  readonly #inner: Buffer
  readonly #outer: Buffer

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#key = key
    this.#inner = Buffer.alloc(BLOCK_BYTES + MOST_BYTES, 0x36)
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)
    for (const [i, byte] of key.entries()) {
      this.#inner[i]! ^= byte
      this.#outer[i]! ^= byte
    }
  }

  /** 32 bytes. */
  of(text: string): Buffer {
    if (hash === undefined || 3 * text.length > MOST_BYTES) {
      return crypto.createHmac('sha256', this.#key).update(text).digest()
    }
    const length = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES)
    this.#outer.write(hash('sha256', this.#inner.subarray(0, length), 'binary'), BLOCK_BYTES, 'binary')
    return Buffer.from(hash('sha256', this.#outer, 'binary'), 'binary')
  }
}
