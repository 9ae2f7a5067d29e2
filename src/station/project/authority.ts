/** Whose word counts about a record: its own station's on what it is, that of stations above on what becomes of it. */
import type { StationFile } from '../store/database.js'

interface Authority {
  readonly file: StationFile
  /** The station whose file this is. */
  readonly self: string
}

/**
 * Whether the station `by` may decide about records of the station `of`. Never the station that recorded it, unless it is the centre:
 * without an upstream, and with stations below it, or opened as its own centre. Of the others,
 * upstream, and those for whom it vouches.
 */
export function mayDecide({ file, self }: Authority, by: string, of: string): boolean {
  if (by === of) return by === self && isCentre(file)
  return by === self || isUpstream(file, by)
}

/** Whether the station `by` may say that the word of the station `of` does not count any more. */
export function mayRevoke(to: Authority, by: string, of: string): boolean {
  if (of === to.self || by === of) return false
  return by === to.self || isUpstream(to.file, by) || isAbove(to, by, of)
}

/**
 * Whether a station says what a lot is for others than itself, or which key nobody has any more: this
 * one, and those above it.
 */
export function mayDefine({ file, self }: Authority, by: string): boolean {
  return by === self || isUpstream(file, by)
}

function isUpstream(file: StationFile, station: string): boolean {
  return relationOf(file, station) === 'upstream'
}

function relationOf(file: StationFile, station: string): string | undefined {
  const sql = 'SELECT relation FROM peer WHERE id = ? UNION ALL SELECT relation FROM vouched WHERE station = ? LIMIT 1'
  return file.get<{ relation: string }>(sql, station, station)?.relation
}

function isCentre(file: StationFile): boolean {
  const relations = file.all<{ relation: string }>('SELECT DISTINCT relation FROM peer').map(({ relation }) => relation)
  if (relations.includes('upstream')) return false
  return relations.includes('downstream') || file.get('SELECT 1 FROM own_centre') !== undefined
}

/** Most steps from a station to those above it. */
const MOST_STEPS = 16

/** Whether a station prints, asks for cards and issues letters for records of the station `of`: that one itself, and those above it. */
export function mayServe(to: Authority, by: string, of: string): boolean {
  return by === of || isAbove(to, by, of)
}

/**
 * The same as a list in SQL, at a hub: the station itself, those that vouch for it one after the
 * other, and this one. Parameter: this station.
 *
 * @param station in SQL, whose records they serve
 */
export const servingOf = (station: string) => `
  WITH RECURSIVE above (station, step) AS (
    SELECT ${station}, 0 UNION SELECT v.voucher, step + 1 FROM above a
    JOIN vouched v ON v.station = a.station WHERE step < ${MOST_STEPS}
  ) SELECT station FROM above UNION SELECT ?`

/**
 * Whether the station `by` is above the station `of`, as far as this one can know: those whose
 * records it holds are below it, and below those above it, and vouch for those below them.
 */
export function isAbove({ file, self }: Authority, by: string, of: string): boolean {
  if (by === self) return of !== self && !isUpstream(file, of)
  if (!isUpstream(file, by)) return isVouched(file, of, by)
  // Whoever is next to a station on the way up vouches for the one above it.
  return of === self || relationOf(file, of) === 'downstream' || (isUpstream(file, of) && isVouched(file, by, of))
}

/** Whether a station vouches for another one, itself or by way of others. */
function isVouched(file: StationFile, station: string, by: string): boolean {
  let at = station
  for (let step = 0; step < MOST_STEPS; step++) {
    const voucher = file.get<{ voucher: string }>('SELECT voucher FROM vouched WHERE station = ?', at)?.voucher
    if (voucher === undefined || voucher === by) return voucher === by
    at = voucher
  }
  return false
}
