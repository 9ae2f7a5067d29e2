/** A count against the books. What is counted is what is available: not what is in printers, nor set aside for a card. */
import type { StationFile } from '../store/database.js'
import { type Difference, differences, type NotedLine } from './differences.js'
import { balanceOf, hasSerials } from './lying.js'
import type { Account, SerialRange } from './types.js'

/**
 * Looks at the lots that were counted, at no others.
 *
 * @param most ranges of serials of the books that are compared, of all lots together
 * @returns also the lots of which numbers alone were compared, as they have more ranges than were left
 */
export function countDifferences(
  file: StationFile,
  station: string,
  counted: readonly NotedLine[],
  most = Number.MAX_SAFE_INTEGER - 1,
): { readonly found: Difference[]; readonly byNumber: NotedLine[] } {
  const lots = [...new Set(counted.map(({ lot }) => lot))]
  const byNumber: NotedLine[] = []
  let left = most
  const booked = lots.map((lot): NotedLine => {
    const quantity = balanceOf(file, station, lot, 'available')
    if (hasSerials(file, station, lot) !== true) return { lot, quantity }
    // By the order of the primary key: each row up to the limit is looked at, in whatever account.
    const sql = `SELECT prefix, digits, first, last, account FROM stock_range WHERE station = ? AND lot = ? LIMIT ?`
    const ranges = file.all<SerialRange & { account: Account }>(sql, station, lot, left + 1)
    if (ranges.length > left) {
      byNumber.push({ lot, quantity })
      return { lot, quantity }
    }
    left -= ranges.length
    const available = ranges.filter(({ account }) => account === 'available')
    return { lot, quantity, serials: available.map(({ account: _, ...range }) => range) }
  })
  return { found: differences(booked, counted), byNumber }
}
