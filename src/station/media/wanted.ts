/** Payloads that a bundle brings though their entries are with the peer already: a line broke before they were through. */
import type { Ground } from '../sync/ground.js'
import type { Want } from '../sync/message-schema.js'

/** What the peer's last bundle asked for, and (of the station above, which answers for all that it has) what entries without an answer name. */
export function awaitedPayloads({ file, peer }: Ground): Want[] {
  const direction = peer.relation === 'upstream' ? 'up' : 'down'
  const rows = file.all<{ hash: Uint8Array }>(
    `SELECT hash FROM wanted WHERE peer = ?
     UNION
     SELECT p.hash FROM acknowledged a
     JOIN journal j ON j.station = a.station AND j.direction = ? AND j.sequence > a.settled AND j.sequence <= a.through
     JOIN entry_payload p ON p.station = j.station AND p.sequence = j.sequence
     WHERE a.peer = ? AND j.direction = 'up' AND j.body IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.station = j.station AND r.sequence = j.sequence
         AND r.peer = a.peer AND r.stands = 1 AND r.hash = j.hash)
       AND NOT EXISTS (SELECT 1 FROM refusal f WHERE f.station = j.station AND f.sequence = j.sequence
         AND f.peer = a.peer AND f.state <> 'retried')`,
    peer.id,
    direction,
    peer.id,
  )
  return rows.map(({ hash }) => ({ hash: Buffer.from(hash).toString('hex'), offset: 0 }))
}

/** Keeps what a bundle of the peer asks for, for the next one to it. */
export function keepWanted({ file, peer }: Ground, wants: readonly Want[]): void {
  file.run('DELETE FROM wanted WHERE peer = ?', peer.id)
  for (const { hash } of wants) {
    file.run('INSERT INTO wanted (peer, hash) VALUES (?, ?) ON CONFLICT DO NOTHING', peer.id, Buffer.from(hash, 'hex'))
  }
}
