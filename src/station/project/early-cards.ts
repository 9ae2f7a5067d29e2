/**
 * Cards of a record that came before the record did: journals are heard in any order. Until it comes
 * nobody can say who may print for it.
 */
import type { EntryHeader } from '../journal/entry.js'
import { mayServe } from './authority.js'
import { MOST_CARDS } from './letters.js'
import { noteTwiceOfNik, otherThan } from './printed-twice.js'
import type { Projected } from './projected.js'

interface Asking {
  readonly station: string
  readonly prints: string
}

/**
 * Takes back the requests of stations that may not ask for the record's cards, or are asked and may
 * not print them, and what became of them: as if the record had come first. What such a station
 * counts in its own books of blanks and ribbons stays. Of those that are left it is known from here on
 * whose cards they are.
 */
export function judgeEarlyCards(to: Projected, header: EntryHeader, record: string): void {
  const { file } = to
  const asking = file.all<Asking>('SELECT DISTINCT station, prints FROM card_request WHERE record = ?', record)
  if (asking.length === 0) return
  const of = file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)!.station
  const taken = asking
    .filter(({ station, prints }) => !mayServe(to, station, of) || !mayServe(to, prints, of))
    .flatMap(pair => takeBack(to, record, pair))
  if (taken.length > 0) renote(to, taken)
  file.run(
    'UPDATE card_request SET nik_tag = (SELECT nik_tag FROM record WHERE id = ?) WHERE record = ?',
    record,
    record,
  )
  noteTwiceOfNik(to, header, record)
}

/** @returns jobs that are none any more */
function takeBack({ file }: Projected, record: string, { station, prints }: Asking): string[] {
  const which = 'record = ? AND station = ? AND prints = ?'
  const requests = `request IN (SELECT id FROM card_request WHERE ${which})`
  const jobs = file.all<{ id: string }>(`SELECT id FROM print_job WHERE ${requests}`, record, station, prints)
  file.run(`DELETE FROM print_job WHERE ${requests}`, record, station, prints)
  file.run(`DELETE FROM card_request WHERE ${which}`, record, station, prints)
  return jobs.map(({ id }) => id)
}

interface Noted {
  readonly station: string
  readonly sequence: number
  readonly place: number
  readonly what: 'person' | 'blank'
  readonly job: string
}

/** Cards that were noted beside one of these jobs are noted beside another one, or not at all. */
function renote(to: Projected, jobs: readonly string[]): void {
  const { file } = to
  const ids = JSON.stringify(jobs)
  const named = (field: string) => `detail ->> '${field}' IN (SELECT value FROM json_each(?))`
  const noted = file.all<Noted>(
    `SELECT station, sequence, place, detail ->> 'what' AS what, detail ->> 'job' AS job FROM discrepancy
     WHERE code = 'printed-twice' AND ${named('other')} ORDER BY station, sequence, place LIMIT ${MOST_CARDS}`,
    ids,
  )
  for (const { station, sequence, place, what, job } of noted) {
    const other = otherThan(to, job, what)
    if (other === undefined) continue
    const sql = 'UPDATE discrepancy SET detail = ? WHERE station = ? AND sequence = ? AND place = ?'
    file.run(sql, JSON.stringify({ what, job, other }), station, sequence, place)
  }
  file.run(
    `DELETE FROM discrepancy WHERE code IN ('printed-twice', 'printer-contradicted')
       AND (${named('job')} OR ${named('other')})`,
    ids,
    ids,
  )
}
