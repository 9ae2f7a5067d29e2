import { peerOf } from '../peers.js'
import type { Projected } from '../project/projected.js'
import { partsOf, type Station } from '../station.js'
import type { Peer } from '../types.js'

/** What the steps of an exchange with one peer work on. */
export interface Ground extends Projected {
  readonly station: Station
  readonly peer: Peer
  /** Entries at which this program failed: entry-defect.ts. */
  readonly defects: Set<string>
}

/** @throws SidikError PEER_UNKNOWN, STATION_CLOSED */
export function groundFor(station: Station, peer: string): Ground {
  const { file, keys, identity } = partsOf(station)
  return { station, file, keys, self: identity.id, peer: peerOf(file, peer), defects: new Set() }
}

/** How things stand with the line to a peer; progress that may be lost without harm. */
export interface LineRow {
  /** Of the last message that was composed for the peer. */
  readonly sent_nonce: string | null
  /** Of the last message of the peer that was applied. */
  readonly taken_nonce: string | null
  readonly taken_at: string | null
  /** LineState as JSON. */
  readonly state: string | null
  /** Size of messages that the line has borne. */
  readonly message_bytes: number | null
}

const NO_LINE: LineRow = { sent_nonce: null, taken_nonce: null, taken_at: null, state: null, message_bytes: null }

export function lineOf({ file, peer }: Pick<Ground, 'file' | 'peer'>): LineRow {
  const sql = 'SELECT sent_nonce, taken_nonce, taken_at, state, message_bytes FROM line WHERE peer = ?'
  return file.get<LineRow>(sql, peer.id) ?? NO_LINE
}

export function keepLine(ground: Pick<Ground, 'file' | 'peer'>, change: Partial<LineRow>): void {
  const { file, peer } = ground
  file.transaction(() => {
    const { sent_nonce, taken_nonce, taken_at, state, message_bytes } = { ...lineOf(ground), ...change }
    file.run(
      `INSERT OR REPLACE INTO line (peer, sent_nonce, taken_nonce, taken_at, state, message_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
      peer.id,
      sent_nonce,
      taken_nonce,
      taken_at,
      state,
      message_bytes,
    )
  })
}
