/**
 * Words of people about two records, which end a case or open it again. Those at a station that may
 * decide also end cases of the two that a station which was revoked had opened.
 */
import { append } from '../journal/append.js'
import { mayDecide } from '../project/authority.js'
import { restsOnOthers } from '../project/identity-cases.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import {
  type CaseKind,
  type CaseRecord,
  type Closing,
  caseOf,
  caseRecord,
  casesEndedBy,
  closeCase,
  isFull,
  type OwnCase,
  openCase,
  readerOf,
  stands,
} from './cases.js'
import { basisOf, passOn, stationOf, whyFingersChanged, whyFingersSettled } from './finger-cases.js'

/**
 * Ends the cases of two records' fingers, as a person at this station says that they are of different
 * persons: also those that a decision has ended, so that they are not open again without it.
 */
export function endFingerCases(station: Station, record: string, other: string): void {
  const parts = partsOf(station)
  for (const ended of casesOfPair(parts, record, other)) {
    const { record: of, other: against, basis } = ended
    const row = caseRecord(parts.file, of)
    if (ended.closing !== 'decided' || row === undefined) continue
    if (whyFingersChanged(parts, of, against, basis) === undefined) openAgain(station, row, ended)
  }
  const isOpen = (of: string) =>
    casesOfPair(parts, record, other).some(each => each.record === of && each.closing === null)
  const untold = [record, other].filter(of => !isOpen(of))
  closeCase(station, 'fingers', record, other, 'different-persons')
  for (const of of untold) endCasesOfLost(station, of, of === record ? other : record)
}

/**
 * Tells the station of a record that its cases with another are none, where this one has none of them:
 * a station that was revoked may have opened them, and takes back none of its words. A case of a NIK
 * goes on while both have it.
 */
function endCasesOfLost(station: Station, record: string, other: string): void {
  const { file, identity } = partsOf(station)
  const [row, known] = [caseRecord(file, record), caseRecord(file, other)]
  if (row === undefined || record === other) return
  if (!mayDecide({ file, self: identity.id }, identity.id, row.station)) return
  const tell = (kind: CaseKind, why: Closing) =>
    append(station, {
      ...{ kind: 'case-closed', record, body: { kind, other, why } },
      ...readerOf(identity.id, row.station),
    })
  tell('fingers', 'different-persons')
  const why = known && whyNikSettled(row, known)
  if (why !== undefined) tell('nik', why)
}

/**
 * Opens a case of two records' fingers, as a person at this station says that they are one person's: again, where
 * somebody here had ended it, and takes that back; and where there was none and the station may decide, as of two
 * whom a search found somewhat alike. Where one of the two has fallen, it is a decision that ends a case from then
 * on: it is open again when that one is taken back, and passed on to the record that stays.
 */
export function openSaidCases(station: Station, record: string, other: string): void {
  const known = casesOfPair(partsOf(station), record, other)
  for (const each of known) if (each.closing === 'different-persons') takeBack(station, each)
  if (known.length > 0 || record === other) return
  openSaid(station, record, other)
  openSaid(station, other, record)
}

function openSaid(station: Station, record: string, other: string): void {
  const parts = partsOf(station)
  const { file, identity } = parts
  const row = caseRecord(file, record)
  if (row === undefined || !mayDecide({ file, self: identity.id }, identity.id, row.station)) return
  const basis = basisOf(file, record, other)
  if (isFull(file, identity.id, record) || whyFingersSettled(parts, row, other, basis) !== undefined) return
  openCase(station, row, { kind: 'fingers', other, otherStation: stationOf(file, other), basis })
}

/** Cases of two records' fingers by this station's word, of either side. */
function casesOfPair({ file, identity }: StationParts, record: string, other: string): OwnCase[] {
  const sides = [
    [record, other],
    [other, record],
  ]
  const both = record === other ? sides.slice(1) : sides
  return both.flatMap(([doubted, against]) => caseOf(file, identity.id, 'fingers', doubted, against) ?? [])
}

function takeBack(station: Station, ended: OwnCase): void {
  const parts = partsOf(station)
  const { record, other, basis } = ended
  const row = caseRecord(parts.file, record)
  if (row === undefined || whyFingersChanged(parts, record, other, basis) !== undefined) return
  const why = whyFingersSettled(parts, row, other, basis)
  if (why === 'withdrawn') return
  openAgain(station, row, ended)
  if (why !== 'decided') return
  closeCase(station, 'fingers', record, other, why)
  passOn(station, row, other)
}

/**
 * Opens cases of fingers again that ended with a version of a record which is undone, as its station
 * was revoked: the fingers before it are back, and as alike as they were.
 */
export function reopenCasesOfEarlier(station: Station, record: string): void {
  const { file, identity } = partsOf(station)
  for (const each of casesEndedBy(file, identity.id, record, ['corrected', 'withdrawn'])) reopen(station, each)
}

/** Where both stand, with the same fingers, or with some that cannot be compared. */
export function reopen(station: Station, ended: OwnCase): void {
  const parts = partsOf(station)
  const row = caseRecord(parts.file, ended.record)
  if (row === undefined || whyFingersSettled(parts, row, ended.other, ended.basis) !== undefined) return
  openAgain(station, row, ended)
}

function openAgain(station: Station, row: CaseRecord, { record, other, basis: before }: OwnCase): void {
  const { file } = partsOf(station)
  const otherStation = caseRecord(file, other)?.station ?? '-'
  // A case that rests on fingers which one of the two has no more has no effect (project/identity-cases.ts).
  const basis = restsOnOthers(file, [record, other], before) ? basisOf(file, record, other) : before
  openCase(station, row, { kind: 'fingers', other, otherStation, ...(basis !== null && { basis }) })
}

/** Why two records are no case of a NIK any more; undefined while they are. */
export function whyNikSettled(row: CaseRecord, other: CaseRecord | undefined): Closing | undefined {
  if (other === undefined) return 'withdrawn'
  const both = [row, other]
  if (both.some(({ client_state }) => client_state === 'withdrawn')) return 'withdrawn'
  if (!both.every(stands)) return 'decided'
  const [a, b] = both.map(({ nik_tag }) => nik_tag && Buffer.from(nik_tag).toString('hex'))
  return a === b ? undefined : 'corrected'
}
