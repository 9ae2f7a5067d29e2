/** Whose word counts about a record: its own station's on what it is, that of stations above on what becomes of it. */
import type { StationFile } from '../store/database.js'

interface Authority {
  readonly file: StationFile
  /** The station whose file this is. */
  readonly self: string
}

/**
 * Whether the station `by` may decide about records of the station `of`. Never the station that recorded it, unless it is the centre:
 * without an upstream, and with stations below it. Of the others, upstream, and those for whom it vouches.
 */
export function mayDecide({ file, self }: Authority, by: string, of: string): boolean {
  if (by === of) return by === self && isCentre(file)
  if (by === self) return true
  const known = file.get<{ relation: string }>(
    'SELECT relation FROM peer WHERE id = ? UNION ALL SELECT relation FROM vouched WHERE station = ? LIMIT 1',
    by,
    by,
  )
  return known?.relation === 'upstream'
}

function isCentre(file: StationFile): boolean {
  const relations = file.all<{ relation: string }>('SELECT DISTINCT relation FROM peer').map(({ relation }) => relation)
  return relations.includes('downstream') && !relations.includes('upstream')
}
