import { readOptions } from '../../options.js'
import { keptDetail, keptJson } from '../guard/kept-json.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import { timeIn } from './input.js'
import type { Discrepancy } from './types.js'

interface Row extends Omit<Discrepancy, 'detail'> {
  /** JSON. */
  readonly detail: string
}

export interface DiscrepancyFilter {
  /** Of entries of this station alone. */
  readonly station?: string
  /** ISO 8601; from then on. */
  readonly from?: string
  /** ISO 8601; before then. */
  readonly to?: string
}

/**
 * What does not agree, of this station and those below it, the oldest first. Nothing leaves the list: a correction puts the books right,
 * not what was.
 *
 * @throws TypeError, RangeError naming the member of the filter
 */
export function discrepancies(station: Station, filter?: DiscrepancyFilter): Discrepancy[] {
  const { file } = partsOf(station)
  const asked = readOptions('discrepancies', filter, ['station', 'from', 'to'])
  const [from, to] = [timeIn('from', asked.from) ?? '', timeIn('to', asked.to) ?? '￿']
  const sql = `SELECT station, sequence, code, at, detail FROM discrepancy
    WHERE station = ifnull(?, station) AND at >= ? AND at < ? ORDER BY at, station, sequence, place`
  return file.all<Row>(sql, asked.station ?? null, from, to).map(row => openedDiscrepancy(file, row))
}

/** Those that an entry showed. */
export function discrepanciesOf(
  file: StationFile,
  { station, sequence }: { readonly station: string; readonly sequence: number },
): Discrepancy[] {
  const sql = `SELECT station, sequence, code, at, detail FROM discrepancy WHERE station = ? AND sequence = ? ORDER BY place`
  return file.all<Row>(sql, station, sequence).map(row => openedDiscrepancy(file, row))
}

/** @throws SidikError STATION_ALTERED where its detail is none */
export function openedDiscrepancy(file: StationFile, { detail, ...row }: Row): Discrepancy {
  return {
    ...row,
    detail: keptJson(file, keptDetail, detail, `a discrepancy of entry ${row.sequence} of ${row.station}`),
  }
}
