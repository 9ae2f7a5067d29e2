import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { DedupeSet } from './set.js'

/** Templates between which others get their turn: some milliseconds. */
const AT_A_TIME = 1_000

/**
 * SHA-256, hexadecimal, of all ids and templates in their order, each behind its length in bytes (32 bits, little-endian):
 * two galleries of one digest give the same answers.
 *
 * @throws the signal's reason when it is aborted
 */
export async function digestOf(set: DedupeSet, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256')
  const lengths = new Uint8Array(8)
  const view = new DataView(lengths.buffer)
  const utf8 = new TextEncoder()
  let done = 0
  for (const { id, template } of set.stored()) {
    const idBytes = utf8.encode(id)
    view.setUint32(0, idBytes.length, true)
    view.setUint32(4, template.length, true)
    hash.update(lengths).update(idBytes).update(template)
    if (++done % AT_A_TIME > 0) continue
    await turn()
    signal?.throwIfAborted()
  }
  return hash.digest('hex')
}
