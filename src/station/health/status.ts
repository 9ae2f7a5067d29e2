import { type CheckState, checkState } from '../check/checker.js'
import { countAdjudications } from '../enrol/adjudications.js'
import { entryAt, newestEntry, signedEntryOf } from '../journal/read.js'
import { uncertainJobs } from '../print/read.js'
import { cardsOnTheirWay } from '../print/reports/now.js'
import { type RevokedStation, revokedStations } from '../revoke.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { isAnomalySettled } from '../sync/noted.js'
import { type DiskStatus, diskStatus } from './disk.js'
import { countNoted, newestNoted } from './noted.js'
import { type PeerStatus, peerStatuses } from './peers.js'

export interface NotedAnomaly {
  readonly code: string
  /** In words; names no person. */
  readonly detail: string
  /** ISO 8601. */
  readonly at: string
}

export interface StationStatus {
  readonly station: string
  /** As the station's clock says: ISO 8601. */
  readonly at: string
  readonly peers: readonly PeerStatus[]
  /** Enrolments that are not finished. */
  readonly drafts: number
  /** Records that the duplicate check found to look at, and that nobody has; and pairs of records of one NIK. */
  readonly toAdjudicate: number
  /** Records that have still to be compared with all others, and how the check goes on. */
  readonly check: CheckState
  /** Cards that were sent to a printer, and of which somebody has to say what became of them. */
  readonly cardsUncertain: number
  /** Cards that this station has sent to another, or another to it, and that nobody has received yet. */
  readonly cardsOnTheirWay: number
  /** Things that must not happen, and did; without conflicts of vouchers that a person's word has ended. */
  readonly anomalies: { readonly count: number; readonly newest: readonly NotedAnomaly[] }
  /** Stations that are not believed any more, and from which of their entries on. */
  readonly revoked: readonly RevokedStation[]
  readonly disk: DiskStatus
  /** By how much the clock is behind the newest entry, milliseconds: more than minutes means that it is wrong now. 0 where it is not. */
  readonly clockBehindMs: number
  /** When the host last gave another key, or the station was made: ISO 8601. */
  readonly keySince: string
}

const NEWEST_ANOMALIES = 10

/** Most of them that are opened to find those: somebody may have settled many. */
const MOST_LOOKED_AT = 1_000

/** How things stand: counts, times and sizes, no personal data. Quick whatever the number of records. @throws SidikError STATION_CLOSED */
export function status(station: Station): StationStatus {
  const parts = partsOf(station)
  const { file, identity, clock } = parts
  const now = clock()
  return {
    station: identity.id,
    at: new Date(now).toISOString(),
    peers: peerStatuses(station),
    drafts: file.get<{ n: number }>('SELECT count(*) AS n FROM draft')!.n,
    toAdjudicate: countAdjudications(parts),
    check: checkState(station),
    cardsUncertain: uncertainJobs(station).length,
    cardsOnTheirWay: cardsOnTheirWay(file, [identity.id]).reduce((sum, { cards }) => sum + cards, 0),
    anomalies: anomaliesOf(station),
    revoked: revokedStations(station),
    disk: diskStatus(file, now),
    clockBehindMs: Math.max(0, Date.parse(timeOfEntry(newestEntry(file, identity.id)!)) - now),
    keySince: keySince(parts),
  }
}

function anomaliesOf(station: Station): StationStatus['anomalies'] {
  const parts = partsOf(station)
  const count = countNoted(parts, 'anomaly')
  for (let looked = NEWEST_ANOMALIES; ; looked *= 10) {
    const noted = newestNoted(parts, 'anomaly', looked)
    const open = noted.filter(({ body }) => !isAnomalySettled(station, body))
    const isEnough = open.length >= NEWEST_ANOMALIES || noted.length < looked || looked >= MOST_LOOKED_AT
    if (!isEnough) continue
    const newest = open.slice(0, NEWEST_ANOMALIES).map(({ at, body: { code, detail } }) => ({ code, detail, at }))
    return { count: count - (noted.length - open.length), newest }
  }
}

/** When the host last gave another key, or the station was made: ISO 8601. */
export function keySince(parts: StationParts): string {
  const [rekeyed] = newestNoted(parts, 'rekeyed', 1)
  return rekeyed?.at ?? timeOfEntry(entryAt(parts.file, parts.identity.id, 1)!)
}

function timeOfEntry(row: Parameters<typeof signedEntryOf>[0]): string {
  return signedEntryOf(row).header.at
}
