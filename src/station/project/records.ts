/** The records and their states. */
import { centreState, READY_STATES } from '../enrol/states.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { mayDecide } from './authority.js'
import { projectClearance } from './checks.js'
import { judgeEarlyCards } from './early-cards.js'
import { judgeLettersOfRecord } from './letters.js'
import type { Projected } from './projected.js'

/** What tags of a NIK are made of, so that none can be taken for the tag of something else. */
export const NIK_TAG = 'nik '

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
export function projectEnrolment(to: Projected, entry: SignedEntry, body: BodyOf<'enrolled'>): void {
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
  if (before === undefined) judgeEarlyCards(to, record)
  else if (before.station === station && before.sequence < sequence) takeClearanceBack(to, before, entry)
  judgeLettersOfRecord(to, record, at, before?.nik_tag ?? null)
  if (kind !== 'enrolled') return
  file.run('UPDATE record SET recorded_at = ? WHERE id = ? AND station = ?', at, record, station)
}

/** A card shows what was decided about: what cleared the versions before says nothing of this one. */
function takeClearanceBack({ file }: Projected, { centre_state }: RowBefore, { header }: SignedEntry): void {
  if (!isReady(centre_state)) return
  const { record = null, recordVersion = 1 } = header
  const newest = file.get<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal
     WHERE record = ? AND kind = 'decision' AND body IS NOT NULL AND applied IS NOT NULL ORDER BY applied DESC LIMIT 1`,
    record,
  )
  // Where a station between hears of the decision first.
  if (newest !== undefined && (signedEntryOf(newest).header.recordVersion ?? 1) >= recordVersion) return
  file.run('UPDATE record SET centre_state = NULL WHERE id = ?', record)
}

function isReady(state: string | null): boolean {
  return state !== null && READY_STATES.includes(centreState(state)?.name ?? '')
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
 * What the centre says of a record. The word of a station that may not decide has no effect, nor
 * has one that clears a version which is not the newest.
 */
export function projectDecision(to: Projected, entry: SignedEntry, body: BodyOf<'decision'>, applied: number): void {
  const { station, record = null, recordVersion, at } = entry.header
  const of = to.file.get<{ station: string; version: number }>(
    'SELECT station, version FROM record WHERE id = ?',
    record,
  )
  if (of === undefined || !mayDecide(to, station, of.station)) return
  // It was corrected meanwhile, which the station that decided did not know.
  if (isReady(body.state) && recordVersion !== undefined && recordVersion < of.version) return
  to.file.run('UPDATE record SET centre_state = ?, changed_at = ? WHERE id = ?', body.state, at, record)
  projectClearance(to, entry, body, applied)
}
