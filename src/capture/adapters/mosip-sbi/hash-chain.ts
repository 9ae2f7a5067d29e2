import { createHash } from 'node:crypto'

const HASH = /^[0-9A-F]{64}$/

/** SHA-256 of nothing: what the first capture of a session follows. */
const FIRST = hexOf(sha256(new Uint8Array()))

/**
 * The chain of hashes over all captures of one session, of whatever kind and device: it shows that none was left out, added or
 * exchanged. Make one for each person, and give it to every source that captures of them, one capture at a time.
 */
export class SbiHashChain {
  #hash: string

  /**
   * @param hash of the capture that this goes on from, 64 hex digits in capitals; that of nothing unless given
   * @throws TypeError
   */
  constructor(hash: string = FIRST) {
    this.#hash = checkedHash(hash)
  }

  /** Of the last capture: the `previousHash` of the next. */
  get hash(): string {
    return this.#hash
  }

  /**
   * Goes on from a capture that came by another way.
   *
   * @throws TypeError
   */
  moveTo(hash: string): void {
    this.#hash = checkedHash(hash)
  }
}

/**
 * Hash of a capture. The specification says `sha256(previous "hash" + sha256 hash of the data)`: it is the 32 bytes of each that are
 * put together, not their hex digits, as the specification's simulator of devices does it.
 *
 * @param previousHash 64 hex digits
 */
export function chainedHash(previousHash: string, record: Uint8Array): string {
  return hexOf(sha256(Buffer.concat([Buffer.from(previousHash, 'hex'), sha256(record)])))
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase()
}

function checkedHash(hash: string): string {
  if (typeof hash === 'string' && HASH.test(hash)) return hash
  throw new TypeError('hash must be 64 hex digits in capitals')
}
