/** How much of its quotas a peer has used, and what is left. */
import { SidikError } from '../../errors.js'
import { timeOf } from '../clock.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import type { Peer } from '../types.js'
import { MOST_STATIONS, QUOTA_NAMES, QUOTAS, type QuotaName } from './names.js'
import { pendingMs } from './processor-time.js'

/** Use of one quota, in its unit. */
export interface QuotaUse {
  /** Open payloads are counted up to one more than the quota. */
  readonly used: number
  readonly quota: number
}

export type QuotasUse = Readonly<Record<QuotaName, QuotaUse>>

/** A peer as far as its quotas go: also one that was revoked, of which nothing else is asked. */
export type Reached = Pick<Peer, 'id' | 'relation'>

/** Amounts to add to the day's use. */
export type Spent = Partial<Readonly<Record<Exclude<QuotaName, 'openPayloads' | 'checkMs' | 'announced'>, number>>>

interface UseRow {
  readonly day: string
  readonly bytes: number
  readonly entries: number
  readonly anomalies: number
  readonly processor_ms: number
}

const DAY_LETTERS = 10
const DAY_MS = 86_400_000

/**
 * Use of all quotas by a peer below. Undefined for a peer above, which this station asks itself and
 * which has no quotas.
 */
export function quotasOf(station: Station, peer: Peer): QuotasUse | undefined {
  if (peer.relation === 'upstream') return undefined
  const { file, clock } = partsOf(station)
  const now = timeOf(clock)
  const { bytes, entries, anomalies, processor_ms } = useOn(file, peer.id, now)
  const used = {
    bytes,
    entries,
    anomalies,
    processorMs: Math.round(processor_ms + pendingMs(station, peer.id)),
    checkMs: Math.round(useOn(file, checksOf(peer.id), now).processor_ms),
    announced: useOn(file, notesOf(peer.id), now).bytes,
    openPayloads: openPayloads(file, peer, quotaOf(file, peer.id, 'openPayloads', now)),
  }
  const all = QUOTA_NAMES.map(name => [name, { used: used[name], quota: quotaOf(file, peer.id, name, now) }] as const)
  return Object.fromEntries(all) as QuotasUse
}

/** The quota as it is now: what is usual for so many stations, or what a person has raised it to. */
export function quotaOf(file: StationFile, peer: string, name: QuotaName, now: string): number {
  return Math.max(raisedTo(file, peer, name, now), usualOf(file, peer, name))
}

/** What is usual for so many stations as are reached by way of the peer. */
export function usualOf(file: StationFile, peer: string, name: QuotaName): number {
  return QUOTAS[name] * stationsBy(file, peer)
}

/** What a person has raised it to, while that counts. */
export function raiseOf(
  file: StationFile,
  peer: string,
  name: QuotaName,
  now: string,
): { readonly amount: number; readonly until: string } | undefined {
  return file.get('SELECT amount, until FROM peer_quota WHERE peer = ? AND quota = ? AND until > ?', peer, name, now)
}

const raisedTo = (...asked: Parameters<typeof raiseOf>) => raiseOf(...asked)?.amount ?? 0

/** Adds to what the peer has used today. */
export function spend(station: Station, peer: Reached, spent: Spent): void {
  if (peer.relation === 'upstream') return
  add(station, peer.id, spent)
}

function add(station: Station, name: string, { bytes = 0, entries = 0, anomalies = 0, processorMs = 0 }: Spent): void {
  const { file, clock } = partsOf(station)
  const before = useOn(file, name, timeOf(clock))
  file.run(
    'INSERT OR REPLACE INTO peer_use (peer, day, bytes, entries, anomalies, processor_ms) VALUES (?, ?, ?, ?, ?, ?)',
    name,
    before.day,
    before.bytes + bytes,
    before.entries + entries,
    before.anomalies + anomalies,
    before.processor_ms + processorMs,
  )
}

/**
 * Rows of the time that checks took, apart from the peer's messages: of all that came by way of the
 * peer, and of what one station recorded. No station has an id with a space.
 */
const checksOf = (peer: string) => `checks of ${peer}`
const checksBy = (recorder: string) => `checks by ${recorder}`

/**
 * Rows of the cases in which what came by way of a peer, and what one station recorded, keeps records
 * of others from a card.
 */
