/**
 * Files of age (age-encryption.org/v1), as messages and bundles are sealed. The library writes and reads the header, where keys are agreed on;
 * what follows is sealed here by the cipher of node:crypto, in the format's chunks (C2SP, age.md, "Payload"):
 *
 *     header, ends with a line '--- <its authentication code>'
 *     16 bytes  nonce; HKDF-SHA-256 of the header's file key, with it as salt and 'payload' as info, is the key of what follows
 *     chunks of 64 KiB, the last one shorter or as long, each with a tag of 16 bytes; ChaCha20-Poly1305, whose nonce is the chunk's number in
 *     11 bytes, big-endian, and a byte that is 1 in the last one
 *
 * The library's own cipher, in JavaScript, took 2.5 ms for a record of 150 KB, a third of what it costs to synchronise one
 * (docs/experiments.md).
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { Decrypter, Encrypter } from 'age-encryption'
import { Taken } from './taken.js'

const CHUNK_BYTES = 65_536
const TAG_BYTES = 16
const NONCE_BYTES = 16
const KEY_BYTES = 32
const CIPHER = 'chacha20-poly1305'
const TAGGED = { authTagLength: TAG_BYTES }

/** One recipient takes 168 bytes; this has room for some fifty. */
const MAX_HEADER_BYTES = 8_192

/** Why a file does not open. */
export class AgeError extends Error {
  override readonly name = 'AgeError'
  /** Whether it was sealed for other keys, as against: it is no such file, or not whole. */
  readonly forOthers: boolean

  constructor(message: string, forOthers = false) {
    super(message)
    this.forOthers = forOthers
  }
}

/** Sealed for whoever holds the key of `recipient` (age1...). What `plain` throws is thrown. */
export async function* seal(plain: AsyncIterable<Uint8Array>, recipient: string): AsyncGenerator<Uint8Array> {
  const { head, key } = await newFile(recipient)
  yield head
  for await (const { bytes, nonce } of chunksOf(new Taken(plain), CHUNK_BYTES)) {
    const cipher = createCipheriv(CIPHER, key, nonce, TAGGED)
    yield cipher.update(bytes)
    cipher.final()
    yield cipher.getAuthTag()
  }
}

/**
 * What was sealed. Each piece is authentic when it is yielded; that it is the whole only the end says.
 *
 * @param identity AGE-SECRET-KEY-1...
 * @throws AgeError; what `sealed` throws is thrown as it is
 */
export async function* open(sealed: AsyncIterable<Uint8Array>, identity: string): AsyncGenerator<Uint8Array> {
  const taken = new Taken(sealed)
  try {
    const header = await taken.takeLines('--- ', MAX_HEADER_BYTES)
    const nonce = header && (await taken.take(NONCE_BYTES))
    if (nonce === undefined) throw new AgeError('it has no header of age')
    const key = payloadKey(await fileKeyIn(header as Buffer, identity), nonce)
    for await (const { bytes, nonce, number } of chunksOf(taken, CHUNK_BYTES + TAG_BYTES)) {
      const plain = openChunk(key, nonce, bytes)
      if (plain === undefined) throw new AgeError(`its chunk ${number} was altered, or is not the last one`)
      if (plain.length === 0 && number > 0) throw new AgeError('its last chunk is empty')
      yield plain
    }
  } finally {
    await taken.end()
  }
}

/** A header for that recipient, the nonce after it, and the key that both lead to. */
async function newFile(recipient: string): Promise<{ head: Uint8Array; key: Buffer }> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  let fileKey: Uint8Array | undefined
  // A recipient that adds nothing to the header is how one learns the file's key.
  encrypter.addRecipient({
    wrapFileKey: given => {
      fileKey = given.slice()
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array(0))
  const head = empty.subarray(0, empty.length - TAG_BYTES)
  return { head, key: payloadKey(fileKey as unknown as Uint8Array, head.subarray(-NONCE_BYTES)) }
}

async function fileKeyIn(header: Buffer, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decryptHeader(header)
  } catch (error) {
    // The library has no types of errors; this is what it says when none of the file's recipients is this identity.
    const forOthers = /no identity matched/.test((error as Error).message)
    throw new AgeError(forOthers ? 'it is sealed for other keys' : 'its header was altered', forOthers)
  }
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', KEY_BYTES))
}

function openChunk(key: Buffer, nonce: Buffer, chunk: Buffer): Buffer | undefined {
  if (chunk.length < TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, key, nonce, TAGGED)
  decipher.setAuthTag(chunk.subarray(-TAG_BYTES))
  const plain = decipher.update(chunk.subarray(0, -TAG_BYTES))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** All that is left, in chunks of that many bytes, the last one shorter or as long; at least one. */
async function* chunksOf(
  taken: Taken,
  chunkBytes: number,
): AsyncGenerator<{ readonly bytes: Buffer; readonly number: number; readonly nonce: Buffer }> {
  try {
    let bytes = await taken.take(chunkBytes)
    for (let number = 0; ; number++) {
      const next = bytes && (await taken.take(chunkBytes))
      const last = next === undefined && (bytes === undefined || taken.have === 0)
      yield { bytes: bytes ?? taken.rest(), number, nonce: nonceOf(number, last) }
      if (last) return
      bytes = next
    }
  } finally {
    await taken.end()
  }
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}
