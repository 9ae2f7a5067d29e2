import type { Station } from '../station.js'
import { takeReceipts, takeRefusals } from './answers-in.js'
import { takeAsks } from './answers-out.js'
import { takeSentEntry } from './entries-in.js'
import { inSlicesPastDefects } from './entry-defect.js'
import { type Ground, groundFor, keepLine, lineOf } from './ground.js'
import { takeHolds } from './holds-in.js'
import { inTurn } from './in-turn.js'
import type { Message } from './message-schema.js'
import { giveUpPayload, takeChunk } from './payloads-in.js'
import { settleQueued } from './settle.js'

/** What a message brought. */
export interface Applied {
  /** Entries that were not here, or not with their contents. */
  readonly entries: number
  /** Chunks that brought a payload further. */
  readonly chunks: number
  readonly receipts: number
  readonly refusals: number
  /** Whether the peer holds other entries than was known. */
  readonly holdsChanged: boolean
}

/**
 * Takes what a peer's message brings, in slices between which others have their turn. Taken twice,
 * a message changes nothing the second time. One that was taken in part, before an error or a
 * crash, is taken whole the next time.
 *
 * @param message as `openMessage` gave it, which has checked who signed it
 * @throws SidikError PEER_UNKNOWN, STATION_CLOSED, STATION_FULL, STATION_BUSY: the peer is told
 *   nothing of what was taken
 */
export async function apply(station: Station, peer: string, message: Message): Promise<Applied> {
  const ground = groundFor(station, peer)
  return inTurn(station, takingTurn(peer), undefined, () =>
    inSlicesPastDefects(ground, () => applying(ground, message)),
  )
}

/** The turn of those who take messages of a peer; `sync` with it has another, in which answers are taken. */
export function takingTurn(peer: string): string {
  return `taking ${peer}`
}

/** The steps of `apply`. */
export function* applying(ground: Ground, message: Message): Generator<void, Applied> {
  const { inReplyTo } = message
  const isAnswer = inReplyTo !== undefined && inReplyTo === lineOf(ground).sent_nonce
  passAgain(ground, isAnswer ? inReplyTo : '')
  yield* settleQueued(ground)
  const holdsChanged = yield* takeHolds(ground, message.holds, isAnswer)
  const receipts = yield* takeReceipts(ground, message.receipts)
  const refusals = yield* takeRefusals(ground, message.refusals)
  let [entries, chunks] = [0, 0]
  for (const entry of message.entries) {
    entries += (yield* takeSentEntry(ground, entry)) ? 1 : 0
    yield
  }
  for (const chunk of message.chunks) {
    chunks += takeChunk(ground, chunk) ? 1 : 0
    yield
    yield* settleQueued(ground)
  }
  for (const hash of message.lacks) {
    giveUpPayload(ground, hash)
    yield
    yield* settleQueued(ground)
  }
  yield* takeAsks(ground, message.asks)
  // Heard last: a peer that is told of a message as taken sends none of it again.
  keepLine(ground, { taken_nonce: message.nonce, taken_at: message.at })
  return { entries, chunks, receipts, refusals, holdsChanged }
}

/** Entries that went once more with the message that this one answers have come; with another, they may not have. */
function passAgain({ file, peer }: Ground, nonce: string): void {
  file.run('DELETE FROM again WHERE peer = ? AND nonce = ?', peer.id, nonce)
  file.run('UPDATE again SET nonce = NULL WHERE peer = ? AND nonce IS NOT NULL', peer.id)
}
