/** Entries that a peer will not take: a person looks at them, and has them sent once more or lets them lie. */
import { SidikError } from '../../errors.js'
import { oneOf, readOptions, wholeNumber } from '../../options.js'
import { stationId } from '../identity.js'
import { append } from '../journal/append.js'
import { decodeHeader } from '../journal/entry.js'
import { partsOf, type Station } from '../station.js'

/** Which refusal. */
export interface RefusalName {
  readonly peer: string
  /** Of the entry. */
  readonly station: string
  readonly sequence: number
}

/** `open`: nobody has looked at it. `retried`: it goes once more with the next message. `dismissed`: it stays here. */
export type RefusalState = 'open' | 'retried' | 'dismissed'

export interface Refusal extends RefusalName {
  /** Of REFUSAL_CODES, or one of a newer version. */
  readonly code: string
  /** ISO 8601. */
  readonly refusedAt: string
  readonly state: RefusalState
  readonly kind: string
  readonly record?: string
  readonly recordVersion?: number
}

export interface SettleRefusalOptions {
  /** Who decides. */
  readonly operator: string
  /** Why, in words. */
  readonly reason?: string
}

interface RefusalRow extends RefusalName {
  readonly code: string
  readonly refused_at: string
  readonly state: RefusalState
  readonly header: Uint8Array
}

/** The entries that peers refused and have not taken since; those in `state`, `open` unless told; the oldest first. */
export function refusals(station: Station, options?: { readonly state?: RefusalState }): Refusal[] {
  const { state = 'open' } = readOptions('refusals', options, ['state'])
  oneOf('state', state, ['open', 'retried', 'dismissed'])
  const rows = partsOf(station).file.all<RefusalRow>(
    `SELECT f.peer, f.station, f.sequence, f.code, f.refused_at, f.state, j.header FROM refusal f
     JOIN journal j ON j.station = f.station AND j.sequence = f.sequence
     WHERE f.state = ? AND NOT EXISTS (SELECT 1 FROM receipt r
       WHERE r.station = f.station AND r.sequence = f.sequence AND r.peer = f.peer AND r.stands = 1)
     ORDER BY f.refused_at, f.station, f.sequence`,
    state,
  )
  return rows.map(({ header, refused_at, ...row }) => {
    const { kind, record, recordVersion } = decodeHeader(header)
    return {
      ...row,
      refusedAt: refused_at,
      kind,
      ...(record !== undefined && { record }),
      ...(recordVersion !== undefined && { recordVersion }),
    }
  })
}

/**
 * Has a refused entry sent once more: after the peer was renewed, or a payload was found again.
 *
 * @throws TypeError, RangeError naming what is not what it should be; SidikError REFUSAL_UNKNOWN
 */
export function retryRefusal(station: Station, refusal: RefusalName, options: SettleRefusalOptions): void {
  const { file } = partsOf(station)
  file.transaction(() => {
    settle(station, refusal, 'retried', options)
    const { peer, station: of, sequence } = refusal
    file.run('INSERT INTO again (peer, station, sequence) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', peer, of, sequence)
    const sql = 'UPDATE acknowledged SET settled = min(settled, ?) WHERE peer = ? AND station = ?'
    file.run(sql, sequence - 1, peer, of)
  })
}

/**
 * Lets a refused entry lie. It stays in the journal and its record as it is.
 *
 * @throws TypeError, RangeError naming what is not what it should be; SidikError REFUSAL_UNKNOWN
 */
export function dismissRefusal(
  station: Station,
  refusal: RefusalName,
  options: SettleRefusalOptions & { readonly reason: string },
): void {
  if (typeof options?.reason !== 'string' || options.reason === '') throw new TypeError('reason must be a text')
  partsOf(station).file.transaction(() => settle(station, refusal, 'dismissed', options))
}

function settle(
  station: Station,
  refusal: RefusalName,
  state: 'retried' | 'dismissed',
  options: SettleRefusalOptions,
): void {
  const peer = stationId('refusal.peer', refusal?.peer)
  const of = stationId('refusal.station', refusal.station)
  const sequence = wholeNumber('refusal.sequence', refusal.sequence, 1, Number.MAX_SAFE_INTEGER)
  const { operator, reason } = readOptions('refusal', options, ['operator', 'reason'])
  if (typeof operator !== 'string' || operator === '') throw new TypeError('operator must be a text')
  const sql = 'SELECT 1 FROM refusal WHERE peer = ? AND station = ? AND sequence = ?'
  if (partsOf(station).file.get(sql, peer, of, sequence) === undefined) {
    const what = `station ${peer} has not refused entry ${sequence} of station ${of}`
    throw new SidikError('REFUSAL_UNKNOWN', what)
  }
  const body = { peer, station: of, sequence, state, operator, ...(reason !== undefined && { reason }) }
  append(station, { kind: 'refusal-settled', direction: 'local', body })
}
