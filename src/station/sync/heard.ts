import type { StationFile } from '../store/database.js'

/** How far another station's journal is here without a gap. */
export interface Heard {
  /** Sequence of the last entry; 0 for none. */
  readonly through: number
  /** Its hash, hexadecimal; '' for none. */
  readonly hash: string
}

export function heard(file: StationFile, station: string): Heard {
  const row = file.get<{ through: number; hash: Uint8Array }>(
    'SELECT through, hash FROM heard WHERE station = ?',
    station,
  )
  return row === undefined
    ? { through: 0, hash: '' }
    : { through: row.through, hash: Buffer.from(row.hash).toString('hex') }
}

export function hearThrough(file: StationFile, station: string, { through, hash }: Heard): void {
  const sql = 'INSERT OR REPLACE INTO heard (station, through, hash) VALUES (?, ?, ?)'
  file.run(sql, station, through, Buffer.from(hash, 'hex'))
}
