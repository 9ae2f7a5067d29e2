/** Temporary letters (surat keterangan) for those who wait for a card while there are no blanks. */
import { SidikError } from '../../../errors.js'
import { callback, readOptions } from '../../../options.js'
import { stands } from '../../check/cases.js'
import { isDoubted } from '../../check/record-checks.js'
import { checksRecords, isCheckProven } from '../../check/unchecked.js'
import { newestVersion } from '../../enrol/contents.js'
import { heldRecord, type RecordRow } from '../../enrol/held.js'
import { READY_STATES, shortState } from '../../enrol/states.js'
import { nonEmptyText, personName } from '../../enrol/texts.js'
import { appendWord } from '../../journal/append-word.js'
import { newCardId } from '../../journal/card-id.js'
import { IS_NOT_HERE } from '../../project/cards-of-nik.js'
import { hasManyLetters, MOST_CARDS, MOST_LETTERS } from '../../project/letters.js'
import { IS_UNCHECKED_FOR_LETTER, STANDS } from '../../project/standing.js'
import { partsOf, type Station, type StationParts } from '../../station.js'
import { chooseLot, isWhy, lotsInOrder } from '../blanks.js'
import { routeOf } from '../route.js'
import { blankLots } from '../stock.js'
import { daysLater, defaultNumbering, earliestIssued, isDay, type LetterNumbering, latestUntil } from './numbering.js'
import { assertFits, certificateText } from './verification.js'

export interface LetterInput {
  /** Id of the record. */
  readonly record: string
  readonly operator: string
  /** The letter's number; made by `numbering` unless given. */
  readonly number?: string
  /** '471.13/<sequence>/<station>/<month in Roman>/<year>' unless given. */
  readonly numbering?: LetterNumbering
  /** The last day it is valid, 'YYYY-MM-DD': six months to the day unless given, and never later. */
  readonly until?: string
}

export interface IssuedLetter {
  readonly letter: string
  readonly number: string
  readonly until: string
  /** State of the record, short, as it is printed. */
  readonly code: string
  /** Text of the QR code. */
  readonly verification: string
}

const MOST_NUMBER = 100

/**
 * Issues a letter that stands in for a card, under the rules: for a person who is recorded, has no
 * card and no valid letter, and only while there is no blank that a new card could be printed on.
 * It names the cards that the person has, and is revoked by itself while there is another one.
 *
 * @throws TypeError, RangeError naming the argument; what `numbering` throws
 * @throws SidikError RECORD_UNKNOWN; LETTER_REFUSED, with the rule
 */
export function issueLetter(station: Station, input: LetterInput): IssuedLetter {
  const parts = partsOf(station)
  const asked = readOptions('issueLetter', input, ['record', 'operator', 'number', 'numbering', 'until'])
  const operator = personName('operator', asked.operator)
  const numbering = callback('numbering', asked.numbering) ?? defaultNumbering
  const { file, clock, signingKey } = parts
  return file.transaction(() => {
    const record = heldRecord(parts, asked.record)
    assertAllowed(parts, record)
    const issuedAt = new Date(clock()).toISOString()
    const until = untilOf(asked.until, issuedAt.slice(0, 10))
    const made = asked.number ?? numbering(nextSequence(parts), { station: station.id, issuedAt })
    const number = nonEmptyText('number', made, MOST_NUMBER)
    assertUnused(parts, number)
    const { nik, name } = identityOf(parts, record)
    const code = codeOf(record)
    const certified = { number, station: station.id, nik, name, issued: issuedAt.slice(0, 10), until, code }
    const verification = assertFits(certificateText(certified, signingKey))
    const letter = newCardId(station.id)
    appendWord(station, {
      kind: 'letter-issued',
      ...routeOf(parts, record),
      recordVersion: record.version,
      body: { number, letter, code, issuedAt, until, verification, beside: cardsBeside(parts, record), operator },
    })
    return { letter, number, until, code, verification }
  })
}

function assertAllowed(parts: StationParts, record: RecordRow): void {
  const { file, clock } = parts
  if (record.client_state === 'withdrawn') throw refused('the record was withdrawn')
  if (isDoubted(parts, record)) {
    throw refused('another record has the same NIK or fingers: somebody has to decide about the two')
  }
  const isUnchecked = `SELECT 1 FROM record r WHERE r.id = ? AND ${IS_UNCHECKED_FOR_LETTER}`
  const isNotChecked = file.get(isUnchecked, record.id, Number(checksRecords(parts))) !== undefined
  if (isNotChecked || !isCheckProven(parts, record.id, record.station)) {
    throw refused('the record has still to be compared with all others')
  }
  const states = cardStates(parts, record.id)
  const hasCard = states.includes('printed') || states.includes('handed-over')
  if (hasCard && !states.includes('waiting')) throw refused('the person has a card, and has asked for no other')
  if (hasManyLetters(parts, record.id, parts.identity.id)) {
    throw refused(`this station has issued ${MOST_LETTERS} letters for the record: revoke those that are out of date`)
  }
  const today = new Date(clock()).toISOString().slice(0, 10)
  if (hasLetter(parts, record.id, today)) throw refused('the person has a letter that is valid')
  const blank = chooseLot(
    lotsInOrder(blankLots(parts)),
    { purpose: 'new', centreState: READY_STATES[0] },
    new Date(clock()).toISOString(),
  )
  if (!isWhy(blank)) throw refused('blanks are in stock: there are no letters while stock lasts')
}