const casesOf = (peer: string) => `cases of ${peer}`
const casesBy = (recorder: string) => `cases by ${recorder}`

/** Cases of today in which records that came by way of a peer, and those of one station, keep others' from a card. */
export function keptFromCards(station: Station, peer: string, recorder: string): { ofPeer: number; by: number } {
  const { file, clock } = partsOf(station)
  const today = (row: string) => useOn(file, row, timeOf(clock)).entries
  return { ofPeer: today(casesOf(peer)), by: today(casesBy(recorder)) }
}

/** Counts one more. To be called in a transaction. */
export function countKeptFromCard(station: Station, peer: string, recorder: string): void {
  for (const row of [casesOf(peer), casesBy(recorder)]) add(station, row, { entries: 1 })
}

/** Row of the bytes of notes that were passed on for a peer. */
const notesOf = (peer: string) => `notes of ${peer}`

/** Whether a note of what a station behind the peer sent may be passed on today; counts it, if so. */
export function mayBeAnnounced(station: Station, { id, relation }: Reached, bytes: number): boolean {
  if (relation === 'upstream') return true
  const { file, clock } = partsOf(station)
  const now = timeOf(clock)
  if (useOn(file, notesOf(id), now).bytes + bytes > quotaOf(file, id, 'announced', now)) return false
  add(station, notesOf(id), { bytes })
  return true
}

/**
 * Counts time that the check of a record took, to the peer by way of which it came and to the
 * station that recorded it.
 */
export function spendCheckMs(station: Station, peer: string, recorder: string, ms: number): void {
  add(station, checksOf(peer), { processorMs: ms })
  add(station, checksBy(recorder), { processorMs: ms })
}

/**
 * The station whose checks have taken as much time today as they may: the peer with all that it
 * brings, or the recorder with what one station may have. So no kiosk behind a hub uses up the
 * quota of its neighbours.
 */
export function beyondChecks(station: Station, peer: string, recorder: string): string | undefined {
  const { file, clock } = partsOf(station)
  const now = timeOf(clock)
  const spentIn = (row: string) => useOn(file, row, now).processor_ms
  if (spentIn(checksOf(peer)) >= quotaOf(file, peer, 'checkMs', now)) return peer
  const share = Math.max(raisedTo(file, peer, 'checkMs', now), QUOTAS.checkMs)
  return spentIn(checksBy(recorder)) >= share ? recorder : undefined
}

/** Whether one more anomaly of the peer may be written down today; counts it, if so. */
export function mayBeNoted(station: Station, peer: Reached): boolean {
  if (peer.relation === 'upstream') return true
  const { file, clock } = partsOf(station)
  const now = timeOf(clock)
  const { anomalies } = useOn(file, peer.id, now)
  if (anomalies >= quotaOf(file, peer.id, 'anomalies', now)) return false
  spend(station, peer, { anomalies: 1 })
  return true
}

/** Payloads that entries of the peer name and that have still to come; counted up to one more than `most`. */
function openPayloads(file: StationFile, { id }: Peer, most: number): number {
  const sql = `SELECT count(*) AS n FROM (
    SELECT 1 FROM journal j CROSS JOIN entry_payload p ON p.station = j.station AND p.sequence = j.sequence
    WHERE j.applied IS NULL AND j.body IS NOT NULL
      AND (j.station = ? OR j.station IN (SELECT station FROM vouched WHERE via = ?))
      AND NOT EXISTS (SELECT 1 FROM provided WHERE peer = ? AND hash = p.hash) LIMIT ?)`
  return file.get<{ n: number }>(sql, id, id, id, most + 1)!.n
}

/** A quota beyond which a message is not taken. */
export interface Beyond {
  readonly quota: QuotaName
  /** PEER_QUOTA, with the time from which it is worth trying again. */
  readonly error: SidikError
}

/**
 * Finds the quota that a message would exceed; undefined if it may be taken. A message that brings
 * nothing may be taken also beyond the day's bytes and entries.
 *
 * @param bytes of the message
 * @param entries in it
 * @param chunks in it: they close what is open
 */
