/**
 * What entries mean for the books: the moves that follow from a body. Used by the projection, which books them, and by whoever is about to
 * write such an entry, to check that they can be booked.
 *
 *     stock-received         received  -> available        card-reserved            available -> reserved
 *     stock-dispatched       available -> sent             card-printed             reserved  -> printed
 *     stock-returned         available -> returned         card-released            reserved  -> available
 *     stock-spoiled          available -> spoiled          card-spoiled             printed   -> spoiled
 *     stock-corrected        found -> available, or        card-resolved: printed   reserved  -> printed
 *                            available -> missing                         spoiled   reserved  -> spoiled
 *     consumable-installed   available -> installed                       untouched reserved  -> available
 *     consumable-removed     installed -> used, spoiled or available
 *     card-passed-on         printed   -> sent             card-arrived             received  -> printed
 *
 * A card that arrives where it was before comes from where it lies: sent, or spoiled if it was thought lost.
 * A card entry takes the blank from where it lies: a card of which the printer said that it was printed, and a person that the blank is
 * untouched, moves printed -> available; one that the printer said it had not touched, and that lies there all the same, available -> printed.
 */
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { canonical, totalOf } from './ranges.js'
import type { Account, Move, NewStockLine, SerialRange, StockLine } from './types.js'

/** The blank of a job, and where it lies: what {@link movesOf} must know for the entries after `card-reserved`. */
export interface JobBlank {
  readonly job: string
  readonly lot: string
  /** Of the blank; absent where blanks have none. */
  readonly serial?: SerialRange
  readonly lies: Account
}

const RESOLVED = { printed: 'printed', spoiled: 'spoiled', untouched: 'available' } as const

const REMOVED = { 'used-up': 'used', spoiled: 'spoiled', 'put-back': 'available' } as const

/** @param blank of the job that a card entry names; undefined where none was booked for it, or for other entries */
export function movesOf<K extends EntryKind>(kind: K, body: BodyOf<K>, blank?: JobBlank): Move[] {
  const make = MOVES[kind] as ((body: BodyOf<K>, blank: JobBlank | undefined) => Move[]) | undefined
  return make?.(body, blank) ?? []
}

const MOVES: { readonly [K in EntryKind]?: (body: BodyOf<K>, blank: JobBlank | undefined) => Move[] } = {
  'stock-received': ({ lines, shipment }) => each(lines, 'received', 'available', shipment),
  'stock-dispatched': ({ lines, shipment }) => each(lines, 'available', 'sent', shipment),
  'stock-returned': ({ lines, shipment }) => each(lines, 'available', 'returned', shipment),
  'stock-spoiled': ({ lines }) => each(lines, 'available', 'spoiled'),
  'stock-corrected': ({ lines }) =>
    lines.flatMap(({ found, ...line }) =>
      found ? each([line], 'found', 'available') : each([line], 'available', 'missing'),
    ),
  'consumable-installed': ({ lot }) => [{ lot, from: 'available', to: 'installed', quantity: 1 }],
  'consumable-removed': ({ lot, outcome }) => [{ lot, from: 'installed', to: REMOVED[outcome], quantity: 1 }],
  'card-reserved': ({ lot, serial, job }, blank) => {
    // Once a job: an entry that says it again moves nothing.
    if (blank !== undefined) return []
    return [{ lot, from: 'available', to: 'reserved', quantity: 1, ...oneSerial(serial), job }]
  },
  'stock-card': ({ lot, serial, job, account }, blank) => {
    const from = blank?.lies ?? 'available'
    return from === account ? [] : [{ lot, from, to: account, quantity: 1, ...oneSerial(serial), job }]
  },
  'card-printed': (_, blank) => ofCard(blank, ['reserved'], 'printed'),
  'card-released': (_, blank) => ofCard(blank, ['reserved'], 'available'),
  'card-resolved': ({ found }, blank) => ofCard(blank, ['reserved', 'printed', 'available'], RESOLVED[found]),
  'card-spoiled': (_, blank) => ofCard(blank, ['printed', 'sent'], 'spoiled'),
  'card-passed-on': ({ shipment }, blank) => ofCard(blank, ['printed'], 'sent').map(move => ({ ...move, shipment })),
  'card-arrived': ({ lot, serial, job, shipment }, blank) => {
    const first: Move = { lot, from: 'received', to: 'printed', quantity: 1, ...oneSerial(serial), job }
    const moves = blank === undefined ? [first] : ofCard(blank, ['sent', 'spoiled'], 'printed')
    return moves.map(move => ({ ...move, shipment }))
  },
}

/** Kinds of entries that move something. */
export const MOVING: readonly string[] = Object.keys(MOVES)

function each(lines: readonly (StockLine | NewStockLine)[], from: Account, to: Account, shipment?: string): Move[] {
  return lines.map(({ lot, quantity, serials }) => {
    const ranges = serials?.map(canonical)
    // The serials say how many they are, whatever the line says.
    const pieces = ranges === undefined ? { quantity } : { quantity: totalOf(ranges), serials: ranges }
    return { lot, from, to, ...pieces, ...(shipment !== undefined && { shipment }) }
  })
}

function oneSerial(serial: BodyOf<'card-reserved'>['serial']): { serials?: SerialRange[] } {
  if (serial === undefined) return {}
  const { prefix, digits, number } = serial
  return { serials: [canonical({ prefix, digits, first: number, last: number })] }
}

function ofCard(blank: JobBlank | undefined, from: readonly Account[], to: Account): Move[] {
  if (blank === undefined || blank.lies === to || !from.includes(blank.lies)) return []
  const { lot, serial, lies, job } = blank
  return [{ lot, from: lies, to, quantity: 1, ...(serial && { serials: [serial] }), job }]
}
