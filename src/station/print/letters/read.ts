/** Letters as they stand. */
import { SidikError } from '../../../errors.js'
import { oneOf, readOptions } from '../../../options.js'
import { heldRecord } from '../../enrol/held.js'
import { nonEmptyText, personName } from '../../enrol/texts.js'
import { appendWord } from '../../journal/append-word.js'
import type { BodyOf } from '../../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../../journal/read.js'
import { partsOf, type Station, type StationParts } from '../../station.js'
import { routeOf } from '../route.js'
import { whereOf } from '../where.js'
import { boundedUntil } from './numbering.js'

export interface Letter {
  readonly letter: string
  readonly record: string
  /** The station that issued it. */
  readonly station: string
  readonly number: string
  /** State of the record, short, as it is printed. */
  readonly code: string
  readonly issuedAt: string
  /** The last day it is valid: six months to the day after it was issued at most, whatever its station wrote. */
  readonly until: string
  /** By today's date. */
  readonly state: 'valid' | 'expired' | 'revoked'
  readonly changedAt: string
}

export interface LetterFilter {
  readonly record?: string
  readonly state?: Letter['state']
  readonly station?: string
}

export interface Revocation {
  readonly reason: string
  readonly operator: string
}

export interface LetterRow {
  readonly id: string
  readonly record: string
  readonly station: string
  readonly number: string
  readonly code: string
  readonly issued_at: string
  readonly until: string
  readonly state: 'valid' | 'revoked'
  readonly changed_at: string
  /** JSON: jobs of cards; null where the state changes no more with cards that come or go. */
  readonly beside: string | null
}

const COLUMNS = 'id, record, station, number, code, issued_at, until, state, changed_at, beside'

/** The oldest first. @throws TypeError naming the member of the filter */
export function letters(station: Station, filter?: LetterFilter): Letter[] {
  const { file, clock } = partsOf(station)
  const asked = readOptions('letters', filter, ['record', 'state', 'station'])
  const state = asked.state === undefined ? undefined : oneOf('state', asked.state, ['valid', 'expired', 'revoked'])
  const [where, values] = whereOf({ record: asked.record, station: asked.station })
  const today = new Date(clock()).toISOString().slice(0, 10)
  return file
    .all<LetterRow>(`SELECT ${COLUMNS} FROM letter ${where} ORDER BY issued_at, id`, ...values)
    .map(row => letterOf(row, today))
    .filter(letter => state === undefined || letter.state === state)
}

/**
 * Revokes a letter that this station issued, for good: also one that a card has revoked, which would
 * be valid again if that card turned out to be spoiled or never printed.
 *
 * @throws TypeError, RangeError naming the argument; SidikError PRINT_UNKNOWN; PRINT_STATE where it
 *   is another station's, or is revoked for good
 */
export function revokeLetter(station: Station, letter: string, revocation: Revocation): void {
  const parts = partsOf(station)
  const why = readOptions('revokeLetter', revocation, ['reason', 'operator'])
  const body = { letter, reason: nonEmptyText('reason', why.reason), operator: personName('operator', why.operator) }
  parts.file.transaction(() => {
    const row = letterRow(parts, letter)
    if (row.station !== station.id)
      throw new SidikError('PRINT_STATE', `the letter is of station ${row.station}, which alone can revoke it`)
    if (row.state === 'revoked' && row.beside === null)
      throw new SidikError('PRINT_STATE', 'the letter was revoked before')
    appendWord(station, { kind: 'letter-revoked', ...routeOf(parts, heldRecord(parts, row.record)), body })
  })
}

/** The text of a letter's QR code, as it was issued. @throws TypeError; SidikError PRINT_UNKNOWN, STATION_CORRUPT */
export function letterVerification(station: Station, letter: string): string {
  const parts = partsOf(station)
  const text = issuedText(parts, letterRow(parts, letter))
  if (text !== undefined) return text
  throw unknown(parts)
}

/**
 * Most entries of letters by one station for one record that are opened: nobody has as many letters,
 * and each takes some 50 us.
 */
const MOST_OPENED = 1_024

/**
 * @returns the text of a letter's QR code, as it was issued; undefined where its entry is not whole
 *   here, or behind more letters of the record than anybody has
 */
export function issuedText(
  { file, keys }: StationParts,
  { id, record, station }: Pick<LetterRow, 'id' | 'record' | 'station'>,
): string | undefined {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal
    WHERE record = ? AND station = ? AND kind IN ('letter-issued', 'told-below')
      AND applied IS NOT NULL AND body IS NOT NULL ORDER BY applied LIMIT ${MOST_OPENED}`
  for (const row of file.all<EntryRow>(sql, record, station)) {
    const body = bodyOf(file, keys, row)
    const told = row.kind === 'told-below' ? (body as BodyOf<'told-below'>) : undefined
    if (told !== undefined && told.kind !== 'letter-issued') continue
    const { letter, verification } = (told?.said ?? body) as BodyOf<'letter-issued'>
    if (letter === id) return verification
  }
  return undefined
}

function letterRow(parts: StationParts, id: unknown): LetterRow {
  if (typeof id !== 'string') throw new TypeError('letter must be the id of a letter (a string)')
  const row = parts.file.get<LetterRow>(`SELECT ${COLUMNS} FROM letter WHERE id = ?`, id)
  if (row !== undefined) return row
  throw unknown(parts)
}

function unknown({ identity }: StationParts): SidikError {
  return new SidikError('PRINT_UNKNOWN', `station ${identity.id} knows no letter of this id`)
}

function letterOf(row: LetterRow, today: string): Letter {
  const until = boundedUntil(row.issued_at.slice(0, 10), row.until)
  return {
    letter: row.id,
    record: row.record,
    station: row.station,
    number: row.number,
    code: row.code,
    issuedAt: row.issued_at,
    until,
    state: row.state === 'valid' && until < today ? 'expired' : row.state,
    changedAt: row.changed_at,
  }
}