/**
 * States of the cards of a person: for the record, or for another one of the NIK that stands. A card
 * of one that the centre has let fall, or that was withdrawn, keeps nobody from a letter: whoever
 * claims one by hand would do so for ever.
 */
function cardStates({ file }: StationParts, record: string): string[] {
  const rows = file.all<{ state: string }>(
    `SELECT DISTINCT c.state FROM record mine JOIN card_request c ON c.record = mine.id OR c.nik_tag = mine.nik_tag
     WHERE mine.id = ? AND (c.record = mine.id OR ifnull((SELECT ${STANDS} FROM record WHERE id = c.record), TRUE))`,
    record,
  )
  const told = file.get(`SELECT 1 FROM card_of_nik t WHERE t.record = ? AND t.fell = 0 AND ${IS_NOT_HERE}`, record)
  return [...rows.map(({ state }) => state), ...(told === undefined ? [] : ['handed-over'])]
}

/**
 * Whether the person has a valid letter: for the record, or for another one of the NIK that stands.
 * Whoever writes entries by hand could keep the person from a letter otherwise: with dates that no
 * letter has, or by a record that the centre has let fall since. Clocks may differ by a day.
 */
function hasLetter({ file }: StationParts, record: string, today: string): boolean {
  return file
    .all<{ isAsked: 0 | 1; client_state: string; centre_state: string | null }>(
      `SELECT DISTINCT r.id = mine.id AS isAsked, r.client_state, r.centre_state
       FROM record mine JOIN record r ON r.id = mine.id OR r.nik_tag = mine.nik_tag JOIN letter l ON l.record = r.id
       WHERE mine.id = ? AND l.state = 'valid' AND l.until >= ? AND substr(l.issued_at, 1, 10) BETWEEN ? AND ?`,
      record,
      today,
      earliestIssued(today),
      daysLater(today, 1),
    )
    .some(row => row.isAsked === 1 || stands(row))
}

/** Jobs of all cards that the person has, as far as is known here: by the record, or another one of the NIK. */
function cardsBeside({ file }: StationParts, { id }: RecordRow): string[] {
  const rows = file.all<{ id: string }>(
    `SELECT j.id AS id FROM record mine JOIN record o ON o.id = mine.id OR o.nik_tag = mine.nik_tag
     JOIN card_request c ON c.record = o.id JOIN print_job j ON j.request = c.id
     WHERE mine.id = ? AND j.state IN ('printed', 'handed-over')
     UNION SELECT t.job FROM card_of_nik t WHERE t.record = ? AND ${IS_NOT_HERE}
     ORDER BY id LIMIT ${MOST_CARDS + 1}`,
    id,
    id,
  )
  if (rows.length > MOST_CARDS) throw refused(`the person has more than ${MOST_CARDS} cards, which no letter can name`)
  return rows.map(row => row.id)
}

function refused(rule: string): SidikError {
  return new SidikError('LETTER_REFUSED', `no letter may be issued: ${rule}`)
}

/** What the centre has said; before that, how far the record has come. */
function codeOf({ centre_state, transport_state }: RecordRow): string {
  if (centre_state !== null) return shortState(centre_state).slice(0, 64)
  return shortState(transport_state === 'synchronised' ? 'SENT_FOR_ENROLLMENT' : 'BIO_CAPTURED')
}

function identityOf(parts: StationParts, { id, station }: RecordRow): { nik: string; name: string } {
  const { contents } = newestVersion(parts, id, station)
  if (contents === undefined) throw refused('what was recorded of the person is not here')
  const name: unknown = contents.person.name
  return { nik: contents.nik, name: typeof name === 'string' ? name : '' }
}

function untilOf(given: unknown, today: string): string {
  const last = latestUntil(today)
  if (given === undefined) return last
  if (typeof given !== 'string' || !isDay(given)) {
    throw new TypeError("until must be a date that exists, 'YYYY-MM-DD'")
  }
  if (given < today || given > last) throw new RangeError(`until is ${given}, must be from ${today} to ${last}`)
  return given
}

/** Letters are never taken out of the table. */
function nextSequence({ file, identity }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM letter WHERE station = ?', identity.id)!.n + 1
}

function assertUnused({ file, identity }: StationParts, number: string): void {
  if (file.get('SELECT 1 FROM letter WHERE station = ? AND number = ?', identity.id, number) === undefined) return
  throw refused('this station has issued one of this number before')
}
