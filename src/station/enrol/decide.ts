/** What a centre, or a hub, says of the records that came to it from below: it goes back down. */
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { reviewDecided } from '../check/review-cases.js'
import { checksRecords, isCompared, isDue } from '../check/unchecked.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayDecide } from '../project/authority.js'
import { HAND_OVER, refusedAbove } from '../project/records.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { assertExplained } from './decisions.js'
import { heldRecord, isKnown, type RecordRow, recordUnknown } from './held.js'
import { CENTRE_STATES, centreState, DUPLICATE_STATE, READY_STATES } from './states.js'
import { forgetNotes, isDuplicateOf, lostInstead, noteCardOfDuplicate, noteNoneStays } from './staying.js'
import { nonEmptyText, personName } from './texts.js'

export interface DecisionInput {
  /** A name or short name of `CENTRE_STATES`, in whatever case; stored by its full name. */
  readonly state: string
  /** With DUPLICATE_RECORD alone: the record that stays. It must be known at this station. */
  readonly duplicateOf?: string
  readonly note?: string
  /**
   * With a state in which a card may be printed: why one may follow although no station has compared
   * the record's fingers with all others, as where the ministry compares them itself. Without it,
   * the card waits for that. Has no effect where they were compared.
   */
  readonly unchecked?: string
  /** Who decided. */
  readonly by: string
}

export interface RemovalInput {
  readonly reason: string
  readonly by: string
}

/**
 * Says what becomes of a record, to the station that enrolled it. Only a station that received the
 * record from below may decide, or a centre (stations below it, none above) about its own records.
 * At other stations, too, the word of any other station has no effect.
 *
 * @throws TypeError naming the argument, and for a state that is not in CENTRE_STATES naming those;
 *   RangeError naming it, also for `duplicateOf` or `unchecked` with another state, and for
 *   `duplicateOf` of the record itself
 * @throws SidikError RECORD_UNKNOWN (the record, or the one it is a duplicate of), RECORD_FOREIGN;
 *   DECISION_CIRCLE where the record that stays is called a duplicate of this one, DECISION_NONE_STAYS
 *   where it does not stay; DECISION_ABOVE where a station above has refused a card, or has the
 *   record looked at, and this one would clear it
 */
export function decide(station: Station, recordId: string, decision: DecisionInput): void {
  const asked = readOptions('decide', decision, ['state', 'duplicateOf', 'note', 'unchecked', 'by'])
  writeDecision(station, recordId, bodyOfDecision(recordId, asked))
}

/** The body of the entry, checked as far as it can be without the file. Throws as `decide`. */
export function bodyOfDecision(recordId: string, asked: DecisionInput): BodyOf<'decision'> {
  const { duplicateOf } = asked
  const state = nameOfState(asked.state)
  if (duplicateOf !== undefined) {
    if (typeof duplicateOf !== 'string') throw new TypeError('duplicateOf must be the id of a record (a string)')
    if (state !== DUPLICATE_STATE) throw new RangeError(`duplicateOf goes with the state ${DUPLICATE_STATE} alone`)
    if (duplicateOf === recordId) throw new RangeError('duplicateOf is the record itself: name the one that stays')
  }
  if (asked.unchecked !== undefined && !READY_STATES.includes(state)) {
    throw new RangeError(`unchecked goes with ${READY_STATES.join(', ')} alone`)
  }
  if (asked.by === HAND_OVER) throw new RangeError(`by '${HAND_OVER}' is what this program writes: name a person`)
  return {
    state,
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(asked.note !== undefined && { note: nonEmptyText('note', asked.note) }),
    ...(asked.unchecked !== undefined && { unchecked: nonEmptyText('unchecked', asked.unchecked) }),
    by: personName('by', asked.by),
  }
}

/** Writes a decision that `bodyOfDecision` made. Throws what {@link decide} throws of records. */
export function writeDecision(station: Station, recordId: string, body: BodyOf<'decision'>): void {
  const parts = partsOf(station)
  parts.file.transaction(() => {
    const row = decidable(parts, recordId)
    if (READY_STATES.includes(body.state)) {
      assertExplained(parts, row)
      assertNotRefused(parts, row)
    }
    if (body.duplicateOf !== undefined) assertStays(parts, body.duplicateOf, recordId)
    append(station, {
      ...{ kind: 'decision', direction: 'down', record: recordId, recordVersion: row.version, to: row.station },
      body: READY_STATES.includes(body.state) ? clearance(parts, row, body) : body,
    })
    reviewDecided(station, recordId)
    forgetNotes(station, recordId)
    noteNoneStays(station, recordId)
    noteCardOfDuplicate(station, recordId)
  })
}

function assertNotRefused({ file, keys, identity }: StationParts, { id, station }: RecordRow): void {
  const about = { record: id, before: Number.MAX_SAFE_INTEGER, by: identity.id, of: station }
  const above = refusedAbove({ file, keys, self: identity.id }, about)
  if (above === undefined) return
  const message = `station ${above} has refused record ${id} a card, or has it looked at: have it decided there`
  throw new SidikError('DECISION_ABOVE', message)
}

function assertStays(parts: StationParts, other: string, recordId: string): void {
  if (!isKnown(parts, other)) throw recordUnknown(parts)
  if (isDuplicateOf(parts, other, recordId)) {
    const message =
      `record ${recordId} cannot be a duplicate of ${other}, which is called a duplicate of it: neither would stay. ` +
      `Decide first that ${other} stays`
    throw new SidikError('DECISION_CIRCLE', message)
  }
  const lost = lostInstead(parts, other)
  if (lost === undefined) return
  const message = `record ${recordId} cannot be a duplicate of ${other}: none would stay, as ${lost}`
  throw new SidikError('DECISION_NONE_STAYS', message)
}

/** Says of a record that is cleared for a card whether it was compared with all others. */
function clearance(
  parts: StationParts,
  row: RecordRow,
  { unchecked, ...body }: BodyOf<'decision'>,
): BodyOf<'decision'> {
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const hash = parts.file.get<{ templates: Uint8Array | null }>(sql, row.id)?.templates
  const of = hash ? { ...body, templates: Buffer.from(hash).toString('hex') } : body
  if (isCompared(parts, row)) return { ...of, comparison: 'done' }
  if (unchecked !== undefined) return { ...of, comparison: 'waived', unchecked }
  return { ...of, comparison: checksRecords(parts) && isDue(parts, row.id) ? 'awaited' : 'elsewhere' }
}

function nameOfState(state: unknown): string {
  const known = typeof state === 'string' ? centreState(state) : undefined
  if (known !== undefined) return known.name
  throw new TypeError(`state must be one of ${CENTRE_STATES.map(({ name }) => name).join(', ')}, or a short name`)
}

/**
 * Takes a record's templates out of the duplicate check, here and at all stations below. Throws as {@link decide}.
 */
export function removeFromGallery(station: Station, recordId: string, removal: RemovalInput): void {
  const parts = partsOf(station)
  const asked = readOptions('removeFromGallery', removal, ['reason', 'by'])
  const body = { reason: nonEmptyText('reason', asked.reason), by: personName('by', asked.by) }
  parts.file.transaction(() => {
    decidable(parts, recordId)
    append(station, { kind: 'removal', direction: 'down', record: recordId, body })
  })
}

function decidable(parts: StationParts, recordId: string): RecordRow {
  const row = heldRecord(parts, recordId)
  if (mayDecide({ file: parts.file, self: parts.identity.id }, parts.identity.id, row.station)) return row
  const message = `record ${recordId} is this station's own: what becomes of it is said by the stations above`
  throw new SidikError('RECORD_FOREIGN', message)
}
