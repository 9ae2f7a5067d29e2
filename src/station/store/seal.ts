/**
 * Bytes sealed for the station's file: AES-256-GCM (NIST SP 800-38D) under a data key.
 *
 *     4  number of the data key, little-endian
 *    12  nonce, random: at most 2^32 seals a key keep repetition below 2^-32 (SP 800-38D, 8.3)
 *     n  ciphertext
 *    16  tag, which also covers `context`: where the bytes belong, so that no two can be swapped
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const KEY_NUMBER_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = KEY_NUMBER_BYTES + NONCE_BYTES

/** AES-256. */
export const KEY_BYTES = 32

/** What sealing adds. */
export const SEAL_BYTES = HEAD_BYTES + TAG_BYTES

export function seal(key: Uint8Array, keyNumber: number, plain: Uint8Array, context: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32LE(keyNumber)
  randomBytes(NONCE_BYTES).copy(head, KEY_NUMBER_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, head.subarray(KEY_NUMBER_BYTES))
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Which data key opens these bytes; undefined when they are too short to be sealed ones. */
export function keyNumberOf(sealed: Uint8Array): number | undefined {
  if (sealed.length < SEAL_BYTES) return undefined
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(0, true)
}

/** The plain bytes, or undefined: altered, sealed for another place or under another key. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer | undefined {
  const nonce = sealed.subarray(KEY_NUMBER_BYTES, HEAD_BYTES)
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(HEAD_BYTES, end))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}
