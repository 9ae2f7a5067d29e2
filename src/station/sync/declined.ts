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
export function decline({ file }: Ground, { station, sequence, hash }: EntryKey, code: RefusalCode): void {
  file.run(
    `INSERT INTO declined (station, sequence, hash, code) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET code = excluded.code`,
    station,
    sequence,
    hash,
    code,
  )
}

/** The contents of an entry have come after all. */
export function undecline({ file }: Ground, { station, sequence, hash }: EntryKey): void {
  file.run('DELETE FROM declined WHERE station = ? AND sequence = ? AND hash = ?', station, sequence, hash)
}

/** The peer that sent an entry waits for a receipt or a refusal of it; only those below get receipts. */
export function oweAnswer({ file, peer }: Ground, header: EntryHeader, hash: Uint8Array): void {
  if (peer.relation === 'upstream' && header.direction === 'down') return
  file.run(
    'INSERT INTO due (peer, station, sequence, hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    peer.id,
    header.station,
    header.sequence,
    hash,
  )
}
