/**
 * Cases begin and end with what is known of records. A station derives from them which cases there
 * are, whenever one of them changes, and writes down what is new and what is settled. One NIK under
 * two records is a case at the first station that holds both; two records of one person's fingers
 * are found by a check.
 */
import { leaveOthersOfCards } from '../project/cards-of-nik.js'
import { STANDS } from '../project/standing.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import { tellCardsOfNik } from './cards-of-nik.js'
import {
  CASE_RECORD_COLUMNS,
  type CaseKind,
  type CaseRecord,
  type Closing,
  caseRecord,
  closeCase,
  closedFingerCases,
  isFullOfDecided,
  openCase,
  openCases,
  stands,
} from './cases.js'
import { compareAgain } from './compare-again.js'
import { broughtBefore, passOn, whyFingersChanged, whyFingersSettled } from './finger-cases.js'
import { tellWhetherStands } from './fingers-below.js'
import { openSaidCases, reopen, whyNikSettled } from './said-cases.js'
import { isComparedHere } from './unchecked.js'
import { newestVerdict } from './verdicts.js'

/**
 * Others that a record is set against: those next to it by their ids. One is enough to keep it from
 * being printed, each is two signed entries, and anybody can record a NIK many times. When one goes,
 * two others get one more each, so that a kiosk that withdraws its records one by one costs no more
 * than it wrote.
 */
const MOST_OTHERS = 2

/** Kinds of entries after which cases may begin or end. */
export const REVIEWED: readonly string[] = ['enrolled', 'corrected', 'withdrawn', 'decision', 'gallery', 'removal']

/** Why a record is compared again that nobody asked for. */
const LEFT_OUT = { operator: 'sidik', reason: 'more cases were ended by decisions than are kept' }

/** Records that are reviewed with the one that has changed, at once: some 20 ms. */
const MOST_AT_ONCE = 16

/**
 * Opens and closes the cases of a record as it stands now, and of those that are set against it. To
 * be called in the transaction that changed it. Anybody can set thousands of records against one:
 * what is beyond a few is left to the background (review-left.ts). Until then a case is open that is
 * none any more, and nobody gets a card too early.
 */
export function reviewCases(station: Station, record: string): void {
  const { file, identity } = partsOf(station)
  // Beyond the most of one of the two, a case is open on the side of the other alone.
  file.run(
    `INSERT OR IGNORE INTO case_review SELECT record FROM identity_case WHERE other = ? AND word_of = ?
       AND record <> other AND (closed_at IS NULL OR (kind = 'fingers' AND closing = 'decided'))`,
    record,
    identity.id,
  )
  // They may have been told of its cards, and whether it stands.
  leaveOthersOfCards(file, record)
  const wasFull = isFullOfDecided(file, identity.id, record)
  review(station, record)
  const row = caseRecord(file, record)
  // Others that fell, or with which it was compared when it had fallen, were left out.
  if (wasFull && row !== undefined && stands(row) && isComparedHere(partsOf(station), record)) {
    compareAgain(station, record, LEFT_OUT)
  }
  for (let i = 0; i < MOST_AT_ONCE; i++) {
    const next = recordToReview(file)
    if (next === undefined) break
    reviewLeft(station, next)
  }
}

/**
 * Does the same after a decision, and tells the stations below whether the record stands. What is
 * said of its cases is about fingers that they have: these come before it, and go after it.
 */
export function reviewDecided(station: Station, record: string): void {
  const row = caseRecord(partsOf(station).file, record)
  const isStanding = row !== undefined && stands(row)
  if (isStanding) tellWhetherStands(station, record)
  reviewCases(station, record)
  if (!isStanding) tellWhetherStands(station, record)
}

/**
 * Leaves those to be reviewed of which a case may have been left out when a process ended: the rows
 * that say so are under no guard. To be called in a transaction.
 */
export function leaveLostToReview({ file, identity }: StationParts): void {
  const standing = (id: string) => `EXISTS (SELECT 1 FROM record WHERE id = ${id} AND ${STANDS})`
  file.run(
    `INSERT OR IGNORE INTO case_review SELECT i.record FROM identity_case i
     WHERE i.word_of = ? AND i.kind = 'fingers' AND i.closing = 'decided'
       AND ${standing('i.record')} AND ${standing('i.other')}`,
    identity.id,
  )
  file.run(
    `INSERT OR IGNORE INTO case_review SELECT id FROM record
     WHERE nik_tag IN (SELECT nik_tag FROM record WHERE nik_tag IS NOT NULL GROUP BY nik_tag HAVING count(*) > 1)
       AND ${STANDS} AND NOT EXISTS (SELECT 1 FROM identity_case i
         WHERE i.record = record.id AND i.word_of = ? AND i.kind = 'nik' AND i.closed_at IS NULL)`,
    identity.id,
  )
}

