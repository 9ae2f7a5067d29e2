/** A count against the books. What is counted is what is available: not what is in printers, nor set aside for a card. */
import type { StationFile } from '../store/database.js'
import { type Difference, differences, type NotedLine } from './differences.js'
import { balanceOf, hasSerials } from './lying.js'
import type { SerialRange } from './types.js'

/** Of the lots that were counted: others were not looked at. */
export function countDifferences(file: StationFile, station: string, counted: readonly NotedLine[]): Difference[] {
  const lots = [...new Set(counted.map(({ lot }) => lot))]
  const booked = lots.map((lot): NotedLine => {
    const quantity = balanceOf(file, station, lot, 'available')
    if (hasSerials(file, station, lot) !== true) return { lot, quantity }
    const sql = `SELECT prefix, digits, first, last FROM stock_range WHERE station = ? AND lot = ? AND account = 'available'`
    return { lot, quantity, serials: file.all<SerialRange>(sql, station, lot) }
  })
  return differences(booked, counted)
}
