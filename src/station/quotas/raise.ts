import { oneOf, readOptions, wholeNumber } from '../../options.js'
import { append } from '../journal/append.js'
import { peerOf } from '../peers.js'
import { partsOf, type Station } from '../station.js'
import { QUOTA_NAMES, type QuotaName } from './names.js'
import { endDaysAhead } from './use.js'

export interface RaiseQuotaInput {
  readonly peer: string
  readonly quota: QuotaName
  /** New amount, in the unit of the quota. Less than what is usual changes no quota. */
  readonly amount: number
  /** End of the raise: ISO 8601 with milliseconds, UTC. */
  readonly until: string
  /** Person who answers for it. */
  readonly operator: string
  readonly reason: string
}

/**
 * Lets a peer below take more of this station than is usual, until a time. The journal keeps who
 * decided it, and why. What was refused before comes by itself when the peer next tries. Where the
 * station's clock was ahead, what was used on days to come is forgotten: otherwise it counts until
 * they are over.
 *
 * @throws TypeError, RangeError naming the field; SidikError PEER_UNKNOWN, STATION_CLOSED,
 *   STATION_FULL, STATION_BUSY
 */
export function raiseQuota(station: Station, input: RaiseQuotaInput): void {
  const asked = readOptions('raiseQuota', input, ['peer', 'quota', 'amount', 'until', 'operator', 'reason'])
  const { id: peer } = peerOf(partsOf(station).file, asked.peer)
  const quota = oneOf('quota', asked.quota, QUOTA_NAMES)
  const amount = wholeNumber('amount', asked.amount, 1, Number.MAX_SAFE_INTEGER)
  const operator = textOf('operator', asked.operator, 200)
  const reason = textOf('reason', asked.reason, 2_000)
  const { until } = asked
  if (typeof until !== 'string' || Number.isNaN(Date.parse(until)) || new Date(until).toISOString() !== until) {
    throw new TypeError('until must be a time as Date.toISOString writes it')
  }
  const body = { peer, quota, amount, until, operator, reason }
  partsOf(station).file.transaction(() => {
    append(station, { kind: 'quota-raised', direction: 'local', body })
    endDaysAhead(station, peer)
  })
}

function textOf(name: string, value: unknown, most: number): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value
  throw new TypeError(`${name} must be a text of 1 to ${most} characters`)
}
