import { altered } from '../guard/altered.js'
import type { StationFile } from '../store/database.js'

/** How far another station's journal is here without a gap. */
export interface Heard {
  /** Sequence of the last entry; 0 for none. */
  readonly through: number
  /** Its hash, hexadecimal; '' for none. */
  readonly hash: string
}

/** @throws SidikError STATION_ALTERED when that entry is not here */
export function heard(file: StationFile, station: string): Heard {
  const row = file.get<{ through: number; hash: Uint8Array | null }>(
    `SELECT h.through, j.hash FROM heard h LEFT JOIN journal j ON j.station = h.station AND j.sequence = h.through
     WHERE h.station = ?`,
    station,
  )
  if (row === undefined) return { through: 0, hash: '' }
  if (row.hash === null) throw altered(file, `how far the journal of station ${station} is here`)
  return { through: row.through, hash: Buffer.from(row.hash).toString('hex') }
}

export function hearThrough(file: StationFile, station: string, through: number): void {
  file.run('INSERT OR REPLACE INTO heard (station, through) VALUES (?, ?)', station, through)
}
