import { partsOf, type Station } from '../station.js'
import { append, type NewEntry } from './append.js'
import type { SignedEntry } from './entry.js'
import type { BodyOf } from './kinds.js'

type WordKind = BodyOf<'told-below'>['kind']

/**
 * Writes an entry about a card or letter. Where it goes down, to the station of the record, those above this one are
 * told of it: else they would print another card for the person. To be called in a transaction.
 */
export function appendWord<K extends WordKind>(station: Station, entry: NewEntry<K>): SignedEntry {
  const signed = append(station, entry)
  const { kind, direction, record, recordVersion, body: said } = entry
  const hasAbove = `SELECT 1 FROM peer WHERE relation = 'upstream' LIMIT 1`
  if (direction !== 'down' || partsOf(station).file.get(hasAbove) === undefined) return signed
  const about = { ...(record !== undefined && { record }), ...(recordVersion !== undefined && { recordVersion }) }
  append(station, { kind: 'told-below', direction: 'up', ...about, body: { kind, said } })
  return signed
}
