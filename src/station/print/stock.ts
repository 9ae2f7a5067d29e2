/** The blanks of this station. */
import type { StationParts } from '../station.js'
import type { LotRules } from '../stock/types.js'
import type { BlankLot } from './blanks.js'

/** Lots of which blanks are available. */
export function blankLots({ file, identity }: StationParts): BlankLot[] {
  const rows = file.all<{ lot: string; quantity: number; rules: string | null }>(
    `SELECT b.lot, b.quantity, l.rules FROM stock_balance b JOIN lot l ON l.id = b.lot
     WHERE b.station = ? AND b.account = 'available' AND b.quantity > 0 AND l.item = 'blank'`,
    identity.id,
  )
  return rows.map(({ lot, quantity, rules }) => ({
    lot,
    available: quantity,
    rules: rules === null ? undefined : (JSON.parse(rules) as LotRules),
    cards: { new: 0, replacement: 0 },
  }))
}
