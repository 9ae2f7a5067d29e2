import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

/**
 * Seals what a durable gallery with a key writes: AES-256-GCM (NIST SP 800-38D).
 *
 *     12  nonce, random
 *      n  ciphertext
 *     16  tag, which also covers `context`: where the bytes belong, so that no two can be swapped
 *
 * Nonces are random because nothing else stays unused when a process is killed, or when a copy of
 * the folder goes on as a second gallery. Each generation has keys of its own, so the 2^32 nonces
 * that SP 800-38D (8.3) allows a key are counted from each compaction on.
 */

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What sealing adds. */
export const CIPHER_BYTES = NONCE_BYTES + TAG_BYTES

export const KEY_BYTES = 32
export const SALT_BYTES = 32

/** Files that are sealed, each with a key of its own. */
export type SealedFile = 'snapshot' | 'tail' | 'length'

/** Seals and opens with the key of one file. */
export class Cipher {
  readonly #key: KeyObject

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key)
  }

  seal(plain: Uint8Array, context: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(plain.length + CIPHER_BYTES)
    this.sealInto(sealed, plain, context)
    return sealed
  }

  /** Seals into `target`, of {@link CIPHER_BYTES} more than `plain`. */
  sealInto(target: Uint8Array, plain: Uint8Array, context: Uint8Array): void {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce)
    cipher.setAAD(context)
    target.set(nonce)
    target.set(cipher.update(plain), NONCE_BYTES)
    // Nothing is left of a cipher that goes byte by byte; it is asked for so that there is a tag.
    cipher.final()
    target.set(cipher.getAuthTag(), target.length - TAG_BYTES)
  }

  /** The plain bytes, or undefined: altered, sealed for another place or with another key. */
  open(sealed: Uint8Array, context: Uint8Array): Uint8Array | undefined {
    const end = sealed.length - TAG_BYTES
    if (end < NONCE_BYTES) return undefined
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(context)
    decipher.setAuthTag(sealed.subarray(end))
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, end))
    try {
      decipher.final()
      return new Uint8Array(plain.buffer, plain.byteOffset, plain.length)
    } catch {
      return undefined
    }
  }
}

/**
 * The keys of a generation. HKDF-SHA-256 makes them of the gallery's key, the generation's random
 * salt, and the gallery, generation and file that they are for: what was sealed for one opens in no
 * other.
 */
export class GenerationSeal {
  readonly galleryId: bigint
  readonly salt: Uint8Array
  readonly #key: Uint8Array
  readonly #generation: number

  /** @param salt a new one unless given */
  constructor(key: Uint8Array, galleryId: bigint, generation: number, salt: Uint8Array = randomBytes(SALT_BYTES)) {
    this.galleryId = galleryId
    this.salt = salt
    this.#key = key
    this.#generation = generation
  }

  cipherOf(file: SealedFile): Cipher {
    const purpose = `sidik durable gallery ${this.galleryId} generation ${this.#generation} ${file}`
    return new Cipher(new Uint8Array(hkdfSync('sha256', this.#key, this.salt, purpose, KEY_BYTES)))
  }
}

/** A new gallery's number, which no other has. */
export function newGalleryId(): bigint {
  return randomBytes(8).readBigUInt64LE()
}
