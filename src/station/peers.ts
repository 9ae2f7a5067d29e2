/** Peers, with which this station synchronises, and the keys of the stations behind them. */
import { SidikError } from '../errors.js'
import { flag, oneOf, readOptions } from '../options.js'
import { assertPublicIdentity, stationId } from './identity.js'
import { append } from './journal/append.js'
import { freeJournal } from './journal/free.js'
import { isRevoked, voucherOf } from './project/peers.js'
import { partsOf, type Station } from './station.js'
import type { StationFile } from './store/database.js'
import { settleConflicts } from './sync/key-conflicts.js'
import { offerMoved } from './sync/offer-moved.js'
import { trustedStation } from './sync/trust.js'
import type { Peer, PublicIdentity, Relation } from './types.js'

interface PeerRow {
  readonly id: string
  readonly relation: Relation
  readonly verify_key: string
  readonly seal_to: string
  readonly vouches: number | null
  readonly revoked: number
}

/**
 * Trusts a peer by its keys, which came over a channel that is trusted. A peer that is known already
 * gets these keys from now on, whatever other stations say of it.
 *
 * @throws TypeError for a peer that is not what its type says
 * @throws SidikError STATION_IDENTITY for keys that are none, PEER_EXISTS for a second upstream,
 *   PEER_REVOKED for one that was revoked, KEY_CONFLICT where entries are held that are signed with
 *   another key: `revokePeer` from entry 1 on sets them aside
 */
export function addPeer(station: Station, peer: Peer): void {
  const { file, identity } = partsOf(station)
  const known = namedStation('peer', peer, identity.id, ['relation'])
  const relation = oneOf('peer.relation', peer.relation, ['upstream', 'downstream'])
  file.transaction(() => {
    const upstream = peersOf(file).find(each => each.relation === 'upstream' && each.revoked === 0)
    if (relation === 'upstream' && upstream !== undefined && upstream.id !== known.id) {
      throw new SidikError('PEER_EXISTS', `station ${identity.id} has an upstream already, ${upstream.id}`)
    }
    freeJournal(file, known)
    // Whom a station knows below, those above it learn of; whom it knows above, those below.
    const direction = relation === 'downstream' ? 'up' : 'down'
    const vouches = relation === 'downstream' ? { vouches: known.vouches ?? false } : {}
    append(station, { kind: 'peer', direction, body: { peer: { ...known, ...vouches, relation } } })
    settleConflicts(station, known.id)
  })
}

/** A station that is known by the word of others. */
export interface TrustedStation extends PublicIdentity {
  /** The station whose word it is from now on: a peer, or one that is vouched for. */
  readonly voucher: string
  /** As in Peer. */
  readonly vouches?: boolean
}

export interface TrustOptions {
  /** Person who decides. */
  readonly operator: string
  /** Why, in words. */
  readonly reason: string
}

/**
 * Decides by which key, and by whose word, a station is known that lies behind a peer: after an
 * anomaly `key-conflict` or `voucher-conflict`, or where it has moved to another hub.
 *
 * @throws TypeError for what is not as its type says, for a peer (`addPeer` changes its keys), and
 *   for a voucher that is the station itself, or lies behind it
 * @throws SidikError STATION_IDENTITY; PEER_UNKNOWN for a voucher that is not known, or may not vouch
 *   for others; PEER_REVOKED for a station or a voucher that was revoked; KEY_CONFLICT as
 *   {@link addPeer}
 */
export function trustStation(station: Station, trusted: TrustedStation, options: TrustOptions): void {
  const { file, identity } = partsOf(station)
  const known = namedStation('station', trusted, identity.id, ['voucher'])
  const voucher = stationId('station.voucher', trusted.voucher)
  const said = decision(readOptions('trustStation', options, ['operator', 'reason']))
  file.transaction(() => {
    const ids = peersOf(file).map(({ id }) => id)
    if (ids.includes(known.id)) throw new TypeError(`station.id is '${known.id}', a peer: addPeer changes its keys`)
    assertMayVouch(file, voucher, known.id)
    freeJournal(file, known)
    const before = viaOf(file, known.id)
    append(station, { kind: 'station-trusted', direction: 'local', body: { station: known, voucher, ...said } })
    const via = viaOf(file, known.id)
    if (via !== undefined && via !== before) offerMoved(file, known.id, via)
    settleConflicts(station, known.id)
  })
}

