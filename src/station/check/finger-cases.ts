/** Two records whose fingers are one person's, as far as their scores say. */

import { staysInsteadAtLast } from '../enrol/staying.js'
import { basisTemplates, NONE, restsOnOthers } from '../project/identity-cases.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import {
  type CaseRecord,
  type Closing,
  caseOf,
  caseRecord,
  closeCase,
  isFull,
  isFullOfDecided,
  openCase,
  stands,
} from './cases.js'
import { fingersIn } from './held-fingers.js'
import { hasCardOut } from './kept-fingers.js'
import { type Brought, countKept, mayKeep } from './kept-from-card.js'
import { areFingersProven } from './unchecked.js'
import { newestVerdict } from './verdicts.js'

/**
 * Most earlier records of the same station that one is set against on their side, at once: each is a
 * signed entry, in one turn of the event loop.
 */
const MOST_OWN_AT_ONCE = 16

/** A record that matches another one. */
export interface Doubt {
  readonly record: string
  /**
   * As many of its fingers agree as speak against it, or more. One that took each finger from another person
   * keeps none of these from a card.
   */
  readonly isMostlyAlike: boolean
}

/**
 * Opens cases between a record and others that match it, unless somebody has said that these very
 * fingers are of different persons. Where one of the two has fallen by a decision the case ends at
 * once: it is open again when the decision is taken back. To be called in the transaction that
 * writes the match.
 */
export function openFingerCases(station: Station, record: string, doubts: readonly Doubt[]): void {
  const { file } = partsOf(station)
  const row = caseRecord(file, record)
  if (row === undefined || row.client_state === 'withdrawn') return
  // No case begins or ends on the word of a row that somebody wrote.
  if (!stands(row)) file.watcher?.assure(record)
  let own = 0
  for (const { record: match, isMostlyAlike } of rarestStationsFirst(file, doubts)) {
    const other = caseRecord(file, match)
    if (other === undefined || !stands(other)) file.watcher?.assure(match)
    if (other !== undefined && isWithdrawn(file, other)) continue
    // A station above, which has both, tells the station of a record that is not here. One that was
    // withdrawn gets no card anyway.
    if (other === undefined || other.client_state === 'withdrawn') {
      doubt(station, row, match)
      passOn(station, row, match, { by: row.station, isMostlyAlike })
      continue
    }
    const [before, after]: readonly CaseRecord[] =
      changedAt(file, row.id) < changedAt(file, match) ? [row, other] : [other, row]
    const brought = { by: after.station, isMostlyAlike }
    const openOn = (doubted: CaseRecord, against: CaseRecord) => {
      // Those of the record itself are bounded by how many are open of it.
      const isCounted = before.station === after.station && doubted !== row
      if (isCounted && own >= MOST_OWN_AT_ONCE) return
      const isOpened = doubt(station, doubted, against.id)
      const isPassed = passOn(station, doubted, against.id, brought) === doubted.id
      if (isOpened && isCounted) own++
      if (isOpened || isPassed) countKept(station, doubted, brought)
    }
    openOn(after, before)
    if (isMostlyAlike && mayKeep(station, before, brought)) openOn(before, after)
  }
}

/**
 * Opens the case of a record that shows one finger under two positions, which is set against itself:
 * it may be nobody's. Unless somebody has said that these very fingers are different ones. To be
 * called in the transaction that writes what was found.
 */
export function openAlikeCase(station: Station, record: string): void {
  const row = caseRecord(partsOf(station).file, record)
  if (row !== undefined && row.client_state !== 'withdrawn') doubt(station, row, record)
}

/** There are only so many cases of a record: copies that one station brings leave those of others their place. */
function rarestStationsFirst(file: StationFile, doubts: readonly Doubt[]): Doubt[] {
  const of = new Map(doubts.map(({ record }) => [record, stationOf(file, record)]))
  const count = ({ record }: Doubt) => doubts.filter(each => of.get(each.record) === of.get(record)).length
  return [...doubts].sort((a, b) => count(a) - count(b))
}

/** Place of the change that brought a record's fingers. */
function changedAt(file: StationFile, record: string): number {
  return file.get<{ changed: number }>('SELECT changed FROM gallery_entry WHERE record = ?', record)?.changed ?? 0
}

/**
 * A record that is called a duplicate is of the person whose record stays: whom it is set against,
 * that one is set against from then on, and who is set against it, against that one. Of three records
 * of one person two may have no finger in common.
 *
 * @param brought whose fingers do so by themselves: these keep no more records of others from a card
 *   than a match does. Undefined where a person has just said so
 * @returns the record of which a case was opened
 */
export function passOn(station: Station, row: CaseRecord, other: string, brought?: Brought): string | undefined {
  const parts = partsOf(station)
  const { file } = parts
  if (isSaidDifferent(parts, row.id, other)) return undefined
  const [id, against] = [row.id, other].map(each => staysInsteadAtLast(parts, each))
  if ((id === row.id && against === other) || id === against) return undefined
  // No case is left out on the word of a row that somebody wrote.
  for (const each of [id, against]) file.watcher?.assure(each)
  const [person, otherPerson] = [id, against].map(each => caseRecord(file, each))
  if (person === undefined || !isPersons(file, person)) return undefined
  if (otherPerson === undefined ? basisTemplates(file, against) === NONE : !isPersons(file, otherPerson)) {
    return undefined
  }
  // Whoever has a card of a withdrawn record gets no other one under it: the other record waits.
  const isOut = person.client_state === 'withdrawn'
  const waits = isOut ? otherPerson : person
  if (waits === undefined || waits.client_state === 'withdrawn') return undefined
  const isOfAnother = brought !== undefined && waits.id !== row.id
  if (isOfAnother && !mayKeep(station, waits, brought)) return undefined
  if (!doubt(station, waits, isOut ? id : against)) return undefined
  if (isOfAnother) countKept(station, waits, brought)
  return waits.id
}

