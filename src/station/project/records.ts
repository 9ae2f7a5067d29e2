/** The records and their states. */
import { hasCardOut } from '../check/kept-fingers.js'
import { isNikForm, NIK_TAG } from '../enrol/nik.js'
import { isReady, isRefused, stateName } from '../enrol/states.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf, stationsAbout } from '../journal/read.js'
import { isAbove, mayDecide } from './authority.js'
import { projectClearance } from './checks.js'
import { judgeEarlyCards } from './early-cards.js'
import { judgeLettersOfRecord } from './letters.js'
import { believedThrough, isRevoked } from './peers.js'
import type { Projected } from './projected.js'

/**
 * Whether the body of an entry bears no NIK, or one of 16 digits. A NIK with a blank or a character
 * that nobody sees would count as another number, and look the same on a card.
 */
export function isNikSound(kind: string, body: unknown): boolean {
  return (kind !== 'enrolled' && kind !== 'corrected') || isNikForm((body as BodyOf<'enrolled'>).nik)
}

interface RowBefore {
  readonly station: string
  readonly nik_tag: Uint8Array | null
  readonly sequence: number
  readonly centre_state: string | null
}

/**
 * A new record, or a new version of one. Only the station that recorded it writes versions of it. One that takes effect after a newer one
 * (it was refused first, or its images came late) says no more than when the record was made.
 */
export function projectEnrolment(to: Projected, entry: SignedEntry, body: BodyOf<'enrolled'>, applied: number): void {
  const { file, keys } = to
  const { station, sequence, record, recordVersion, at, kind, payloads } = entry.header
  if (record === undefined || recordVersion === undefined) return
  // Left by a version before, which let any station withdraw what had not come.
  file.run('DELETE FROM record WHERE id = ? AND nik_tag IS NULL', record)
  const before = file.get<RowBefore>('SELECT station, nik_tag, sequence, centre_state FROM record WHERE id = ?', record)
  file.run(
    `INSERT INTO record (id, station, version, sequence, nik_tag, client_state, transport_state, pre_check, payload_bytes,
       recorded_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET version = excluded.version, sequence = excluded.sequence, nik_tag = excluded.nik_tag,
       client_state = excluded.client_state, transport_state = 'waiting', pre_check = excluded.pre_check,
       payload_bytes = excluded.payload_bytes,
       changed_at = excluded.changed_at
     WHERE station = excluded.station AND client_state <> 'withdrawn' AND sequence < excluded.sequence`,
    record,
    station,
    recordVersion,
    sequence,
    keys.tag(NIK_TAG + body.nik),
    kind === 'enrolled' ? 'recorded' : 'corrected',
    body.preCheck.decision,
    payloads.reduce((sum, { size }) => sum + size, 0),
    at,
    at,
  )
  if (before === undefined) judgeEarlyCards(to, entry.header, record)
  else if (before.station === station && before.sequence < sequence) clearAnew(to, before, entry, applied)
  judgeLettersOfRecord(to, record, at, before?.nik_tag ?? null)
  if (kind !== 'enrolled') return
  file.run('UPDATE record SET recorded_at = ? WHERE id = ? AND station = ?', at, record, station)
}

/**
 * A card shows what was decided about: what cleared the versions before says nothing of this one. A
 * decision about this very one may have been heard of first, by way of another station; not about
 * one of this station, which has lost a version of that number where there is one.
 */
function clearAnew(to: Projected, { centre_state }: RowBefore, { header }: SignedEntry, applied: number): void {
  const { record = null, recordVersion, station } = header
  if (isReady(centre_state)) to.file.run('UPDATE record SET centre_state = NULL WHERE id = ?', record)
  if (station === to.self) return
  const newest = newestDecision(to, { record: record!, before: applied }, by => mayDecide(to, by, station))
  if (newest === undefined || signedEntryOf(newest).header.recordVersion !== recordVersion) return
  const body = bodyOf(to.journal ?? to.file, to.keys, newest) as BodyOf<'decision'>
  projectDecision(to, signedEntryOf(newest), body, applied)
}

