import type { Ground } from './ground.js'

/**
 * Peers to which the header of an entry has gone already, other than the one it comes from, get the
 * contents. It may still be on its way: what they have said to hold does not tell.
 */
export function offerAgain({ file, peer }: Ground, station: string, sequence: number): void {
  const others = 'station = ? AND max(through, sent) >= ? AND peer <> ?'
  if (file.get(`SELECT 1 FROM acknowledged WHERE ${others}`, station, sequence, peer.id) === undefined) return
  file.run(
    `INSERT INTO again (peer, station, sequence) SELECT peer, station, ? FROM acknowledged WHERE ${others}
     ON CONFLICT DO NOTHING`,
    sequence,
    station,
    sequence,
    peer.id,
  )
  const sql = 'UPDATE acknowledged SET settled = min(settled, ?) WHERE station = ? AND peer <> ?'
  file.run(sql, sequence - 1, station, peer.id)
}

/** Keeps in mind up to which entry of a journal has gone to the peer. */
export function noteSent({ file, peer }: Ground, station: string, sequence: number): void {
  file.run(
    `INSERT INTO acknowledged (peer, station, through, settled, sent) VALUES (?, ?, 0, 0, ?)
     ON CONFLICT DO UPDATE SET sent = max(sent, excluded.sent)`,
    peer.id,
    station,
    sequence,
  )
}
