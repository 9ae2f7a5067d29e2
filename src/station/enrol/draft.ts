/**
 * Enrolments that are not finished, sealed in the station's file. A draft is on the disk when the call that saved it returns, and goes in
 * the same transaction in which its record comes.
 */
import { randomUUID } from 'node:crypto'
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { timeOf } from '../clock.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { draftContext } from '../store/sealed.js'
import { readPartial } from './input.js'
import { type Packable, pack, unpack } from './packed.js'
import { packable, unpackable } from './partial-packed.js'
import type { PartialEnrolment } from './types.js'

export interface DraftSummary {
  readonly id: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly changedAt: string
}

interface DraftRow {
  readonly id: string
  readonly started_at: string
  readonly changed_at: string
}

/**
 * Keeps what has been captured so far; all of it each time, in place of what the draft held.
 *
 * @param options `draft`: the draft to go on with; a new one unless given
 * @returns the draft's id
 * @throws TypeError, RangeError for what no enrolment can have; half a name or NIK is fine
 * @throws SidikError DRAFT_UNKNOWN when there is no such draft (any more), STATION_FULL, STATION_BUSY
 */
export function saveDraft(station: Station, partial: PartialEnrolment, options?: { readonly draft?: string }): string {
  const { draft } = readOptions('saveDraft', options, ['draft'])
  const parts = partsOf(station)
  const sealedFor = (id: string) => parts.keys.seal(pack(packable(readPartial(partial))), draftContext(id))
  const now = timeOf(parts.clock)
  if (draft === undefined) {
    const id = randomUUID()
    const sql = 'INSERT INTO draft (id, started_at, changed_at, sealed) VALUES (?, ?, ?, ?)'
    parts.file.run(sql, id, now, now, sealedFor(id))
    return id
  }
  draftId(draft)
  const changed = parts.file.run(
    'UPDATE draft SET changed_at = ?, sealed = ? WHERE id = ?',
    now,
    sealedFor(draft),
    draft,
  )
  if (changed === 0) throw draftUnknown()
  return draft
}

/** There for what is said of drafts, apart from other tags. */
const TRY_TAG = 'draft of '

/**
 * Keeps what `enrol` was given without a draft. Whoever is tried again, by the same NIK, name and date
 * of birth, has the same draft; nobody else has it, whose capture it would take away. Where one of the
 * three is missing each try has a draft of its own.
 *
 * @returns the draft's id
 */
export function saveTry(station: Station, given: PartialEnrolment): string {
  const { file, keys, clock } = partsOf(station)
  const { name, birthDate } = given.person ?? {}
  const who = [given.nik, name, birthDate]
  const isSomebody = who.every(each => typeof each === 'string' && each.trim() !== '')
  const id = isSomebody ? idOfTag(keys.tag(TRY_TAG + JSON.stringify(who))) : randomUUID()
  const now = timeOf(clock)
  file.run(
    `INSERT INTO draft (id, started_at, changed_at, sealed) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, sealed = excluded.sealed`,
    ...[id, now, now, keys.seal(pack(packable(readPartial(given))), draftContext(id))],
  )
  return id
}

/** The first 16 bytes, written as a UUID. */
function idOfTag(tag: Uint8Array): string {
  const hex = Buffer.from(tag.subarray(0, 16)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** All drafts, the oldest first. */
export function drafts(station: Station): DraftSummary[] {
  const rows = partsOf(station).file.all<DraftRow>(
    'SELECT id, started_at, changed_at FROM draft ORDER BY started_at, id',
  )
  return rows.map(row => ({ id: row.id, startedAt: row.started_at, changedAt: row.changed_at }))
}

/**
 * What a draft holds.
 *
 * @throws SidikError DRAFT_UNKNOWN, STATION_CORRUPT, STATE_VERSION
 */
export function readDraft(station: Station, draft: string): PartialEnrolment {
  const { file, keys } = partsOf(station)
  const row = file.get<{ sealed: Uint8Array }>('SELECT sealed FROM draft WHERE id = ?', draftId(draft))
  if (row === undefined) throw draftUnknown()
  return unpackable(unpack(keys.unseal(row.sealed, draftContext(draft))) as { readonly [name: string]: Packable })
}

/** Gives a draft up; its bytes in the file are overwritten. @throws SidikError DRAFT_UNKNOWN */
export function discardDraft(station: Station, draft: string): void {
  if (removeDraft(partsOf(station), draftId(draft))) return
  throw draftUnknown()
}

/** Whether it was there. To be called in the transaction of its record. */
export function removeDraft({ file }: StationParts, draft: string): boolean {
  return file.run('DELETE FROM draft WHERE id = ?', draft) > 0
}

function draftId(draft: unknown): string {
  if (typeof draft === 'string') return draft
  throw new TypeError('draft must be the id of a draft (a string)')
}

/** Without what was asked for: it may be something else that was taken for an id. */
export function draftUnknown(): SidikError {
  return new SidikError('DRAFT_UNKNOWN', 'there is no draft of this id: it was finished or discarded')
}