function assertMayVouch(file: StationFile, voucher: string, of: string): void {
  const known = trustedStation(file, voucher)
  if (voucher !== of && known === undefined) {
    throw new SidikError('PEER_UNKNOWN', `no station '${voucher}' is known, whose word could count`)
  }
  if (voucher === of || vouchersOf(file, voucher).includes(of)) {
    const what = voucher === of ? 'the station itself' : 'a station that is known by its word'
    throw new TypeError(`station.voucher is '${voucher}', ${what}: name the peer behind which '${of}' lies`)
  }
  if (isRevoked(file, voucher, Number.MAX_SAFE_INTEGER)) {
    throw new SidikError('PEER_REVOKED', `station '${voucher}' was revoked: its word counts no more`)
  }
  if (voucherOf(file, voucher, known!.relation) === undefined) {
    const remedy = 'a peer may that addPeer was given with vouches: true'
    throw new SidikError('PEER_UNKNOWN', `station '${voucher}' may not vouch for others: ${remedy}`)
  }
}

/** Most steps from a station to the peer by way of which it is reached. */
const MOST_STEPS = 16

/** The stations by whose word one is known, one after the other. */
function vouchersOf(file: StationFile, station: string): string[] {
  const found: string[] = []
  for (let at = trustedStation(file, station)?.voucher; at && found.length < MOST_STEPS; ) {
    found.push(at)
    at = trustedStation(file, at)?.voucher
  }
  return found
}

/** Those that were not revoked. */
export function peers(station: Station): Peer[] {
  const { file } = partsOf(station)
  return file
    .moment(() => peersOf(file))
    .filter(({ revoked }) => revoked === 0)
    .map(peerIn)
}

/** @throws SidikError PEER_UNKNOWN, PEER_REVOKED, STATION_ALTERED */
export function peerOf(file: StationFile, id: string): Peer {
  const row = file.moment(() => peersOf(file)).find(known => known.id === id)
  if (row === undefined) throw new SidikError('PEER_UNKNOWN', `there is no peer '${id}': addPeer makes one known`)
  if (row.revoked === 0) return peerIn(row)
  throw new SidikError('PEER_REVOKED', `the peer '${id}' was revoked: nothing is sent to it or taken from it`)
}

/** @throws TypeError for who decided, or why, that is no text */
export function decision({ operator, reason }: TrustOptions): TrustOptions {
  if (typeof operator !== 'string' || operator === '') throw new TypeError('operator must be a text')
  if (typeof reason !== 'string' || reason === '') throw new TypeError('reason must be a text')
  return { operator, reason }
}

/** Says what is wanted to whoever gave something else. */
const WANTED = 'spread what publicIdentity gave, once it is awaited: { ...(await publicIdentity(identity)), … }'

/** @param more members beside those of a public identity, which must be there too */
function namedStation(
  name: string,
  given: PublicIdentity & { readonly vouches?: boolean },
  self: string,
  more: readonly string[],
) {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${name} must be an object: ${WANTED}`)
  if (typeof (given as { then?: unknown }).then === 'function') throw new TypeError(`${name} is a promise: ${WANTED}`)
  if ('signingKey' in given) throw new TypeError(`${name} is a whole identity, with its secret keys: ${WANTED}`)
  const needed = ['id', 'verifyKey', 'sealTo', ...more]
  const lacking = needed.filter(member => (given as unknown as Record<string, unknown>)[member] === undefined)
  if (lacking.length > 0) throw new TypeError(`${name} lacks ${lacking.join(', ')}: ${WANTED}`)
  const { verifyKey, sealTo, vouches } = readOptions<PublicIdentity & { readonly vouches?: boolean }>(name, given, [
    ...needed,
    'vouches',
  ] as never)
  const id = stationId(`${name}.id`, given.id)
  if (id === self) throw new TypeError(`${name}.id is '${id}', which is this station itself`)
  assertPublicIdentity({ id, verifyKey, sealTo })
  return { id, verifyKey, sealTo, ...(vouches !== undefined && { vouches: flag(`${name}.vouches`, vouches) }) }
}

const viaOf = (file: StationFile, station: string) => trustedStation(file, station)?.via

function peersOf(file: StationFile): PeerRow[] {
  return file.all<PeerRow>(
    `SELECT id, relation, verify_key, seal_to, vouches, EXISTS (SELECT 1 FROM revoked WHERE station = id) AS revoked
     FROM peer ORDER BY id`,
  )
}

function peerIn({ id, relation, verify_key, seal_to, vouches }: PeerRow): Peer {
  const keys = { id, relation, verifyKey: verify_key, sealTo: seal_to }
  return vouches === null ? keys : { ...keys, vouches: vouches === 1 }
}
