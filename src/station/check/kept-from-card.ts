/** How many records of others the fingers that one station brings may keep from a card. */
import { countKeptFromCard, keptFromCards } from '../quotas/use.js'
import { partsOf, type Station } from '../station.js'
import type { CaseRecord } from './cases.js'
import { peerBelow } from './check-quota.js'

/**
 * Most cases a day in which fingers that one station brings, or all that come by way of one peer,
 * keep records of others from a card: so many, or a twentieth of their records, whichever is more.
 * Whoever has others' templates can record them as its own, and a hub can invent kiosks. What is
 * beyond it keeps its own records from a card alone.
 */
const MOST_A_DAY = 64
const SHARE_OF_RECORDS = 1 / 20

/** Fingers that bring a case. */
export interface Brought {
  /** The station that brought them. */
  readonly by: string
  /** As in `Doubt`. */
  readonly isMostlyAlike: boolean
}

/** Whether they may keep a record from its card: one of their own station, or of another within its bound. */
export function mayKeep(station: Station, { station: of }: CaseRecord, { by, isMostlyAlike }: Brought): boolean {
  return of === by || (isMostlyAlike && mayKeepOthers(station, by))
}

/** Counts a record that they keep from its card, if it is another station's. To be called in a transaction. */
export function countKept(station: Station, { station: of }: CaseRecord, { by }: Brought): void {
  const peer = of === by ? undefined : peerBelow(station, by)
  if (peer !== undefined) countKeptFromCard(station, peer, by)
}

function mayKeepOthers(station: Station, by: string): boolean {
  const peer = peerBelow(station, by)
  if (peer === undefined) return true
  const { file } = partsOf(station)
  const today = keptFromCards(station, peer, by)
  const isWithin = (cases: number, records: string, ...ids: string[]) =>
    cases < MOST_A_DAY ||
    cases < file.get<{ n: number }>(`SELECT count(*) AS n FROM record WHERE ${records}`, ...ids)!.n * SHARE_OF_RECORDS
  const ofPeer = 'station = ? OR station IN (SELECT station FROM vouched WHERE via = ?)'
  return isWithin(today.by, 'station = ?', by) && isWithin(today.ofPeer, ofPeer, peer, peer)
}
