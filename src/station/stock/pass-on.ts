/** What one station sends another learns of from the station above both, which is told of everything that is sent. */
import { append } from '../journal/append.js'
import { MOST_BODY_BYTES } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Station } from '../station.js'
import { partsOf } from '../station.js'
import { trustedStation } from '../sync/trust.js'
import { type LotRow, lotAt, lotOf, rulesOf } from './lots.js'
import type { NewStockLine, StockLine } from './types.js'

/** What the body of an entry has besides its lines: names and the salt. */
const ROOM_BYTES = 1_024

/**
 * Announces what `from` dispatched to the station that it is on its way to, if that is below this one. Where both are reached by way of one
 * peer, that peer is above both, or one of them, and has told it.
 */
export function passOnDispatch(
  station: Station,
  from: string,
  { shipment, to, lines }: BodyOf<'stock-dispatched'>,
  { isOfCards = false } = {},
): void {
  const { file, identity } = partsOf(station)
  const receiver = trustedStation(file, to)
  if (receiver?.relation !== 'downstream') return
  if (from !== identity.id && trustedStation(file, from)?.via === receiver.via) return
  const sql = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way = 'announced'`
  if (file.get(sql, shipment, from) !== undefined) return
  const described = describedLines(lines, lot => lotOf(file, lot) ?? said(lotAt(file, from, lot)))
  const hearsay = [...new Set(described.map(({ lot }) => lot))].filter(lot => lotOf(file, lot) === undefined)
  const body = {
    shipment,
    from,
    to,
    lines: described,
    ...(hearsay.length > 0 && { hearsay }),
    ...(from !== identity.id && { passedOn: true as const }),
    ...(isOfCards && { cards: true as const }),
  }
  // A note of thousands of ranges, with rules for each of its lots, may be too long for an entry: then the paper alone says it.
  const isShort = Buffer.byteLength(JSON.stringify(body)) <= MOST_BODY_BYTES - ROOM_BYTES
  if (described.length > 0 && isShort) append(station, { kind: 'shipment', direction: 'down', to, body })
}

/** A station below describes its lot for nobody else. */
function said(lot: LotRow | undefined): LotRow | undefined {
  return lot && { ...lot, yield_cards: null, rules: null }
}

/** Rules once a lot. A lot that is not known here was not in the books of who sent it. */
function describedLines(lines: readonly StockLine[], lotOf: (lot: string) => LotRow | undefined): NewStockLine[] {
  const described = new Set<string>()
  return lines.flatMap(({ lot, quantity, serials }) => {
    const known = lotOf(lot)
    if (known === undefined) return []
    const rules = described.has(lot) ? undefined : rulesOf(known)
    described.add(lot)
    const { item, yield_cards: yieldCards } = known
    return [
      {
        lot,
        quantity,
        ...(serials && { serials }),
        item,
        ...(yieldCards !== null && { yieldCards }),
        ...(rules && { rules }),
      },
    ]
  })
}
