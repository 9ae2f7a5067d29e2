import type { EntryHeader } from '../journal/entry.js'
import { eachValue } from '../store/each-value.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'

/** Which entry, by what it is known in the file. */
export interface EntryKey {
  readonly station: string
  readonly sequence: number
  readonly hash: Uint8Array
}

/** Keeps in mind that the contents of an entry are not taken, for the peer to be told. */
export function decline(ground: Ground, { station, sequence, hash }: EntryKey, code: RefusalCode): void {
  const { file } = ground
  file.run(
    `INSERT INTO declined (station, sequence, hash, code) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET code = excluded.code`,
    station,
    sequence,
    hash,
    code,
  )
  answerIsReady(ground, { station, sequence, hash })
}

/** Peers that wait for an answer about any form of an entry. Parameters: the station and the sequence, twice. */
const THAT_WAIT = eachValue('peer', 'due INDEXED BY due_entry WHERE station = ? AND sequence = ?')

/**
 * Marks the answer about this form of an entry as ready: a peer that waits for it gets it with the
 * next message. Touches one row for each of these peers.
 */
export function answerIsReady({ file }: Ground, { station, sequence, hash }: EntryKey): void {
  const sql = 'UPDATE due SET ready = 1 WHERE peer = ? AND station = ? AND sequence = ? AND hash = ? AND ready = 0'
  for (const { peer } of file.all<{ peer: string }>(THAT_WAIT, station, sequence, station, sequence)) {
    file.run(sql, peer, station, sequence, hash)
  }
}

/** Most forms of one entry, other than the one that is kept, of which a sender is told that they are not taken. */
export const MOST_FORMS = 16

/** Whether one more form of an entry may be declined: who signs one with as many hashes as it likes fills no file. */
export function mayDeclineForm({ file }: Ground, { station, sequence, hash }: EntryKey): boolean {
  const rows = file.all<{ hash: Uint8Array }>(
    `SELECT hash FROM declined WHERE station = ? AND sequence = ? LIMIT ${MOST_FORMS}`,
    station,
    sequence,
  )
  return rows.length < MOST_FORMS || rows.some(row => Buffer.from(row.hash).equals(hash))
}

/** The contents of an entry have come after all. */
export function undecline({ file }: Ground, { station, sequence, hash }: EntryKey): void {
  file.run('DELETE FROM declined WHERE station = ? AND sequence = ? AND hash = ?', station, sequence, hash)
}

/** The peer that sent an entry waits for a receipt or a refusal of it; only those below get receipts. */
export function oweAnswer({ file, peer }: Ground, header: EntryHeader, hash: Uint8Array): void {
  if (peer.relation === 'upstream' && header.direction === 'down') return
  const { station, sequence } = header
  owe(file, peer.id, { station, sequence, hash })
}

/** An answer that is there already is found when the next message is written, and put off if there is none. */
export function owe(file: Ground['file'], peer: string, { station, sequence, hash }: EntryKey): void {
  const sql =
    'INSERT INTO due (peer, station, sequence, hash, ready) VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET ready = 1'
  file.run(sql, peer, station, sequence, hash)
}