export function quotaBeyond(
  station: Station,
  peer: Peer,
  { bytes, entries, chunks }: { readonly bytes: number; readonly entries: number; readonly chunks: number },
): Beyond | undefined {
  const { file } = partsOf(station)
  return firstBeyond(station, peer, use => ({
    bytes: quota => entries + chunks > 0 && use.bytes + bytes > quota,
    entries: quota => entries > 0 && use.entries + entries > quota,
    processorMs: quota => use.processor_ms >= quota,
    // Chunks may close what is open; they are believed to as far as twice the quota.
    openPayloads: quota => {
      const most = chunks > 0 ? 2 * quota : quota
      return entries > 0 && openPayloads(file, peer, most) > most
    },
  }))
}

/**
 * Finds the quota that a message would exceed, by what is known before it is opened. What this lets
 * pass, {@link quotaBeyond} may still turn away.
 *
 * @param brings whether it is known to bring entries or chunks
 * @param entries whether it is known to bring entries
 */
export function quotaBeyondUnopened(
  station: Station,
  peer: Peer,
  { bytes, brings, entries }: { readonly bytes: number; readonly brings: boolean; readonly entries: boolean },
): Beyond | undefined {
  return firstBeyond(station, peer, use => ({
    bytes: quota => brings && use.bytes + bytes > quota,
    entries: quota => entries && use.entries >= quota,
    processorMs: quota => use.processor_ms + pendingMs(station, peer.id) >= quota,
  }))
}

type Tests = Partial<Record<QuotaName, (quota: number) => boolean>>

function firstBeyond(station: Station, peer: Peer, testsFor: (use: UseRow) => Tests): Beyond | undefined {
  if (peer.relation === 'upstream') return undefined
  const { file, clock } = partsOf(station)
  const now = timeOf(clock)
  const use = useOn(file, peer.id, now)
  const isOver = testsFor(use)
  for (const name of QUOTA_NAMES) {
    const quota = quotaOf(file, peer.id, name, now)
    if (isOver[name]?.(quota)) return { quota: name, error: beyond(peer, name, quota, startOfNextDay(use.day)) }
  }
  return undefined
}

function beyond({ id }: Peer, name: QuotaName, quota: number, retryAt: string): SidikError {
  const what = `station ${id} has used its quota '${name}' of ${quota}: nothing of the message was taken`
  const when = `it is from ${retryAt} on, or when a person raises the quota (raiseQuota)`
  return new SidikError('PEER_QUOTA', `${what}; ${when}`, { retryAt })
}

function startOfNextDay(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString()
}

/**
 * The peer's use on the day that counts: the latest that the clock has said. Each day begins once,
 * however the clock is set, so that no step of it refills a quota. A clock that was ahead by years
 * would count for as long: a person ends that ({@link endDaysAhead}).
 */
function useOn(file: StationFile, peer: string, now: string): UseRow {
  const day = now.slice(0, DAY_LETTERS)
  const row = file.get<UseRow>('SELECT day, bytes, entries, anomalies, processor_ms FROM peer_use WHERE peer = ?', peer)
  return row === undefined || row.day < day ? { day, bytes: 0, entries: 0, anomalies: 0, processor_ms: 0 } : row
}

/** Forgets what the peer, and stations behind it, used on days that the clock has not reached, as it was ahead. */
export function endDaysAhead(station: Station, peer: string): void {
  const { file, clock } = partsOf(station)
  const today = timeOf(clock).slice(0, DAY_LETTERS)
  const behind = file.all<{ station: string }>('SELECT station FROM vouched WHERE via = ?', peer)
  const recorders = [peer, ...behind.map(each => each.station)].flatMap(id => [checksBy(id), casesBy(id)])
  for (const row of [peer, checksOf(peer), casesOf(peer), notesOf(peer), ...recorders]) {
    file.run('DELETE FROM peer_use WHERE peer = ? AND day > ?', row, today)
  }
}

/** Stations that the peer's quotas are for. Those that it vouches for unasked are none, as it may invent them. */
function stationsBy(file: StationFile, peer: string): number {
  if (file.get('SELECT 1 FROM peer WHERE id = ? AND vouches = 1', peer) === undefined) return 1
  const { n } = file.get<{ n: number }>('SELECT count(*) AS n FROM vouched WHERE via = ?', peer)!
  return Math.min(MOST_STATIONS, 1 + n)
}
