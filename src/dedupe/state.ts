import { SidikError } from '../errors.js'
import { PartFault, textOf, viewOf } from '../gallery/snapshot-parts.js'
import { crc32 } from '../template/crc32.js'
import type { Finding, Stretch } from './findings.js'

/**
 * The state of a deduplication, version 1: what it is of, then what its searches found, in their order. Little-endian.
 *
 *     header, 32 bytes
 *     offset  bytes  field
 *          0      8  magic 'SIDIKDUP'
 *          8      2  version 1
 *         10      2  header bytes, 32
 *         12      4  run: CRC-32 of the payload of the first record
 *         16     12  0
 *         28      4  CRC-32 of the 28 bytes before
 *
 * Records follow as in the tail of a durable gallery (gallery/tail.ts draws them), with `run` in place of the generation: so
 * each has a number, says what was on the disk before it, and fits no other run. All but marks are of kind 1; in place
 * of the template they hold:
 *
 *     id 'run', the first    JSON, UTF-8: see DedupeRun
 *     id 'found'             a stretch of searches that follows the one before
 *     offset  bytes  field
 *          0      4  number of the first template that was searched for, in the order of the gallery's ids
 *          4      4  one past the last
 *          8      4  findings
 *         12      4  truncated searches
 *         16         findings: probe (4), found (4), score (4, float), 1 by geometric codes, 0 by learned ones (4)
 *                    numbers of truncated searches (4 each)
 *
 * The header and the first record are written beside and renamed, so a file never is without them.
 */

export const STATE_VERSION = 1
export const STATE_HEADER_BYTES = 32
export const STATE_MAGIC = new TextEncoder().encode('SIDIKDUP')

export const RUN_ID = 'run'
export const FOUND_ID = 'found'

const FOUND_HEADER_BYTES = 16
const FINDING_BYTES = 16

/** All that the findings depend on. */
export interface DedupeRun {
  /** Templates of the gallery. */
  readonly size: number
  /** Of the gallery (see digestOf). */
  readonly digest: string
  readonly minScore: number
  readonly exhaustive: boolean
  /** Version of this package and of its core. */
  readonly program: string
}

export function encodeRun(run: DedupeRun): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(run))
}

/** Undefined when these bytes are none. */
export function readRun(bytes: Uint8Array): DedupeRun | undefined {
  try {
    const run = JSON.parse(textOf(bytes) ?? '')
    const known =
      typeof run.size === 'number' && typeof run.minScore === 'number' && typeof run.exhaustive === 'boolean'
    return known && typeof run.digest === 'string' && typeof run.program === 'string' ? run : undefined
  } catch {
    return undefined
  }
}

export function encodeStateHeader(run: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(STATE_HEADER_BYTES)
  const view = viewOf(bytes)
  bytes.set(STATE_MAGIC)
  view.setUint16(8, STATE_VERSION, true)
  view.setUint16(10, STATE_HEADER_BYTES, true)
  view.setUint32(12, crc32(run), true)
  view.setUint32(28, crc32(bytes, 0, 28), true)
  return bytes
}

/**
 * The CRC-32 that names the run.
 *
 * @throws SidikError STATE_FORMAT, STATE_VERSION; PartFault
 */
export function readStateHeader(bytes: Uint8Array): number {
  if (STATE_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SidikError(
      'STATE_FORMAT',
      "it does not begin with 'SIDIKDUP': give a file that dedupe made, or a new one",
    )
  }
  if (bytes.length < STATE_HEADER_BYTES) throw new PartFault('the file ends in its header', bytes.length)
  const view = viewOf(bytes)
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) throw new PartFault("the header's CRC does not fit", 28)
  const version = view.getUint16(8, true)
  if (version > STATE_VERSION) {
    const message = `the state is of version ${version}, this program reads up to ${STATE_VERSION}: update sidik`
    throw new SidikError('STATE_VERSION', message)
  }
  if (version === 0 || view.getUint16(10, true) !== STATE_HEADER_BYTES) {
    throw new PartFault('version or length is wrong', 8)
  }
  return view.getUint32(12, true)
}

export function encodeStretch({ from, to, findings, truncated }: Stretch): Uint8Array {
  const bytes = new Uint8Array(FOUND_HEADER_BYTES + FINDING_BYTES * findings.length + 4 * truncated.length)
  const view = viewOf(bytes)
  for (const [i, value] of [from, to, findings.length, truncated.length].entries()) view.setUint32(4 * i, value, true)
  let at = FOUND_HEADER_BYTES
  for (const { probe, found, score, codes } of findings) {
    view.setUint32(at, probe, true)
    view.setUint32(at + 4, found, true)
    view.setFloat32(at + 8, score, true)
    view.setUint32(at + 12, codes === 'geometric' ? 1 : 0, true)
    at += FINDING_BYTES
  }
  for (const number of truncated) {
    view.setUint32(at, number, true)
    at += 4
  }
  return bytes
}

/**
 * Undefined when these bytes are no stretch that begins at `from`, in a gallery of `size` templates.
 */
export function readStretch(bytes: Uint8Array, from: number, size: number): Stretch | undefined {
  if (bytes.length < FOUND_HEADER_BYTES) return undefined
  const view = viewOf(bytes)
  const [first, to, count, cut] = [0, 4, 8, 12].map(at => view.getUint32(at, true))
  const truncatedAt = FOUND_HEADER_BYTES + FINDING_BYTES * count
  if (first !== from || to <= from || to > size || bytes.length !== truncatedAt + 4 * cut) return undefined
  const findings = Array.from({ length: count }, (_, i): Finding => {
    const at = FOUND_HEADER_BYTES + FINDING_BYTES * i
    return {
      probe: view.getUint32(at, true),
      found: view.getUint32(at + 4, true),
      score: view.getFloat32(at + 8, true),
      codes: view.getUint32(at + 12, true) === 1 ? 'geometric' : 'learned',
    }
  })
  const truncated = Array.from({ length: cut }, (_, i) => view.getUint32(truncatedAt + 4 * i, true))
  const isProbe = (number: number) => number >= from && number < to
  const fits = findings.every(({ probe, found }) => isProbe(probe) && found < size && found !== probe)
  return fits && truncated.every(isProbe) ? { from, to, findings, truncated } : undefined
}