/**
 * Who brought the fingers of a case that was opened before: whoever's changed last. They are mostly
 * alike where the case was opened on both sides, if the other has one.
 */
export function broughtBefore({ file, identity }: StationParts, row: CaseRecord, other: string): Brought {
  const by = changedAt(file, row.id) < changedAt(file, other) ? stationOf(file, other) : row.station
  const known = caseRecord(file, other)
  const hasNoSide = known === undefined || known.client_state === 'withdrawn'
  return { by, isMostlyAlike: hasNoSide || caseOf(file, identity.id, 'fingers', other, row.id) !== undefined }
}

/** Whether a record is that of a person: it stands, or it was withdrawn after its card was handed over. */
function isPersons(file: StationFile, row: CaseRecord): boolean {
  return !isWithdrawn(file, row) && !isFallen(row)
}

/**
 * Whether somebody has said that the fingers of a record are not the other's, who may come with
 * others as often as it likes, and has not taken that back.
 */
function isSaidDifferent(parts: StationParts, record: string, other: string): boolean {
  const { file, identity } = parts
  const known = caseOf(file, identity.id, 'fingers', record, other)
  if (known?.closing !== 'different-persons' || known.basis?.split(' ')[0] !== basisTemplates(file, record))
    return false
  return newestVerdict(parts, record, other) !== 'same-person'
}

/** Whether a case was opened. */
function doubt(station: Station, row: CaseRecord, other: string): boolean {
  const parts = partsOf(station)
  const { file, identity } = parts
  const basis = basisOf(file, row.id, other)
  const known = caseOf(file, identity.id, 'fingers', row.id, other)
  if (known?.closing === null) return false
  const isSaid = isSaidDifferent(parts, row.id, other)
  const isDecided = [row, caseRecord(file, other)].some(each => each !== undefined && isFallen(each))
  const isKept = known?.closing === 'decided' && known.basis === basis
  if (isDecided && (isKept || isFullOfDecided(file, identity.id, row.id))) return false
  if (isSaid || isFull(file, identity.id, row.id)) return false
  openCase(station, row, { kind: 'fingers', other, otherStation: stationOf(file, other), basis })
  if (isDecided) closeCase(station, 'fingers', row.id, other, 'decided')
  return true
}

/** Why two records are no case of fingers any more; undefined while they are. */
export function whyFingersSettled(
  parts: StationParts,
  row: CaseRecord,
  other: string,
  basis: string | null,
): Closing | undefined {
  const { file } = parts
  const known = caseRecord(file, other)
  const records = known === undefined ? [row] : [row, known]
  if (records.some(each => isWithdrawn(file, each))) return 'withdrawn'
  if (records.some(isFallen)) return 'decided'
  return whyFingersChanged(parts, row.id, other, basis)
}

/** The same, whatever was decided about the two. */
export function whyFingersChanged(
  parts: StationParts,
  record: string,
  other: string,
  basis: string | null,
): Closing | undefined {
  const { file } = parts
  // The index of who has which fingers is under no guard: what somebody wrote there ends no case.
  const areProven = () => [record, other].every(id => areFingersProven(parts, id))
  // Its station was revoked, or a station above has taken it out.
  const isGone = caseRecord(file, other) === undefined && basisTemplates(file, other) === NONE
  if (isGone) return areProven() ? 'withdrawn' : undefined
  // Other fingers are compared anew, if there is one to compare: a hand that is bandaged now frees
  // nobody. Those that were taken out of the duplicate check say nothing new, nor do those of who has the card.
  const isCorrected = restsOnOthers(file, [record, other], basis) && areProven()
  return isCorrected && haveFingerInCommon(parts, record, other) ? 'corrected' : undefined
}

/** Whether two records have the same finger, as they are now, so that they can be compared. */
function haveFingerInCommon(parts: StationParts, record: string, other: string): boolean {
  const [own, others] = [positionsOf(parts, record), positionsOf(parts, other)]
  return own.some(position => others.includes(position))
}

function positionsOf(parts: StationParts, record: string): number[] {
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const held = parts.file.get<{ templates: Uint8Array | null }>(sql, record)
  const fingers = fingersIn(parts, held?.templates ?? null) ?? []
  return fingers.flatMap(({ position, template }) => (template === undefined ? [] : [position]))
}

/** Withdrawn, and nobody has a card of it. */
function isWithdrawn(file: StationFile, { id, client_state }: CaseRecord): boolean {
  return client_state === 'withdrawn' && !hasCardOut(file, id)
}

const isFallen = (row: CaseRecord) => !stands({ ...row, client_state: 'recorded' })

/** Which templates a case rests on: those of the record, those of the other. */
export function basisOf(file: StationFile, record: string, other: string): string {
  return [record, other].map(id => basisTemplates(file, id)).join(' ')
}

/** The station of a record, also of one of which only the fingers are here; '-' where nobody knows. */
export function stationOf(file: StationFile, record: string): string {
  const sql =
    'SELECT station FROM record WHERE id = ? UNION ALL SELECT station FROM gallery_entry WHERE record = ? LIMIT 1'
  return file.get<{ station: string }>(sql, record, record)?.station ?? '-'
}
