/** How far the chip of a card is, by what the station that prints wrote in its journal. */
import type { BodyOf } from '../journal/kinds.js'
import { assertUnaltered, bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { Station, StationParts } from '../station.js'
import { partsOf } from '../station.js'
import { write } from './reserve.js'
import { type JobRow, jobRow } from './rows.js'
import type { ChipCard } from './types.js'

/** `untried`: it has a chip, and nothing was written to it. */
export type ChipStep = 'none' | 'untried' | 'tried'

const SENT = `SELECT ${ENTRY_COLUMNS} FROM journal
  WHERE record = ? AND +station = ? AND kind IN ('card-sent', 'card-personalising') AND applied IS NOT NULL
  ORDER BY sequence`

/** @throws SidikError STATION_CORRUPT where an entry was altered */
export function chipOf({ file, keys }: StationParts, { id, record, station }: JobRow): ChipStep {
  let step: ChipStep = 'none'
  for (const row of file.all<EntryRow>(SENT, record, station)) {
    assertUnaltered(file, keys, row)
    const body = bodyOf(file, keys, row) as Partial<BodyOf<'card-sent'>> | undefined
    if (body?.job !== id) continue
    if (row.kind === 'card-personalising') step = 'tried'
    else if (body.chip === true) step = 'untried'
  }
  return step
}

/**
 * Writes that the chip is begun, before the first byte goes to it.
 *
 * @param states in which the card must be
 * @returns what the printer is told; undefined where a person has said meanwhile what became of the card
 */
export function beginChip(
  station: Station,
  job: string,
  states: readonly JobRow['state'][],
  operator?: string,
): ChipCard | undefined {
  const parts = partsOf(station)
  return parts.file.transaction(() => {
    const row = jobRow(parts, job)
    if (!states.includes(row.state)) return undefined
    write(station, row, 'card-personalising', { job, ...(operator !== undefined && { operator }) })
    return chipCardOf(row)
  })
}

function chipCardOf({ id, request, record, version, prefix, digits, number }: JobRow): ChipCard {
  return {
    job: id,
    request,
    record,
    ...(version !== null && { version }),
    ...(number !== null && { serial: `${prefix}${String(number).padStart(digits!, '0')}` }),
  }
}
