import { SidikError } from '../../errors.js'
import { partsOf, type Station } from '../station.js'
import { Synchronisation } from './conversation.js'
import { groundFor } from './ground.js'
import { inTurn } from './in-turn.js'
import { readSyncOptions, type SyncOptions, type SyncResult } from './sync-options.js'
import type { Transport } from './transport.js'

/**
 * Synchronises with a peer, upstream unless told: sends what it lacks, takes what it sends, until neither side has more. A line that is down, or
 * goes down, is no error: the result says how far it came, what stopped it and when to try again. Safe to call at any time, as often as
 * one likes: calls for one peer wait for each other.
 *
 * @throws SidikError PEER_UNKNOWN where there is no such peer or no upstream; STATION_CLOSED, STATION_FULL, STATION_BUSY, STATION_DISK
 */
export async function sync(station: Station, transport: Transport, options?: SyncOptions): Promise<SyncResult> {
  const settings = readSyncOptions(options)
  const ground = groundFor(station, settings.peer ?? upstreamOf(station))
  return inTurn(station, ground.peer.id, settings.signal, () => new Synchronisation(ground, transport, settings).run())
}

function upstreamOf(station: Station): string {
  const { file, identity } = partsOf(station)
  const upstream = file.moment(() =>
    file.get<{ id: string }>(
      `SELECT id FROM peer WHERE relation = 'upstream' AND id NOT IN (SELECT station FROM revoked)`,
    ),
  )
  if (upstream !== undefined) return upstream.id
  throw new SidikError('PEER_UNKNOWN', `station ${identity.id} has no upstream: addPeer makes one known`)
}