interface Before {
  readonly record: string
  /** A place in the journal. */
  readonly before: number
}

/** The newest word about a record of those that count: others may have said whatever they like. */
function newestDecision(
  to: Projected,
  { record, before }: Before,
  counts: (station: string) => boolean,
): EntryRow | undefined {
  const journal = to.journal ?? to.file
  const through = stationsAbout(journal, { record, before, kinds: ['decision'] })
    .filter(counts)
    .map(by => [by, by === to.self ? Number.MAX_SAFE_INTEGER : believedThrough(to.file, by)])
  return journal.get<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal j WHERE record = ? AND kind = 'decision' AND applied < ?
       AND EXISTS (SELECT 1 FROM json_each(?) d WHERE d.value ->> 0 = j.station AND j.sequence <= d.value ->> 1)
       AND body IS NOT NULL AND mac IS NOT NULL ORDER BY applied DESC LIMIT 1`,
    record,
    before,
    JSON.stringify(through),
  )
}

/** Who decided, where a station did so by itself: the card was handed over. */
export const HAND_OVER = 'hand-over of the card'

/**
 * The station that has refused the record a card by its newest word, or has it looked at, and whose
 * word `by` cannot take back: one above it, or one of which nothing is known but that it decides, as
 * the hub that vouched for it was lost. Those that were revoked refuse nothing any more: nobody could
 * have them decide again.
 *
 * @param of the record's station
 */
export function refusedAbove(
  to: Projected,
  { by, of, ...about }: Before & { by: string; of: string },
): string | undefined {
  const isBound = (station: string) => station !== by && !isAbove(to, by, station)
  const isGone = (station: string) => isRevoked(to.file, station, Number.MAX_SAFE_INTEGER)
  const counts = (station: string) => mayDecide(to, station, of) && isBound(station) && !isGone(station)
  const newest = newestDecision(to, about, counts)
  if (newest === undefined) return undefined
  const { state } = bodyOf(to.journal ?? to.file, to.keys, newest) as BodyOf<'decision'>
  return isRefused(state) ? newest.station : undefined
}

/** By the station that recorded it. */
export function projectWithdrawal({ file }: Projected, { header }: SignedEntry): void {
  const { station, sequence, record = null, at } = header
  file.run(
    `UPDATE record SET client_state = 'withdrawn', transport_state = 'waiting', payload_bytes = 0, sequence = ?,
       changed_at = ? WHERE id = ? AND station = ?`,
    sequence,
    at,
    record,
    station,
  )
}

/**
 * What the centre says of a record. The word of a station that may not decide has no effect, nor has
 * one that clears a version which has still to come, or a record that a station above has refused.
 * One that clears an older version than is here, which was corrected meanwhile, clears nothing, and
 * takes back what was said before it: as it did where it was decided, when the correction came there.
 */
export function projectDecision(to: Projected, entry: SignedEntry, body: BodyOf<'decision'>, applied: number): void {
  const { station, record = null, recordVersion, at } = entry.header
  const of = to.file.get<{ station: string; version: number; centre_state: string | null }>(
    'SELECT station, version, centre_state FROM record WHERE id = ?',
    record,
  )
  if (of === undefined || !mayDecide(to, station, of.station)) return
  const version = recordVersion ?? of.version
  const isClearing = isReady(body.state)
  if (isClearing && version > of.version) return
  const about = { record: record ?? '', before: applied, by: station, of: of.station }
  if (isClearing && refusedAbove(to, about) !== undefined) return
  // The hand-over is undone: the station that said so was revoked.
  if (station === to.self && body.by === HAND_OVER && !hasCardOut(to.file, record ?? '')) return
  const isOfOlder = isClearing && version < of.version
  const state = !isOfOlder ? stateName(body.state) : isReady(of.centre_state) ? of.centre_state : null
  to.file.run('UPDATE record SET centre_state = ?, changed_at = ? WHERE id = ?', state, at, record)
  projectClearance(to, entry, body, applied)
}
