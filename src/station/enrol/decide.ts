/** What a centre, or a hub, says of the records that came to it from below: it goes back down. */
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { append } from '../journal/append.js'
import { mayDecide } from '../project/authority.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { heldRecord, type RecordRow } from './held.js'
import { reviewCases } from './identity-cases.js'
import { nonEmptyText, personName } from './texts.js'

export interface DecisionInput {
  /** A name of `CENTRE_STATES`, or another of the centre's. */
  readonly state: string
  readonly note?: string
  /** Who decided. */
  readonly by: string
}

export interface RemovalInput {
  readonly reason: string
  readonly by: string
}

/** Most characters of a state's name. */
const MOST_STATE = 64

/**
 * Says what becomes of a record, to the station that enrolled it. Only a station that received it from below may, or a centre (which has stations below it and none
 * above) about its own; at other stations, too, the word of any other has no effect.
 *
 * @throws TypeError, RangeError naming the argument; SidikError RECORD_UNKNOWN, RECORD_FOREIGN
 */
export function decide(station: Station, recordId: string, decision: DecisionInput): void {
  const parts = partsOf(station)
  const asked = readOptions('decide', decision, ['state', 'note', 'by'])
  const state = nonEmptyText('state', asked.state, MOST_STATE)
  const note = asked.note === undefined ? {} : { note: nonEmptyText('note', asked.note) }
  const body = { state, ...note, by: personName('by', asked.by) }
  parts.file.transaction(() => {
    const { station: to, version } = decidable(parts, recordId)
    append(station, { kind: 'decision', direction: 'down', record: recordId, recordVersion: version, to, body })
    reviewCases(station, recordId)
  })
}

/**
 * Takes a record's templates out of the duplicate check, here and at all stations below. Throws as {@link decide}.
 */
export function removeFromGallery(station: Station, recordId: string, removal: RemovalInput): void {
  const parts = partsOf(station)
  const asked = readOptions('removeFromGallery', removal, ['reason', 'by'])
  const body = { reason: nonEmptyText('reason', asked.reason), by: personName('by', asked.by) }
  parts.file.transaction(() => {
    decidable(parts, recordId)
    append(station, { kind: 'removal', direction: 'down', record: recordId, body })
  })
}

function decidable(parts: StationParts, recordId: string): RecordRow {
  const row = heldRecord(parts, recordId)
  if (mayDecide({ file: parts.file, self: parts.identity.id }, parts.identity.id, row.station)) return row
  const message = `record ${recordId} is this station's own: what becomes of it is said by the stations above`
  throw new SidikError('RECORD_FOREIGN', message)
}
