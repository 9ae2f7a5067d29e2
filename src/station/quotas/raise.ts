import { oneOf, readOptions, wholeNumber } from '../../options.js'
import { timeOf } from '../clock.js'
import { append } from '../journal/append.js'
import { peerOf } from '../peers.js'
import { partsOf, type Station } from '../station.js'
import { QUOTA_NAMES, type QuotaName } from './names.js'
import { endDaysAhead, raiseOf, usualOf } from './use.js'

export interface RaiseQuotaInput {
  readonly peer: string
  readonly quota: QuotaName
  /** New amount, in the unit of the quota: more than is usual for the peer. */
  readonly amount: number
  /** End of the raise, which is to come: ISO 8601 with milliseconds, UTC. */
  readonly until: string
  /** Person who answers for it. */
  readonly operator: string
  readonly reason: string
}

/** A raise that is in force. */
export type QuotaRaise = Pick<RaiseQuotaInput, 'amount' | 'until'>

/**
 * Lets a peer below take more of this station than is usual, until a time. The journal keeps who
 * decided it, and why. What was refused before comes by itself when the peer next tries. Where the
 * station's clock was ahead, what was used on days to come is forgotten: otherwise it counts until
 * they are over.
 *
 * @returns the raise of this quota that was in force: the new one takes its place, also where it is
 *   less or ends earlier
 * @throws TypeError, RangeError naming the field; SidikError PEER_UNKNOWN, PEER_REVOKED,
 *   STATION_CLOSED, STATION_FULL, STATION_BUSY
 */
export function raiseQuota(station: Station, input: RaiseQuotaInput): QuotaRaise | undefined {
  const asked = readOptions('raiseQuota', input, ['peer', 'quota', 'amount', 'until', 'operator', 'reason'])
  const { file, clock } = partsOf(station)
  if (typeof asked.peer !== 'string') throw new TypeError('peer must be the id of a station (a string)')
  const { id: peer, relation } = peerOf(file, asked.peer)
  if (relation === 'upstream') {
    throw new RangeError(`peer is '${peer}', which is above this station: it has no quotas here`)
  }
  const quota = oneOf('quota', asked.quota, QUOTA_NAMES)
  const amount = wholeNumber('amount', asked.amount, usualOf(file, peer, quota) + 1, Number.MAX_SAFE_INTEGER)
  const operator = textOf('operator', asked.operator, 200)
  const reason = textOf('reason', asked.reason, 2_000)
  const { until } = asked
  if (typeof until !== 'string' || !TIME.test(until) || new Date(Date.parse(until) || 0).toISOString() !== until) {
    throw new TypeError('until must be a time as Date.toISOString writes it')
  }
  const now = timeOf(clock)
  if (until <= now) throw new RangeError(`until is ${until}, must be later than now, which is ${now}`)
  const body = { peer, quota, amount, until, operator, reason }
  return file.transaction(() => {
    const before = raiseOf(file, peer, quota, now)
    append(station, { kind: 'quota-raised', direction: 'local', body })
    endDaysAhead(station, peer)
    return before
  })
}

/** As Date.toISOString writes it, of a year of four digits: longer ones are not in the order of their letters. */
const TIME = /^\d{4}-/

function textOf(name: string, value: unknown, most: number): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value
  throw new TypeError(`${name} must be a text of 1 to ${most} characters`)
}
