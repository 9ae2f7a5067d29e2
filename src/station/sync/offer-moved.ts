import type { StationFile } from '../store/database.js'

/**
 * A station is reached by way of another peer from now on: that one gets what was said to the station
 * before, of which only headers have gone to it. What a centre has refused would else be unknown to
 * the hub that takes the place of a lost one.
 */
export function offerMoved(file: StationFile, station: string, peer: string): void {
  file.run(
    `INSERT INTO again (peer, station, sequence) SELECT a.peer, j.station, j.sequence
     FROM acknowledged a JOIN journal j ON j.station = a.station AND j.sequence <= max(a.through, a.sent)
     WHERE a.peer = ? AND j.direction = 'down' AND json_extract(CAST(j.header AS TEXT), '$.to') = ?
     ON CONFLICT DO NOTHING`,
    peer,
    station,
  )
  file.run(
    `UPDATE acknowledged SET settled = min(settled, coalesce((SELECT min(sequence) - 1 FROM again
       WHERE again.peer = acknowledged.peer AND again.station = acknowledged.station), settled)) WHERE peer = ?`,
    peer,
  )
}
