import type { Station } from '../station.js'
import { takeReceipts, takeRefusals } from './answers-in.js'
import { takeAsks } from './answers-out.js'
import { takeSentEntry } from './entries-in.js'
import { type Ground, groundFor, keepLine, lineOf } from './ground.js'
import { takeHolds } from './holds-in.js'
import type { Message } from './message-schema.js'
import { giveUpPayload, takeChunk } from './payloads-in.js'

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
 * Takes what a peer's message brings: everything in it or, after an error, nothing. Taken twice, it changes nothing the second time.
 *
 * @param message as `openMessage` gave it, which has checked who signed it
 * @throws SidikError PEER_UNKNOWN, STATION_CLOSED, STATION_FULL, STATION_BUSY: nothing was changed
 */
export function apply(station: Station, peer: string, message: Message): Applied {
  const ground = groundFor(station, peer)
  return ground.file.transaction(() => applyOn(ground, message))
}

function applyOn(ground: Ground, message: Message): Applied {
  const { inReplyTo } = message
  const isAnswer = inReplyTo !== undefined && inReplyTo === lineOf(ground).sent_nonce
  passAgain(ground, isAnswer ? inReplyTo : '')
  keepLine(ground, { taken_nonce: message.nonce, taken_at: message.at })
  const holdsChanged = takeHolds(ground, message.holds, isAnswer)
  const receipts = takeReceipts(ground, message.receipts)
  const refusals = takeRefusals(ground, message.refusals)
  let [entries, chunks] = [0, 0]
  for (const entry of message.entries) entries += takeSentEntry(ground, entry) ? 1 : 0
  for (const chunk of message.chunks) chunks += takeChunk(ground, chunk) ? 1 : 0
  for (const hash of message.lacks) giveUpPayload(ground, hash)
  takeAsks(ground, message.asks)
  return { entries, chunks, receipts, refusals, holdsChanged }
}

/** Entries that went once more with the message that this one answers have come; with another, they may not have. */
function passAgain({ file, peer }: Ground, nonce: string): void {
  file.run('DELETE FROM again WHERE peer = ? AND nonce = ?', peer.id, nonce)
  file.run('UPDATE again SET nonce = NULL WHERE peer = ? AND nonce IS NOT NULL', peer.id)
}
