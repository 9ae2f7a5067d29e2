/** Payloads that entries from a peer wait for. */
import { eachValue } from '../store/each-value.js'
import { SEAL_BYTES } from '../store/seal.js'
import type { Ground } from './ground.js'
import type { Want } from './message-schema.js'

/** Condition on entries `j`: they come from a peer. Parameters: the peer, twice. */
export const FROM_PEER = '(j.station = ? OR EXISTS (SELECT 1 FROM vouched WHERE station = j.station AND via = ?))'

/**
 * Condition on payloads `p`: a peer has still to send them. One above need not send what is here.
 * Parameter: the peer, for one below.
 */
const LACKING = {
  upstream: 'NOT EXISTS (SELECT 1 FROM payload WHERE hash = p.hash) AND ? IS NOT NULL',
  downstream: `NOT (EXISTS (SELECT 1 FROM provided WHERE peer = ? AND hash = p.hash)
    AND EXISTS (SELECT 1 FROM payload WHERE hash = p.hash))`,
} as const

/**
 * Entries that are asked for the size of one payload: all sizes but one are wrong. The number is
 * part of the statement's text: SQLite prepares a statement with a bound limit anew each time,
 * which takes ten times as long.
 */
const MOST_SIZES = 256

/**
 * Bytes that are here of a payload, in SQL about its row `q` of `partial`: none where the row says
 * more than the chunks hold, or than the payload has.
 */
export const receivedOf = (q: string, size: string) => `iif(${q}.received < ${size} AND ${q}.received =
  (SELECT max(c.start + length(c.sealed)) - ${SEAL_BYTES} FROM partial_chunk c
   WHERE c.peer = ${q}.peer AND c.hash = ${q}.hash), ${q}.received, 0)`

/** Payloads to ask the peer for: those of entries in their place, one entry after the other. */
export function wantsFrom(ground: Ground, limit: number): Want[] {
  const { file, peer } = ground
  const wants = new Map<string, number>()
  for (const station of stationsThatWait(ground)) {
    const rows = file.all<{ hash: Uint8Array; received: number }>(
      `SELECT p.hash, ${receivedOf('q', 'p.size')} AS received FROM journal j
       CROSS JOIN entry_payload p ON p.station = j.station AND p.sequence = j.sequence
       LEFT JOIN partial q ON q.peer = ? AND q.hash = p.hash
       WHERE j.station = ? AND j.applied IS NULL AND j.body IS NOT NULL
         AND j.sequence <= (SELECT through FROM heard WHERE station = j.station)
         AND ${LACKING[peer.relation]}
       ORDER BY j.sequence, p.place LIMIT ?`,
      peer.id,
      station,
      peer.id,
      limit - wants.size,
    )
    for (const { hash, received } of rows) wants.set(Buffer.from(hash).toString('hex'), received)
    if (wants.size >= limit) break
  }
  return [...wants].map(([hash, offset]) => ({ hash, offset }))
}

/** Stations that are reached by way of the peer and have entries that have not taken effect. */
function stationsThatWait({ file, peer }: Ground): string[] {
  const held = eachValue('station', 'journal INDEXED BY journal_held WHERE applied IS NULL')
  const rows = file.all<{ station: string }>(`SELECT station FROM (${held}) j WHERE ${FROM_PEER}`, peer.id, peer.id)
  return rows.map(({ station }) => station)
}

/** Sizes that waiting entries of the peer state for a payload; empty when none waits for it. */
export function sizesOfWanted({ file, peer }: Ground, hash: Uint8Array): number[] {
  const rows = file.all<{ size: number }>(
    `SELECT p.size FROM entry_payload p CROSS JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
     WHERE p.hash = ? AND j.applied IS NULL AND j.body IS NOT NULL AND ${FROM_PEER} LIMIT ${MOST_SIZES}`,
    hash,
    peer.id,
    peer.id,
  )
  return [...new Set(rows.map(({ size }) => size))]
}

export function isWanted(ground: Ground, hash: Uint8Array): boolean {
  return sizesOfWanted(ground, hash).length > 0
}
