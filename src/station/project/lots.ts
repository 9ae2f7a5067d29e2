/**
 * What a lot is. The word of this station and of those above it counts for everybody here. That of
 * a station below counts for its own books alone: else one kiosk would make a lot useless for all.
 */
import type { EntryHeader } from '../journal/entry.js'
import { describedOtherwise, type LotRow, lotOf, wordOf, wordOfAny } from '../stock/lots.js'
import type { NewStockLine } from '../stock/types.js'
import { mayDefine } from './authority.js'
import { noteDiscrepancy } from './discrepancies.js'
import type { Projected } from './projected.js'

/** The first word counts; what it left open, a later one says. */
export function projectLot(to: Projected, header: EntryHeader, line: NewStockLine): void {
  const { file } = to
  const { lot, item, yieldCards = null, rules } = line
  const id = mayDefine(to, header.station) ? lot : wordOf(header.station, lot)
  const known = file.get<LotRow>('SELECT id, item, yield_cards, rules FROM lot WHERE id = ?', id)
  const other = lotOf(file, lot) ?? known ?? wordOfAny(file, lot)
  const field = other && describedOtherwise(file, other, line)
  if (field !== undefined) noteDiscrepancy(file, header, 'lot-differs', { lot, field })
  const written = rules === undefined ? null : JSON.stringify(rules)
  if (known === undefined) {
    file.run('INSERT INTO lot (id, item, yield_cards, rules) VALUES (?, ?, ?, ?)', id, item, yieldCards, written)
  } else if (known.item === item) {
    const sql = 'UPDATE lot SET yield_cards = ifnull(yield_cards, ?), rules = ifnull(rules, ?) WHERE id = ?'
    file.run(sql, yieldCards, written, id)
  }
}
