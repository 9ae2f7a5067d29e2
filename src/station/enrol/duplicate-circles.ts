/** Decisions that call records duplicates of one another, so that none of them stays. */
import { partsOf, type Station, type StationParts } from '../station.js'
import { noteAnomaly } from '../sync/noted.js'
import { standingDecision } from './decisions.js'
import { findRecord } from './held.js'
import { DUPLICATE_STATE } from './states.js'

/**
 * Whether `other` is called a duplicate of `record`, itself or by way of others: then `record` can
 * be none of `other`.
 */
export function isDuplicateOf(parts: StationParts, other: string, record: string): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = other; at !== undefined && !seen.has(at); at = staysInstead(parts, at)) {
    if (at === record) return true
    seen.add(at)
  }
  return false
}

/**
 * Notes that a record which was decided about at another station is called a duplicate of one that
 * is called its own.
 */
export function noteCircle(station: Station, record: string): void {
  const parts = partsOf(station)
  const other = staysInstead(parts, record)
  if (other === undefined || !isDuplicateOf(parts, other, record)) return
  const pair = [record, other].sort()
  const detail =
    `record ${pair[0]} and record ${pair[1]} are each called a duplicate of the other, so that neither stays: ` +
    'decide which one does'
  noteAnomaly(station, 'duplicate-circle', pair.join(' '), detail)
}

/** The record that stays instead of one, by the decision that stands. */
function staysInstead(parts: StationParts, id: string): string | undefined {
  const row = findRecord(parts, id)
  if (row?.centre_state !== DUPLICATE_STATE) return undefined
  return standingDecision(parts, row)?.duplicateOf
}
