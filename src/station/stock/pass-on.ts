/** What one station sends another learns of from the station above both, which is told of everything that is sent. */
import { append } from '../journal/append.js'
import { type EntryHeader, MOST_BODY_BYTES } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayBeAnnounced } from '../quotas/use.js'
import type { Station } from '../station.js'
import { partsOf } from '../station.js'
import type { StationFile } from '../store/database.js'
import { noteQuota } from '../sync/noted.js'
import { trustedStation } from '../sync/trust.js'
import { type LotRow, lotAt, lotOf, rulesOf } from './lots.js'
import { joined, totalOf } from './ranges.js'
import type { NewStockLine, SerialRange, StockLine } from './types.js'

/** What the body of an entry has besides its lines: names and the salt. */
const ROOM_BYTES = 1_024

/**
 * Announces what a station below dispatched: as much of it as was booked, since it had that. What it says beyond,
 * the receiver would wait for.
 */
export function passOnBooked(
  station: Station,
  { station: from, sequence }: EntryHeader,
  body: BodyOf<'stock-dispatched'>,
): void {
  passOnDispatch(station, from, { ...body, lines: bookedLines(partsOf(station).file, from, sequence, body.lines) })
}

interface MoveRow extends Partial<SerialRange> {
  readonly lot: string
  readonly quantity: number
}

/** The lines as they are where all of them was booked. */
function bookedLines(file: StationFile, station: string, sequence: number, said: readonly StockLine[]): StockLine[] {
  const sql = `SELECT lot, quantity, prefix, digits, first, last FROM stock_move
    WHERE station = ? AND sequence = ? AND to_account = 'sent' ORDER BY line`
  const moves = file.all<MoveRow>(sql, station, sequence)
  const lines = said.map(line => (line.serials ? { ...line, quantity: totalOf(line.serials) } : line))
  if (quantityOf(moves) === quantityOf(lines)) return lines
  const byLot = new Map<string, MoveRow[]>()
  for (const move of moves) byLot.set(move.lot, [...(byLot.get(move.lot) ?? []), move])
  return [...byLot].map(([lot, parts]) => {
    const serials = parts.flatMap(({ prefix, digits, first, last }) =>
      typeof prefix === 'string' ? [{ prefix, digits, first, last } as SerialRange] : [],
    )
    return { lot, quantity: quantityOf(parts), ...(serials.length > 0 && { serials: joined(serials) }) }
  })
}

function quantityOf(lines: readonly { readonly quantity: number }[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0)
}

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
  const sender = from === identity.id ? undefined : trustedStation(file, from)
  if (sender?.via === receiver.via) return
  const sql = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way = 'announced'`
  if (file.get(sql, shipment, from) !== undefined) return
  const described = describedLines(file, lines, lot => lotOf(file, lot) ?? said(lotAt(file, from, lot)))
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
  const bytes = Buffer.byteLength(JSON.stringify(body)) + ROOM_BYTES
  if (described.length === 0 || bytes > MOST_BODY_BYTES) return
  // Each note of what others send fills the receiver's disk.
  const peer = sender && { id: sender.via, relation: sender.relation }
  if (peer === undefined || mayBeAnnounced(station, peer, bytes)) {
    append(station, { kind: 'shipment', direction: 'down', to, body })
  } else noteQuota(station, peer, 'announced')
}

/** A station below describes its lot for nobody else. */
function said(lot: LotRow | undefined): LotRow | undefined {
  return lot && { ...lot, yield_cards: null, rules: null }
}

/** Rules once a lot. A lot that is not known here was not in the books of who sent it. */
function describedLines(
  file: StationFile,
  lines: readonly StockLine[],
  lotOf: (lot: string) => LotRow | undefined,
): NewStockLine[] {
  const described = new Set<string>()
  return lines.flatMap(({ lot, quantity, serials }) => {
    const known = lotOf(lot)
    if (known === undefined) return []
    const rules = described.has(lot) ? undefined : rulesOf(file, known)
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
