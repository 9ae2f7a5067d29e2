/** The decision that a card is issued, which follows its hand-over. */
import { append } from '../journal/append.js'
import { mayDecide } from '../project/authority.js'
import { HAND_OVER } from '../project/records.js'
import { partsOf, type Station } from '../station.js'

/** States of a record before its card is handed over. */
const BEFORE: readonly string[] = ['PRINT_READY_RECORD', 'CARD_PRINTED']

/**
 * Decides CARD_ISSUED about a record whose card was handed over, where this station may. To be called in
 * the transaction that heard of it.
 */
export function noteIssued(station: Station, record: string): void {
  const { file, identity } = partsOf(station)
  const row = file.get<{ station: string; version: number; centre_state: string | null }>(
    `SELECT station, version, centre_state FROM record WHERE id = ?
       AND EXISTS (SELECT 1 FROM card_request WHERE record = record.id AND state = 'handed-over')`,
    record,
  )
  if (row?.centre_state == null || !BEFORE.includes(row.centre_state)) return
  if (!mayDecide({ file, self: identity.id }, identity.id, row.station)) return
  const body = { state: 'CARD_ISSUED', by: HAND_OVER }
  append(station, {
    kind: 'decision',
    direction: 'down',
    record,
    recordVersion: row.version,
    to: row.station,
    body,
  })
}
