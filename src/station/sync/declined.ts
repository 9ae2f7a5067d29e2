import type { EntryHeader } from '../journal/entry.js'
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
  answerIsReady(ground, { station, sequence })
}

/**
 * Marks the answer about this entry as ready: a peer that waits for it gets it with the next
 * message.
 */
export function answerIsReady({ file }: Ground, { station, sequence }: Pick<EntryKey, 'station' | 'sequence'>): void {
  file.run('UPDATE due SET ready = 1 WHERE station = ? AND sequence = ? AND ready = 0', station, sequence)
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
