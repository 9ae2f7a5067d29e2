/** What is on its way to a peer and from it, and why it is not there yet. */
import { type BundleOut, bundlesOut, onBundlesThrough } from '../media/noted-bundles.js'
import { peers } from '../peers.js'
import { type QuotasUse, quotasOf } from '../quotas/use.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import { lineOf } from '../sync/ground.js'
import { Line, type LineState, RETRY_DEFAULTS, readLineState } from '../sync/line.js'
import { journalsFor, journalsFrom } from '../sync/trust.js'
import type { Peer, Relation } from '../types.js'

/** Why something waits. */
export type WaitingReason =
  /** Nothing has been exchanged with the peer yet. */
  | 'never-tried'
  /** The last attempts failed. */
  | 'line-down'
  /** The line has failed so often that it is not tried before `nextTryAt`. */
  | 'line-resting'
  /** All of it went out on a bundle, or some of it and no line failed; nothing has come back. */
  | 'on-a-bundle'
  /** Nothing is wrong: the next `sync` takes it. */
  | 'not-yet'

export interface PeerStatus {
  readonly peer: string
  readonly relation: Relation
  /** To the peer. */
  readonly waiting: {
    /** Entries of journals that the peer has not said to hold. */
    readonly entries: number
    /** Records whose newest version has no receipt of the peer; 0 for a peer below. */
    readonly records: number
    /** Of their payloads. */
    readonly bytes: number
    /** When the oldest of them was recorded: ISO 8601. */
    readonly oldestAt?: string
    /** Absent where nothing waits. */
    readonly why?: WaitingReason
  }
  /** From the peer: entries that are here and whose bodies or payloads have still to come. */
  readonly incoming: number
  /** Entries that the peer will not take, and that nobody has looked at. */
  readonly refused: number
  /** Bundles for the peer that are out without an answer. */
  readonly bundlesOut: readonly BundleOut[]
  /** When the peer last said something: ISO 8601. */
  readonly lastHeardAt?: string
  /** Failures of the line in a row. */
  readonly failures: number
  /** When it is worth trying again, if not at once: ISO 8601. */
  readonly nextTryAt?: string
  /** Use of today's quotas by a peer below; absent for a peer above, which has none. */
  readonly quotas?: QuotasUse
}

export function peerStatuses(station: Station): PeerStatus[] {
  const out = bundlesOut(station)
  return peers(station).map(peer =>
    peerStatus(
      station,
      peer,
      out.filter(({ to }) => to === peer.id),
    ),
  )
}

function peerStatus(station: Station, peer: Peer, bundles: readonly BundleOut[]): PeerStatus {
  const { file, identity, clock } = partsOf(station)
  const row = lineOf({ file, peer })
  const state = readLineState(row.state)
  const nextTry = new Line(RETRY_DEFAULTS, state, identity.id, clock).nextTryAt
  const onBundles = onBundlesThrough(file, bundles)
  const journals = journalsFor(file, identity.id, peer)
  const entries = journals.reduce((sum, from) => sum + entriesFor(file, peer, from), 0)
  // Counted only where a bundle is out: each count goes through all that waits.
  const isOut = bundles.length > 0 && journals.every(from => entriesFor(file, peer, from, onBundles.get(from)) === 0)
  const incoming = journalsFrom(file, peer).reduce((sum, from) => sum + held(file, from), 0)
  const records = peer.relation === 'upstream' ? recordsWaiting(file) : { records: 0, bytes: 0 }
  const quotas = quotasOf(station, peer)
  const waits = entries > 0 || records.records > 0
  return {
    peer: peer.id,
    relation: peer.relation,
    waiting: {
      entries,
      ...records,
      ...(waits && { why: reason(state, row.taken_at, bundles, isOut, nextTry > clock()) }),
    },
    incoming,
    refused: refusedBy(file, peer.id),
    bundlesOut: bundles,
    ...(row.taken_at !== null && { lastHeardAt: row.taken_at }),
    failures: state.failures,
    ...(quotas && { quotas }),
    ...(nextTry > clock() && { nextTryAt: new Date(nextTry).toISOString() }),
  }
}

function reason(
  { failures, restsSince }: LineState,
  heardAt: string | null,
  bundles: readonly BundleOut[],
  isOut: boolean,
  later: boolean,
): WaitingReason {
  // However often a line was tried before: what is on its way needs none.
  if (isOut) return 'on-a-bundle'
  if (restsSince !== undefined && later) return 'line-resting'
  if (failures > 0) return 'line-down'
  if (bundles.length > 0) return 'on-a-bundle'
  return heardAt === null ? 'never-tried' : 'not-yet'
}

/** @param after counts those alone that come after this entry too */
function entriesFor(file: StationFile, { id, relation }: Peer, journal: string, after = 0): number {
  const direction = relation === 'upstream' ? 'up' : 'down'
  const sql = `SELECT count(*) AS n FROM journal WHERE station = ? AND direction = ? AND direction <> 'local'
    AND sequence > coalesce((SELECT through FROM acknowledged WHERE peer = ? AND station = ?), 0) AND sequence > ?`
  return file.get<{ n: number }>(sql, journal, direction, id, journal, after)!.n
}

function held(file: StationFile, journal: string): number {
  const sql = 'SELECT count(*) AS n FROM journal INDEXED BY journal_held WHERE station = ? AND applied IS NULL'
  return file.get<{ n: number }>(sql, journal)!.n
}

function recordsWaiting(file: StationFile): { records: number; bytes: number; oldestAt?: string } {
  const { n, bytes, oldest } = file.get<{ n: number; bytes: number | null; oldest: string | null }>(
    `SELECT count(*) AS n, sum(payload_bytes) AS bytes, min(recorded_at) AS oldest FROM record
     WHERE transport_state = 'waiting'`,
  )!
  return { records: n, bytes: bytes ?? 0, ...(oldest !== null && { oldestAt: oldest }) }
}

function refusedBy(file: StationFile, peer: string): number {
  return file.get<{ n: number }>(`SELECT count(*) AS n FROM refusal WHERE peer = ? AND state = 'open'`, peer)!.n
}
