import type { Ground } from './ground.js'

/** Peers that have the header of an entry already, other than the one it comes from, get the contents. */
export function offerAgain({ file, peer }: Ground, station: string, sequence: number): void {
  const others = 'station = ? AND through >= ? AND peer <> ?'
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
