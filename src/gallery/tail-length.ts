import { crc32 } from '../template/crc32.js'
import { CIPHER_BYTES, type Cipher } from './cipher.js'
import { PartFault, viewOf } from './snapshot-parts.js'

/**
 * The file that says how far a tail goes, version 1: a tail that is shorter was cut. Three
 * statements of 80 bytes, of which the one with the highest sequence counts. Little-endian.
 *
 *     offset  bytes  field
 *          0      8  magic 'SIDIKLEN'
 *          8      2  version 1
 *         10      2  bytes of a statement, 80
 *         12      4  generation, also in the name
 *         16      8  number of the gallery, as in the marker
 *         24      8  bytes of the tail that are on the disk
 *         32      8  sequence of the last record in them, 0 without any
 *         40     28  with a key: nonce and tag of nothing, with the 40 bytes before as their context; without: 0
 *         68      8  0
 *         76      4  CRC-32 of the 76 bytes before
 *
 * The file is replaced as a whole, through to the disk, when the tail begins and when the gallery is
 * closed or compacted: all three statements say the same then. The first never changes within a
 * file. The other two are written by turns whenever records have been synced to the tail, without
 * waiting for the disk: a crash may lose or tear them, so that the file says less than there is,
 * never more.
 *
 * So a tail that does not go beyond the first statement had no other one written: each that differs
 * from the first is damaged. Beyond it one that does not read may be torn, and counts for nothing.
 */

export const TAIL_LENGTH_VERSION = 1
export const STATEMENT_BYTES = 80
export const STATEMENTS = 3
export const TAIL_LENGTH_BYTES = STATEMENTS * STATEMENT_BYTES
const MAGIC = new TextEncoder().encode('SIDIKLEN')

const PROOF_AT = 40
const PROOF_END = PROOF_AT + CIPHER_BYTES
const CRC_AT = 76

/** How far a tail goes: a point between two records. */
export interface TailPoint {
  readonly bytes: number
  readonly sequence: number
}

/** Which tail a statement is of. */
export interface StatedTail {
  readonly generation: number
  readonly galleryId: bigint
  /** Seals and checks statements; only where the gallery has a key. */
  readonly cipher?: Cipher | undefined
}

export function encodeStatement({ bytes, sequence }: TailPoint, tail: StatedTail): Uint8Array {
  const statement = new Uint8Array(STATEMENT_BYTES)
  const view = viewOf(statement)
  statement.set(MAGIC)
  view.setUint16(8, TAIL_LENGTH_VERSION, true)
  view.setUint16(10, STATEMENT_BYTES, true)
  view.setUint32(12, tail.generation, true)
  view.setBigUint64(16, tail.galleryId, true)
  view.setBigUint64(24, BigInt(bytes), true)
  view.setBigUint64(32, BigInt(sequence), true)
  if (tail.cipher) statement.set(tail.cipher.seal(new Uint8Array(0), statement.subarray(0, PROOF_AT)), PROOF_AT)
  view.setUint32(CRC_AT, crc32(statement, 0, CRC_AT), true)
  return statement
}

/** A new file of a tail that is on the disk up to `point`. */
export function encodeTailLength(point: TailPoint, tail: StatedTail): Uint8Array {
  return Buffer.concat(Array.from({ length: STATEMENTS }, () => encodeStatement(point, tail)))
}

/** What the file of a tail's length says. */
export interface TailLength {
  /** How far the tail goes at least. */
  readonly point: TailPoint
  /** Sequence of the last record when the file was written. */
  readonly firstSequence: number
  /** Statements that differ from the first: damaged, unless the tail goes beyond the first. */
  readonly differing: readonly { readonly offsetBytes: number; readonly reason: string }[]
}

/**
 * @param isUnopened whether the gallery has a key that was not given: then nothing but the CRC
 *   vouches for a statement
 * @throws PartFault
 */
export function readTailLength(bytes: Uint8Array, tail: StatedTail, isUnopened = false): TailLength {
  if (bytes.length !== TAIL_LENGTH_BYTES)
    throw new PartFault(`it has ${bytes.length} bytes, not ${TAIL_LENGTH_BYTES}`, 0)
  const points = Array.from({ length: STATEMENTS }, (_, i) => {
    return readStatement(bytes.subarray(i * STATEMENT_BYTES, (i + 1) * STATEMENT_BYTES), tail, isUnopened)
  })
  const [first] = points
  if (typeof first === 'string') throw new PartFault(first, 0)
  const point = points.reduce((best: TailPoint, point) => {
    return typeof point !== 'string' && point.sequence >= best.sequence ? point : best
  }, first)
  const differing = points.flatMap((other, i) => {
    const offsetBytes = i * STATEMENT_BYTES
    if (typeof other === 'string') return { offsetBytes, reason: `statement ${i + 1}: ${other}` }
    if (other.bytes === first.bytes && other.sequence === first.sequence) return []
    return { offsetBytes, reason: `statement ${i + 1} says something else than the first` }
  })
  return { point, firstSequence: first.sequence, differing }
}

/** What is wrong with it, in words, when it says nothing of this tail. */
function readStatement(bytes: Uint8Array, tail: StatedTail, isUnopened: boolean): TailPoint | string {
  const view = viewOf(bytes)
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return "it does not begin with 'SIDIKLEN'"
  if (view.getUint32(CRC_AT, true) !== crc32(bytes, 0, CRC_AT)) return 'its CRC does not fit'
  if (view.getUint16(8, true) !== TAIL_LENGTH_VERSION || view.getUint16(10, true) !== STATEMENT_BYTES) {
    return 'version or length is wrong'
  }
  if (view.getUint32(12, true) !== tail.generation || view.getBigUint64(16, true) !== tail.galleryId) {
    return 'it is of another gallery or generation'
  }
  if (!isUnopened && !isVouchedFor(bytes, tail.cipher)) return "it was not written with the gallery's key"
  const [tailBytes, sequence] = [Number(view.getBigUint64(24, true)), Number(view.getBigUint64(32, true))]
  if (!Number.isSafeInteger(tailBytes) || !Number.isSafeInteger(sequence)) return 'its numbers are too large'
  return { bytes: tailBytes, sequence }
}

function isVouchedFor(bytes: Uint8Array, cipher: Cipher | undefined): boolean {
  const proof = bytes.subarray(PROOF_AT, PROOF_END)
  if (cipher) return cipher.open(proof, bytes.subarray(0, PROOF_AT)) !== undefined
  return proof.every(byte => byte === 0)
}