/** The first record that is left to be reviewed, behind that id. */
export function recordToReview(file: StationFile, after = ''): string | undefined {
  const sql = 'SELECT record FROM case_review WHERE record > ? ORDER BY record LIMIT 1'
  return file.get<{ record: string }>(sql, after)?.record
}

/** To be called in a transaction. */
export function reviewLeft(station: Station, record: string): void {
  partsOf(station).file.run('DELETE FROM case_review WHERE record = ?', record)
  review(station, record)
}

/** Opens and closes the cases of a record alone, of which no more than a few are open, or tells of cards of its NIK. */
function review(station: Station, record: string): void {
  const parts = partsOf(station)
  const { file, identity } = parts
  const row = caseRecord(file, record)
  const decidedNow = new Set<string>()
  for (const { kind, other, basis } of openCases(file, identity.id, record)) {
    const why = row === undefined ? 'withdrawn' : whySettled(parts, kind, { row, other, basis })
    if (why === undefined) continue
    // No case ends on the word of a row that somebody wrote.
    for (const id of [record, other]) file.watcher?.assure(id)
    closeCase(station, kind, record, other, why)
    if (why === 'decided') decidedNow.add(other)
    // It may be set against others of its NIK, beyond the most that it was.
    file.run('INSERT OR IGNORE INTO case_review VALUES (?)', other)
  }
  if (row === undefined) return
  // A decision that had ended them may be taken back: the fingers are still alike.
  for (const each of closedFingerCases(file, identity.id, record, 'decided')) {
    reopen(station, each)
    if (whyFingersChanged(parts, record, each.other, each.basis) !== undefined) continue
    // A decision that was just said is passed on whoever it keeps from a card: of each, one person.
    const brought = decidedNow.has(each.other) ? undefined : broughtBefore(parts, row, each.other)
    passOn(station, row, each.other, brought)
  }
  // Somebody may have taken back their word when the fingers were others for a while.
  for (const { other } of closedFingerCases(file, identity.id, record, 'different-persons')) {
    if (newestVerdict(parts, record, other) === 'same-person') openSaidCases(station, record, other)
  }
  const others = othersOfNik(file, row)
  for (const other of others) {
    doubt(station, row, other)
    doubt(station, other, row)
  }
  if (others.length === 0) tellCardsOfNik(station, row)
}

/** Records that stand and bear the NIK of one that stands: the next on both sides, in a ring. */
function othersOfNik(file: StationFile, row: CaseRecord): CaseRecord[] {
  if (row.nik_tag === null || !stands(row)) return []
  const next = (condition: string, order: 'ASC' | 'DESC') =>
    file.get<CaseRecord>(
      `SELECT ${CASE_RECORD_COLUMNS} FROM record WHERE nik_tag = ? AND ${condition} AND ${STANDS}
        ORDER BY id ${order} LIMIT 1`,
      row.nik_tag,
      row.id,
    )
  const behind = next('id > ?', 'ASC') ?? next('id < ?', 'ASC')
  const before = next('id < ?', 'DESC') ?? next('id > ?', 'DESC')
  const found = [behind, before].flatMap(other => other ?? [])
  return found.filter(({ id }, i) => i === 0 || id !== found[0].id)
}

/** Why a case is none any more; undefined while it is. */
function whySettled(
  parts: StationParts,
  kind: CaseKind,
  { row, other, basis }: { row: CaseRecord; other: string; basis: string | null },
): Closing | undefined {
  if (kind === 'nik') return whyNikSettled(row, caseRecord(parts.file, other))
  return whyFingersSettled(parts, row, other, basis)
}

function doubt(station: Station, row: CaseRecord, other: CaseRecord): void {
  const { file, identity } = partsOf(station)
  const open = openCases(file, identity.id, row.id).filter(({ kind }) => kind === 'nik')
  if (open.length >= MOST_OTHERS || open.some(each => each.other === other.id)) return
  openCase(station, row, { kind: 'nik', other: other.id, otherStation: other.station })
}
