import { crc32 } from '../template/crc32.js'
import { CIPHER_BYTES, type GenerationSeal, SALT_BYTES, type SealedFile } from './cipher.js'
import { PartFault, viewOf } from './snapshot-parts.js'

/**
 * What follows the header of a sealed snapshot or tail.
 *
 *     offset  bytes  field
 *          0     32  salt of the generation, the same in snapshot and tail
 *         32     28  nonce and tag of nothing, with header and salt as their context: only the gallery's key fits it
 *         60      4  CRC-32 of the 60 bytes before, by which damage is told from a wrong key
 */
export const SEALED_HEAD_BYTES = 64

const PROOF_AT = SALT_BYTES
const CRC_AT = PROOF_AT + CIPHER_BYTES

/** A sealed head and the header before it. */
export interface SealedHead {
  readonly salt: Uint8Array
  readonly proof: Uint8Array
  readonly header: Uint8Array
}

export function encodeSealedHead(header: Uint8Array, seal: GenerationSeal, file: SealedFile): Uint8Array {
  const bytes = new Uint8Array(SEALED_HEAD_BYTES)
  bytes.set(seal.salt)
  bytes.set(seal.cipherOf(file).seal(new Uint8Array(0), contextOf(header, seal.salt)), PROOF_AT)
  viewOf(bytes).setUint32(CRC_AT, crc32(bytes, 0, CRC_AT), true)
  return bytes
}

/** @throws PartFault */
export function readSealedHead(header: Uint8Array, bytes: Uint8Array): SealedHead {
  if (bytes.length < SEALED_HEAD_BYTES) throw new PartFault('the file ends in its header', header.length + bytes.length)
  if (viewOf(bytes).getUint32(CRC_AT, true) !== crc32(bytes, 0, CRC_AT)) {
    throw new PartFault("the CRC of the key's salt does not fit", header.length + CRC_AT)
  }
  return { salt: bytes.slice(0, PROOF_AT), proof: bytes.slice(PROOF_AT, CRC_AT), header: header.slice() }
}

/** Whether the head was written with this key, for this generation of this gallery. */
export function fitsSeal({ salt, proof, header }: SealedHead, seal: GenerationSeal, file: SealedFile): boolean {
  return seal.cipherOf(file).open(proof, contextOf(header, salt)) !== undefined
}

function contextOf(header: Uint8Array, salt: Uint8Array): Uint8Array {
  return Buffer.concat([header, salt])
}
