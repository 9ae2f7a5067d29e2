/** Work that the search of an enrolment leaves to the check of records. */
import { mayDecide } from '../project/authority.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { openFingerCases } from './finger-cases.js'
import type { PreCheck } from './pre-check.js'
import { INDEX_UNAVAILABLE, type Searched } from './search.js'
import { doubtsOf } from './search-all.js'
import { countMissed } from './unchecked.js'

/**
 * Persons with whom a search did not compare a record, as they became known since, had no room, or
 * there is no engine or no index; at least 1 where others may stand behind as many as a search names. To be called in
 * the transaction that writes the record.
 */
export function missedBy(parts: StationParts, { preCheck, isFull }: Searched, record: string): number {
  const { reasons, through, missed } = preCheck
  if (reasons.includes('no-finger')) return 0
  // Nobody knows whom an index has that did not answer. The record may be the first: it is due all the same.
  if (reasons.includes(INDEX_UNAVAILABLE)) return Math.max(1, countMissed(parts, 0, record))
  return Math.max(isFull ? 1 : 0, missed + countMissed(parts, through, record))
}

/**
 * Opens the cases that the search of an own record found, where no station above compares it with
 * more. To be called in the transaction that writes the record.
 */
export function openOwnCases(station: Station, record: string, preCheck: PreCheck, targetFpir: number): void {
  const { file, identity } = partsOf(station)
  const isCentre = mayDecide({ file, self: identity.id }, identity.id, identity.id)
  const matches = preCheck.candidates.filter(({ fpir }) => fpir <= targetFpir)
  if (isCentre) openFingerCases(station, record, doubtsOf(matches))
}
