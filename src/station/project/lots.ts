/** What a lot is. */
import type { EntryHeader } from '../journal/entry.js'
import { describedOtherwise, type LotRow } from '../stock/lots.js'
import type { NewStockLine } from '../stock/types.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'

/** The first word counts; what it left open, a later one says. */
export function projectLot(file: StationFile, header: EntryHeader, line: NewStockLine): void {
  const { lot, item, yieldCards = null, rules } = line
  const known = file.get<LotRow>('SELECT id, item, yield_cards, rules FROM lot WHERE id = ?', lot)
  const written = rules === undefined ? null : JSON.stringify(rules)
  if (known === undefined) {
    file.run('INSERT INTO lot (id, item, yield_cards, rules) VALUES (?, ?, ?, ?)', lot, item, yieldCards, written)
    return
  }
  const field = describedOtherwise(known, line)
  if (field !== undefined) noteDiscrepancy(file, header, 'lot-differs', { lot, field })
  if (field === 'item') return
  const sql = 'UPDATE lot SET yield_cards = ifnull(yield_cards, ?), rules = ifnull(rules, ?) WHERE id = ?'
  file.run(sql, yieldCards, written, lot)
}
