/**
 * Cases begin and end with what is known of records. A station derives from them which cases there
 * are, whenever one of them changes, and writes down what is new and what is settled. One NIK under
 * two records is a case at the first station that holds both; two records of one person's fingers
 * are found by a check.
 */
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import {
  CASE_RECORD_COLUMNS,
  type CaseKind,
  type CaseRecord,
  type Closing,
  caseRecord,
  closeCase,
  openAgainst,
  openCase,
  openCases,
  stands,
} from './cases.js'
import { whyFingersSettled } from './finger-cases.js'

/**
 * Others that a record is set against: of three, each against both. One is enough to keep it from
 * being printed, each is two signed entries, and anybody can record a NIK many times.
 */
const MOST_OTHERS = 2

/** Most records of one NIK that are looked at for those that stand. */
const MOST_LOOKED_AT = 256

/** Kinds of entries after which cases may begin or end. */
export const REVIEWED: readonly string[] = ['enrolled', 'corrected', 'withdrawn', 'decision']

/**
 * Opens and closes the cases of a record as it stands now, and of those that it was set against. To
 * be called in the transaction that changed it.
 */
export function reviewCases(station: Station, record: string): void {
  const { file, identity } = partsOf(station)
  const left = new Set([record])
  for (const id of left) {
    const row = caseRecord(file, id)
    if (row === undefined) continue
    // Beyond the most of one of the two, a case is open on the side of the other alone.
    const open = [...openCases(file, identity.id, id), ...openAgainst(file, identity.id, id)]
    for (const { kind, record: doubted, other, basis } of open) {
      const why = whySettled(file, kind, { doubted, other, basis })
      if (why === undefined) continue
      closeCase(station, kind, doubted, other, why)
      // It may be set against others of its NIK, beyond the most that it was.
      left.add(doubted).add(other)
    }
    for (const other of othersOfNik(file, row)) {
      doubt(station, row, other)
      doubt(station, other, row)
    }
  }
}

/** Reviews what was here before this program knew of cases. */
export function reviewOldRecords(station: Station): void {
  const { file } = partsOf(station)
  if (file.get('SELECT 1 FROM case_review LIMIT 1') === undefined) return
  file.transaction(() => {
    for (const { record } of file.all<{ record: string }>('SELECT record FROM case_review')) {
      reviewCases(station, record)
      file.run('DELETE FROM case_review WHERE record = ?', record)
    }
  })
}

/** Records that stand and bear the NIK of one that stands. */
function othersOfNik(file: StationFile, row: CaseRecord): CaseRecord[] {
  if (row.nik_tag === null || !stands(row)) return []
  const sql = `SELECT ${CASE_RECORD_COLUMNS} FROM record WHERE nik_tag = ? AND id <> ? AND client_state <> 'withdrawn'
    LIMIT ${MOST_LOOKED_AT}`
  return file.all<CaseRecord>(sql, row.nik_tag, row.id).filter(stands).slice(0, MOST_OTHERS)
}

/** Why a case is none any more; undefined while it is. */
function whySettled(
  file: StationFile,
  kind: CaseKind,
  { doubted, other, basis }: { doubted: string; other: string; basis: string | null },
): Closing | undefined {
  const row = caseRecord(file, doubted)
  if (row === undefined) return 'withdrawn'
  return kind === 'nik' ? whyNikSettled(row, caseRecord(file, other)) : whyFingersSettled(file, row, other, basis)
}

/** Why two records are no case of a NIK any more; undefined while they are. */
function whyNikSettled(row: CaseRecord, other: CaseRecord | undefined): Closing | undefined {
  if (other === undefined) return 'withdrawn'
  const both = [row, other]
  if (both.some(({ client_state }) => client_state === 'withdrawn')) return 'withdrawn'
  if (!both.every(stands)) return 'decided'
  const [a, b] = both.map(({ nik_tag }) => nik_tag && Buffer.from(nik_tag).toString('hex'))
  return a === b ? undefined : 'corrected'
}

function doubt(station: Station, row: CaseRecord, other: CaseRecord): void {
  const { file, identity } = partsOf(station)
  const open = openCases(file, identity.id, row.id).filter(({ kind }) => kind === 'nik')
  if (open.length >= MOST_OTHERS || open.some(each => each.other === other.id)) return
  openCase(station, row, { kind: 'nik', other: other.id, otherStation: other.station })
}
