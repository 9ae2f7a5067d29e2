/**
 * Places in the order in which entries took effect: each is given once. Who follows the order goes
 * on behind a place, and would never hear of an entry that came into one that another has left.
 */
import type { StationFile } from '../store/database.js'

/** Row of `meta` with the highest place that an entry has left. */
const LEFT = 'place left'

const HIGHEST = `SELECT max(applied) AS highest FROM journal
  UNION ALL SELECT CAST(value AS INTEGER) FROM meta WHERE name = '${LEFT}'`

/** The highest place that was given, also where its entry has left it; 0 before the first. */
export function newestPlace(file: StationFile): number {
  return Math.max(0, ...file.all<{ highest: number | null }>(HIGHEST).map(row => row.highest ?? 0))
}

/** The place of the next entry that takes effect. */
export function nextPlace(file: StationFile): number {
  return newestPlace(file) + 1
}

/** To be called before entries leave their places: one that takes effect again, or is taken out. */
export function leavePlaces(file: StationFile): void {
  file.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', LEFT, String(newestPlace(file)))
}
