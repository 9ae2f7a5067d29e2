/** Which stations this one synchronises with. */
import { SidikError } from '../errors.js'
import { oneOf } from '../options.js'
import { stationId, verifyKeyOf } from './identity.js'
import { append } from './journal/append.js'
import { partsOf, type Station } from './station.js'
import type { StationFile } from './store/database.js'
import type { Peer, Relation } from './types.js'

interface PeerRow {
  readonly id: string
  readonly relation: Relation
  readonly verify_key: string
  readonly seal_to: string
}

/** An age recipient (X25519): bech32 with the prefix 'age'. */
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/

/**
 * Trusts a peer by its keys, which came over a channel that is trusted. A peer that is known already gets these keys from now on.
 *
 * @throws TypeError for a peer that is not what its type says
 * @throws SidikError STATION_IDENTITY for keys that are none, PEER_EXISTS for a second upstream
 */
export function addPeer(station: Station, peer: Peer): void {
  const { file, identity } = partsOf(station)
  const { sealTo, verifyKey } = peer
  const id = stationId('peer.id', peer.id)
  const relation = oneOf('peer.relation', peer.relation, ['upstream', 'downstream'])
  if (id === identity.id) throw new TypeError(`peer.id is '${id}', which is this station itself`)
  verifyKeyOf({ id, verifyKey })
  if (typeof sealTo !== 'string' || !RECIPIENT.test(sealTo)) {
    throw new SidikError('STATION_IDENTITY', `sealTo of '${id}' is no age recipient (age1...)`)
  }
  file.transaction(() => {
    const upstream = peersOf(file).find(known => known.relation === 'upstream')
    if (relation === 'upstream' && upstream !== undefined && upstream.id !== id) {
      throw new SidikError('PEER_EXISTS', `station ${identity.id} has an upstream already, ${upstream.id}`)
    }
    // Whom a station knows below, those above it learn of; whom it knows above, those below.
    const direction = relation === 'downstream' ? 'up' : 'down'
    append(station, { kind: 'peer', direction, body: { peer: { id, verifyKey, sealTo, relation } } })
  })
}

export function peers(station: Station): Peer[] {
  return peersOf(partsOf(station).file)
}

/** @throws SidikError PEER_UNKNOWN */
export function peerOf(file: StationFile, id: string): Peer {
  const peer = peersOf(file).find(known => known.id === id)
  if (peer !== undefined) return peer
  throw new SidikError('PEER_UNKNOWN', `there is no peer '${id}': addPeer makes one known`)
}

function peersOf(file: StationFile): Peer[] {
  const rows = file.all<PeerRow>('SELECT id, relation, verify_key, seal_to FROM peer ORDER BY id')
  return rows.map(row => ({ id: row.id, relation: row.relation, verifyKey: row.verify_key, sealTo: row.seal_to }))
}
