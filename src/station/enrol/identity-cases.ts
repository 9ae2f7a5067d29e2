/**
 * One NIK under two records: a case, found by the first station that holds both, which keeps both
 * from being printed until somebody has decided. A station derives from its records which cases
 * there are, whenever one of them changes, and writes down what is new and what is settled: for
 * itself, and for the stations below whose records they are.
 */
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import { centreState } from './states.js'

type Closing = BodyOf<'case-closed'>['why']

/**
 * Others that a record is set against: of three, each against both. One is enough to keep it from
 * being printed, each is two signed entries, and anybody can record a NIK many times.
 */
const MOST_OTHERS = 2

/** Most records of one NIK that are looked at for those that stand. */
const MOST_LOOKED_AT = 256

/** States of a record that is no person's any more. */
const FALLEN = ['DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL', 'ENROLL_FAILURE_AT_REGIONAL']

interface Row {
  readonly id: string
  readonly station: string
  readonly nik_tag: Uint8Array | null
  readonly client_state: string
  readonly centre_state: string | null
}

const COLUMNS = 'id, station, nik_tag, client_state, centre_state'

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
    const row = rowOf(file, id)
    if (row === undefined) continue
    for (const other of openCases(file, identity.id, id)) {
      const why = whySettled(row, rowOf(file, other))
      if (why === undefined) continue
      settle(station, id, other, why)
      // It may be set against others of its NIK, beyond the most that it was.
      left.add(other)
    }
    for (const other of othersOf(file, row)) {
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

function rowOf(file: StationFile, id: string): Row | undefined {
  return file.get<Row>(`SELECT ${COLUMNS} FROM record WHERE id = ?`, id)
}

/** Records that stand and bear the NIK of one that stands. */
function othersOf(file: StationFile, row: Row): Row[] {
  if (row.nik_tag === null || !stands(row)) return []
  const sql = `SELECT ${COLUMNS} FROM record WHERE nik_tag = ? AND id <> ? AND client_state <> 'withdrawn'
    LIMIT ${MOST_LOOKED_AT}`
  return file.all<Row>(sql, row.nik_tag, row.id).filter(stands).slice(0, MOST_OTHERS)
}

/** Whether a record is still that of a person: not withdrawn, and not one that the centre let fall. */
export function stands({ client_state, centre_state }: Pick<Row, 'client_state' | 'centre_state'>): boolean {
  return client_state !== 'withdrawn' && !FALLEN.includes(centreState(centre_state ?? '')?.name ?? '')
}

/** Why two records are no case any more; undefined while they are. */
function whySettled(row: Row, other: Row | undefined): Closing | undefined {
  if (other === undefined) return 'withdrawn'
  const both = [row, other]
  if (both.some(({ client_state }) => client_state === 'withdrawn')) return 'withdrawn'
  if (!both.every(stands)) return 'decided'
  const [a, b] = both.map(({ nik_tag }) => nik_tag && Buffer.from(nik_tag).toString('hex'))
  return a === b ? undefined : 'corrected'
}

/** Others of the cases that this station has opened, and not closed. */
function openCases(file: StationFile, self: string, record: string): string[] {
  const sql = `SELECT other FROM identity_case WHERE record = ? AND kind = 'nik' AND word_of = ? AND closed_at IS NULL`
  return file.all<{ other: string }>(sql, record, self).map(({ other }) => other)
}

function doubt(station: Station, { id, station: of }: Row, other: Row): void {
  const { file, identity } = partsOf(station)
  const open = openCases(file, identity.id, id)
  if (open.length >= MOST_OTHERS || open.includes(other.id)) return
  const body = { kind: 'nik', other: other.id, otherStation: other.station } as const
  append(station, { kind: 'case-opened', record: id, body, ...reader(identity.id, of) })
}

/** Closes a case on both sides. */
function settle(station: Station, id: string, other: string, why: Closing): void {
  const { file, identity } = partsOf(station)
  for (const [record, against] of [
    [id, other],
    [other, id],
  ]) {
    if (!openCases(file, identity.id, record).includes(against)) continue
    const of = rowOf(file, record)?.station ?? identity.id
    const body = { kind: 'nik', other: against, why } as const
    append(station, { kind: 'case-closed', record, body, ...reader(identity.id, of) })
  }
}

/** Who has to know: the station whose record it is. */
function reader(self: string, of: string): { direction: 'local' | 'down'; to?: string } {
  return of === self ? { direction: 'local' } : { direction: 'down', to: of }
}
