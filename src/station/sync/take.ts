/** Messages of a peer, taken within its quotas, one after the other. */
import { noteProcessorMs, takePendingMs } from '../quotas/processor-time.js'
import { quotaBeyond, spend } from '../quotas/use.js'
import type { Station } from '../station.js'
import { type Applied, applying, takingTurn } from './apply.js'
import { inSlicesPastDefects } from './entry-defect.js'
import { type Ground, groundFor } from './ground.js'
import { inTurn } from './in-turn.js'
import type { Message } from './message-schema.js'
import { noteQuota } from './noted.js'
import { LONG_NEXT, type Steps } from './slices.js'

/**
 * Takes what a message brings, if its peer may bring it.
 *
 * @param message as `openMessage` gave it, which has checked who signed it
 * @param bytes of the message as it came
 * @param last done with the last of the message, in one transaction: composing the answer
 * @throws SidikError PEER_QUOTA: nothing of it was taken
 */
export async function takeMessage<T>(
  station: Station,
  message: Message,
  bytes: number,
  last: (applied: Applied) => T,
): Promise<T> {
  const ground = groundFor(station, message.from)
  const { file, peer } = ground
  return inTurn(station, takingTurn(peer.id), undefined, async () => {
    const { entries, chunks, refusals } = message
    // Each refusal becomes part of an entry of this station's own.
    const written = entries.length + refusals.length
    const beyond = quotaBeyond(station, peer, { bytes, entries: written, chunks: chunks.length })
    if (beyond !== undefined) {
      // The time to open it is counted all the same.
      file.transaction(() => spend(station, peer, { processorMs: takePendingMs(station, peer.id) }))
      noteQuota(station, peer, beyond.quota)
      throw beyond.error
    }
    const steps = () => taking(ground, message, bytes, last)
    return inSlicesPastDefects(ground, steps, ms => noteProcessorMs(station, peer.id, ms))
  })
}

function* taking<T>(ground: Ground, message: Message, bytes: number, last: (applied: Applied) => T): Steps<T> {
  const { station, peer } = ground
  const applied = yield* applying(ground, message)
  // The answer is made at one go: up to a few thousand entries, and as many signatures as answers.
  yield LONG_NEXT
  // Bytes that were here already are not counted again: a bundle that is taken once more, a message
  // whose answer was lost.
  const isNew = applied.entries + applied.chunks + applied.refusals > 0
  spend(station, peer, {
    bytes: isNew ? bytes : 0,
    entries: applied.entries + applied.refusals,
    processorMs: takePendingMs(station, peer.id),
  })
  return last(applied)
}
