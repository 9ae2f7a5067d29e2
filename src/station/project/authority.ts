/** Whose word counts about a record: its own station's on what it is, that of stations above on what becomes of it. */
import type { StationFile } from '../store/database.js'

interface Authority {
  readonly file: StationFile
  /** The station whose file this is. */
  readonly self: string
}

/**
 * Whether the station `by` may decide about records of the station `of`. Never a station that recorded it, unless it is the centre:
 * without an upstream, and with stations below it. Of the others, upstream, and those whose journals come through it: these are no
 * peers here, and have recorded nothing here, because records come from below only.
 */
export function mayDecide({ file, self }: Authority, by: string, of: string): boolean {
  if (by === of) return by === self && isCentre(file)
  if (by === self) return true
  const relation = file.get<{ relation: string }>('SELECT relation FROM peer WHERE id = ?', by)?.relation
  if (relation !== undefined) return relation === 'upstream'
  return file.get('SELECT 1 FROM record WHERE station = ? LIMIT 1', by) === undefined
}

function isCentre(file: StationFile): boolean {
  const relations = file.all<{ relation: string }>('SELECT DISTINCT relation FROM peer').map(({ relation }) => relation)
  return relations.includes('downstream') && !relations.includes('upstream')
}
