/** Which record a row of a file of decisions is about, and which one it names as the one that stays. */

import { stands } from '../check/cases.js'
import { findRecord, isKnown, type RecordRow } from '../enrol/held.js'
import { NIK_TAG } from '../enrol/nik.js'
import { STANDS } from '../project/standing.js'
import type { StationParts } from '../station.js'
import { type Refusal, refusal } from './refused-rows.js'
import type { DecisionRow } from './rows.js'

/** The record of a row. */
export function recordMeant(parts: StationParts, { record, nik, state }: DecisionRow): RecordRow | Refusal {
  if (record !== undefined) {
    const held = findRecord(parts, record)
    if (held === undefined) return refusal('record-unknown', 'this station holds no record of this id')
    if (held.client_state === 'withdrawn') return refusal('record-unknown', 'the record was withdrawn')
    if (nik === undefined || ofNik(parts, nik).some(({ id }) => id === held.id)) return held
    return refusal('nik-differs', 'the record is of another NIK than the row says')
  }
  const [only, ...others] = recordsMeant(parts, nik!, state)
  if (only === undefined) return refusal('record-unknown', 'no record of this NIK is here, or it was withdrawn')
  return others.length === 0 ? only : refusal('nik-several', 'several records have this NIK: name the record by its id')
}

/** The id of the record that stays. Its id comes first: an id may look like a NIK. */
export function otherMeant(parts: StationParts, named: string): string | Refusal {
  if (isKnown(parts, named)) return named
  const standing = /^\d{16}$/.test(named) ? recordsMeant(parts, named) : []
  if (standing.length === 1) return standing[0].id
  if (standing.length > 1) {
    return refusal('duplicate-several', 'several records have the NIK that it is a duplicate of: name the id')
  }
  return refusal('duplicate-unknown', 'the record that it is a duplicate of is not known at this station')
}

/**
 * Records that may be meant by a NIK: those that were not withdrawn. Those that fell (the centre
 * calls them duplicates, or could not take them in) are not meant where another one stands, unless
 * the word is that a record falls: it may be about either.
 *
 * @throws SidikError STATION_ALTERED where another was hidden by whoever edited the file
 */
function recordsMeant(parts: StationParts, nik: string, state: string | null = null): RecordRow[] {
  const { file } = parts
  const there = ofNik(parts, nik).filter(({ client_state }) => client_state !== 'withdrawn')
  const standing = stands({ client_state: 'recorded', centre_state: state }) ? there.filter(stands) : []
  const found = standing.length > 0 ? standing : there
  if (found.length === 1 && file.inTransaction) file.watcher?.assure(found[0].id)
  return found
}

/** Most records of one NIK that are looked at: those that stand first. */
const MOST_OF_NIK = 256

/** Records that have a NIK now. */
export function ofNik(parts: StationParts, nik: string): RecordRow[] {
  const { file, keys } = parts
  const sql = `SELECT id FROM record WHERE nik_tag = ?
    ORDER BY client_state = 'withdrawn', NOT ${STANDS}, id LIMIT ${MOST_OF_NIK}`
  return file.all<{ id: string }>(sql, keys.tag(NIK_TAG + nik)).map(({ id }) => findRecord(parts, id)!)
}
