/** Of which stations a report can be made: this one and those below, whose books come up to it. */
import { SidikError } from '../../../errors.js'
import type { StationParts } from '../../station.js'

/**
 * Those asked for, or all that have stock or a queue; in the order of their ids.
 *
 * @throws TypeError; SidikError PEER_UNKNOWN for a station that is not this one nor one below
 */
export function reportedStations({ file, identity }: StationParts, asked: readonly string[] | undefined): string[] {
  const below = file
    .all<{ id: string }>(
      `SELECT id FROM peer WHERE relation = 'downstream' UNION SELECT station FROM vouched WHERE relation = 'downstream'`,
    )
    .map(({ id }) => id)
  const known = new Set([identity.id, ...below])
  if (asked !== undefined) {
    if (!Array.isArray(asked) || asked.length === 0 || asked.some(id => typeof id !== 'string')) {
      throw new TypeError('stations must be a list of ids of stations')
    }
    const place = asked.findIndex(id => !known.has(id))
    if (place < 0) return [...new Set(asked)].sort()
    throw new SidikError('PEER_UNKNOWN', `stations[${place}] is not this station, nor one below it`)
  }
  const busy = file
    .all<{ id: string }>(
      `SELECT DISTINCT station AS id FROM stock_balance UNION SELECT DISTINCT prints FROM card_request
       UNION SELECT DISTINCT station FROM letter`,
    )
    .map(({ id }) => id)
    .filter(id => known.has(id))
  return busy.length === 0 ? [identity.id] : busy.sort()
}
