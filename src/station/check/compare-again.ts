import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
import { caseRecord, readerOf } from './cases.js'
import { isComparedHere } from './unchecked.js'

/**
 * Has one record compared with all others again. What this station found of it counts no more until
 * then: no card follows. To be called in a transaction.
 */
export function compareAgain(
  station: Station,
  record: string,
  why: { readonly operator: string; readonly reason: string },
): void {
  const parts = partsOf(station)
  const of = caseRecord(parts.file, record)?.station ?? parts.identity.id
  append(station, {
    kind: 'recheck-asked',
    record,
    body: { from: record, through: record, ...why, ...(isComparedHere(parts, record) && { compareAgain: true }) },
    ...readerOf(parts.identity.id, of),
  })
}
