/** Files of decisions, and a station that may decide. */
import { type Station, withdraw } from 'sidik/station'
import { decisionsOn } from '../../../dist/station/enrol/decisions.js'
import { heldRecord } from '../../../dist/station/enrol/held.js'
import { partsOf } from '../../../dist/station/station.js'
import { newOffice, person, WHY } from '../print/support.js'

export const nikOf = (number: number) => `327601${String(4_107_900_000 + number).padStart(10, '0')}`

export const idOf = (number: number) => `record-${String(number).padStart(4, '0')}`

/** A centre with persons 1 to `count`, of whom nothing is decided. */
export async function centreWith(count: number): Promise<Station> {
  const station = await newOffice()
  partsOf(station).file.transaction(() => {
    for (let number = 1; number <= count; number++) person(station, number, null, nikOf(number))
  })
  return station
}

export function withdrawn(station: Station, number: number): void {
  withdraw(station, idOf(number), WHY)
}

/** Decisions about a record, the newest first: state, whose duplicate, note. */
export function saidOf(station: Station, id: string): string[] {
  const parts = partsOf(station)
  return decisionsOn(parts, heldRecord(parts, id)).map(({ state, duplicateOf, note }) =>
    [state, duplicateOf ?? '', note ?? ''].join('|'),
  )
}

/** Everything that was decided at a station, by record. */
export function allSaid(station: Station): Record<string, string[]> {
  const ids = partsOf(station).file.all<{ id: string }>('SELECT id FROM record ORDER BY id')
  return Object.fromEntries(ids.map(({ id }) => [id, saidOf(station, id)]))
}

export const bytesOf = (text: string) => new TextEncoder().encode(text)
