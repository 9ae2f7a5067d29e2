/**
 * Stations whose entries are believed, and whether they lie above or below. A station trusts its
 * peers by keys that came over a channel that is trusted, and by their signed word (entries of kind
 * 'peer') the stations that they know on their own side: a hub vouches to the centre for its
 * kiosks, and to its kiosks for the centre. The first word about a station stands; no other
 * station's word changes a key.
 */
import type { KeyObject } from 'node:crypto'
import { verifyKeyOf } from '../identity.js'
import type { StationFile } from '../store/database.js'
import type { Peer, Relation } from '../types.js'

export interface Trusted {
  readonly station: string
  /** As in PublicIdentity. */
  readonly verifyKey: string
  readonly relation: Relation
  /** The peer by way of which it is reached; itself where it is a peer. */
  readonly via: string
  /** The station whose word made it known; null for a peer. */
  readonly voucher: string | null
}

const TRUSTED = `
  SELECT id AS station, verify_key AS verifyKey, relation, id AS via, NULL AS voucher FROM peer
  UNION ALL
  SELECT station, verify_key, relation, via, voucher FROM vouched
  WHERE NOT EXISTS (SELECT 1 FROM peer WHERE id = station)`

/** One that was revoked is still known, as entries before that count. */
export function trustedStation(file: StationFile, station: string): Trusted | undefined {
  return file.get<Trusted>(`SELECT * FROM (${TRUSTED}) WHERE station = ?`, station)
}

/** The stations above or below, in the order of their names. */
function stationsOf(file: StationFile, relation: Relation): Trusted[] {
  return file.all<Trusted>(`SELECT * FROM (${TRUSTED}) WHERE relation = ? ORDER BY station`, relation)
}

/** Whose journals are of use to a peer: this station's own, first, as it says who the others are; then those from the other side. */
export function journalsFor(file: StationFile, self: string, peer: Peer): string[] {
  const otherSide = peer.relation === 'upstream' ? 'downstream' : 'upstream'
  return [self, ...stationsOf(file, otherSide).map(({ station }) => station)]
}

/** Whose journals come from a peer. */
export function journalsFrom(file: StationFile, peer: Peer): string[] {
  return stationsOf(file, peer.relation)
    .filter(({ via }) => via === peer.id)
    .map(({ station }) => station)
}

const keys = new Map<string, KeyObject>()

/** Keys that are kept: making one takes as long as checking a signature does. */
const MOST_KEYS = 10_000

/** The key to check signatures of `station` with. */
export function trustedKey(verifyKey: string, station: string): KeyObject {
  let key = keys.get(verifyKey)
  if (key === undefined) {
    key = verifyKeyOf({ id: station, verifyKey })
    if (keys.size >= MOST_KEYS) keys.clear()
    keys.set(verifyKey, key)
  }
  return key
}
