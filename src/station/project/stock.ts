/** What entries about blanks, consumables and cards change in the books. */
import { keptJson, keptNames } from '../guard/kept-json.js'
import type { EntryHeader, SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { countDifferences } from '../stock/counted.js'
import { inShort } from '../stock/differences.js'
import { lotAt } from '../stock/lots.js'
import { blankOf } from '../stock/lying.js'
import { movesOf } from '../stock/moves.js'
import type { Account, Move } from '../stock/types.js'
import type { StationFile } from '../store/database.js'
import { book } from './books.js'
import { countCard, dropOpened, installed, isInstalled, putIn, takeOut } from './consumables.js'
import { noteDiscrepancy } from './discrepancies.js'
import { countPurpose } from './lot-cards.js'
import { projectLot } from './lots.js'
import { contradictsItself } from './own-cards.js'
import type { Projected } from './projected.js'
import { projectNote, senderTag } from './shipments.js'

/**
 * To one station below, which keeps it as the note of what is to come. One that is passed on is the
 * note of the station that sent: it takes no number from the one that announces.
 */
export function projectShipment(to: Projected, { header }: SignedEntry, body: BodyOf<'shipment'>): void {
  const { lines, hearsay = [] } = body
  if (!isOwnPassedOn(to, header, body)) {
    for (const line of lines) if (!hearsay.includes(line.lot)) projectLot(to, header, line)
  }
  const station = body.passedOn === true ? body.from : header.station
  const { shipment: id, to: other, cards: isOfCards = false } = body
  projectNote(to, header, { id, station, way: 'announced', other, lines, isOfCards })
}

/** The entries of the cards say what they move. */
export function projectCardsSent(to: Projected, { header }: SignedEntry, body: BodyOf<'cards-sent'>): void {
  const { shipment: id, to: other, lines } = body
  projectNote(to, header, { id, way: 'sent', other, lines, isOfCards: true })
}

/** A second receipt of a note has cards that came later. */
export function projectCardsReceived(to: Projected, { header }: SignedEntry, body: BodyOf<'cards-received'>): void {
  const { shipment: id, lines } = body
  projectNote(to, header, { id, way: 'received', other: null, lines, isOfCards: true })
}

/**
 * Whether this station only told what another had sent. It says nothing new of lots here; versions
 * before told what the other station had said of them, which may have been revoked since.
 */
function isOwnPassedOn({ file, self }: Projected, { station }: EntryHeader, { from }: BodyOf<'shipment'>): boolean {
  if (station !== self || from === self) return false
  const known = `SELECT 1 FROM peer WHERE id = ? UNION ALL SELECT 1 FROM vouched WHERE station = ?
    UNION ALL SELECT 1 FROM revoked WHERE station = ?`
  return file.get(known, from, from, from) !== undefined
}

export function projectReceived(to: Projected, { header }: SignedEntry, body: BodyOf<'stock-received'>): void {
  const { file } = to
  const twice = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way = 'received'`
  if (file.get(twice, body.shipment, header.station) !== undefined) {
    noteDiscrepancy(file, header, 'shipment-differs', { shipment: body.shipment, receipts: 2 })
    return
  }
  for (const line of body.lines) projectLot(to, header, line)
  book(file, header, movesOf('stock-received', body))
  const { shipment: id, from, lines } = body
  projectNote(to, header, { id, way: 'received', other: senderTag(to.keys, from), lines })
}

export function projectDispatched(to: Projected, { header }: SignedEntry, body: BodyOf<'stock-dispatched'>): void {
  takeFrom(to.file, header, movesOf('stock-dispatched', body))
  projectNote(to, header, { id: body.shipment, way: 'sent', other: body.to, lines: body.lines })
}

export function projectTaken(
  { file }: Projected,
  { header }: SignedEntry,
  body: BodyOf<'stock-returned'> | BodyOf<'stock-spoiled'>,
): void {
  const kind = header.kind as 'stock-returned' | 'stock-spoiled'
  takeFrom(file, header, movesOf(kind, body as BodyOf<typeof kind>))
}

export function projectCorrected({ file }: Projected, { header }: SignedEntry, body: BodyOf<'stock-corrected'>): void {
  takeFrom(file, header, movesOf('stock-corrected', body))
}

function takeFrom(file: StationFile, header: EntryHeader, moves: readonly Move[]): void {
  book(file, header, moves)
  dropOpened(
    file,
    header.station,
    moves.map(({ lot }) => lot),
  )
}

/** Most ranges of serials of the books that a count is compared with; an office has some hundreds. */
const MOST_COUNTED = 20_000

/**
 * A count changes nothing: what it shows is put right by a correction. A lot with more ranges than
 * are compared is put on record in any case, with the numbers alone.
 */
export function projectCounted({ file }: Projected, { header }: SignedEntry, body: BodyOf<'stock-counted'>): void {
  const { found, byNumber } = countDifferences(file, header.station, body.lines, MOST_COUNTED)
  for (const { lot, quantity } of byNumber) {
    if (found.some(difference => difference.lot === lot)) continue
    noteDiscrepancy(file, header, 'count-differs', {
      lot,
      booked: quantity,
      counted: quantity,
      serials: 'not compared',
    })
  }
  for (const { lot, before, after, missing, more } of found) {
    noteDiscrepancy(file, header, 'count-differs', {
      lot,
      booked: before,
      counted: after,
      ...(missing.length > 0 && { missing: inShort(missing) }),
      ...(more.length > 0 && { more: inShort(more) }),
    })
  }
}

export function projectConsumableInstalled(
  { file }: Projected,
  { header }: SignedEntry,
  body: BodyOf<'consumable-installed'>,
): void {
  const { station } = header
  const lot = lotAt(file, station, body.lot)
  if (lot === undefined || isInstalled(file, station, body.printer, lot.item)) {
    noteDiscrepancy(file, header, 'not-in-stock', { lot: body.lot, account: 'available', quantity: 1 })
    return
  }
  const booked = book(file, header, movesOf('consumable-installed', body))
  if (booked > 0) putIn(file, header, body)
}

export function projectConsumableRemoved(
  { file }: Projected,
  { header }: SignedEntry,
  body: BodyOf<'consumable-removed'>,
): void {
  if (installed(file, header.station, body.printer, body.lot) === undefined) {
    noteDiscrepancy(file, header, 'not-in-stock', { lot: body.lot, account: 'installed', quantity: 1 })
    return
  }
  book(file, header, movesOf('consumable-removed', body))
  takeOut(file, header, body)
}

type CardKind =
  | 'card-reserved'
  | 'card-printed'
  | 'card-released'
  | 'card-resolved'
  | 'card-spoiled'
  | 'card-passed-on'
  | 'card-arrived'

/**
 * What a card moves. Of a card that a station above printed for a record of this one, the entry comes down; the blank is in the books of
 * the station above, which are not here. What that one tells those above it: {@link projectStockCard}.
 * A word that the card does not take moves nothing either: its blank would be free for another one.
 */
export function projectCard(to: Projected, { header }: SignedEntry, body: BodyOf<CardKind>): void {
  const { file, self } = to
  const { station, direction } = header
  if (station !== self && direction !== 'up') return
  const kind = header.kind as CardKind
  const moves = movesOf(kind, body as BodyOf<typeof kind>, blankOf(file, station, body.job))
  if (moves.length > 0 && contradictsItself(to, header, body.job)) {
    noteDiscrepancy(file, header, 'card-elsewhere', { job: body.job, said: kind })
    return
  }
  if (kind === 'card-arrived') {
    projectLot(to, header, { lot: (body as BodyOf<'card-arrived'>).lot, quantity: 1, item: 'blank' })
  }
  const booked = book(file, header, moves)
  if (booked === 0) return
  const [{ lot, from, to: account }] = moves
  const { request } = body as Partial<BodyOf<'card-reserved'>>
  countPurpose(file, { station, lot, job: body.job, request, from, to: account })
  if (BEGINS.includes(from) && ENDS.includes(account)) countUse(to, station, body.job)
}

/** What a station below printed for a record of one below it. Its own books have it from the entries of the card. */
export function projectStockCard({ file, self }: Projected, { header }: SignedEntry, body: BodyOf<'stock-card'>): void {
  const { station } = header
  if (station === self) return
  const blank = blankOf(file, station, body.job)
  if (book(file, header, movesOf('stock-card', body, blank)) === 0) return
  if (ENDS.includes(body.account) && BEGINS.includes(blank?.lies ?? 'available')) {
    countCard(file, station, body.printer, body.consumables)
  }
}

/** A blank goes through the printer, from where it lay before to what it is then. */
const BEGINS: readonly Account[] = ['available', 'reserved']
const ENDS: readonly Account[] = ['printed', 'spoiled']

function countUse({ file }: Projected, station: string, job: string): void {
  const sql = 'SELECT printer, consumables FROM print_job WHERE id = ? AND station = ?'
  const row = file.get<{ printer: string; consumables: string }>(sql, job, station)
  if (row === undefined) return
  const consumables = keptJson(file, keptNames, row.consumables, `what is kept of job ${job}`)
  countCard(file, station, row.printer, consumables)
}
