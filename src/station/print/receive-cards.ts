/** Printed cards that came from another station, or came back. */
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { personName } from '../enrol/texts.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { linesOf } from '../project/shipments.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { checkMoves } from '../stock/check.js'
import type { NotedLine } from '../stock/differences.js'
import { discrepanciesOf } from '../stock/discrepancies.js'
import { nameOf, wordsOf } from '../stock/input.js'
import { blankOf } from '../stock/lying.js'
import { movesOf } from '../stock/moves.js'
import type { Discrepancy } from '../stock/types.js'
import { cardsNamed, linesOfCards, listOfCards, type NotedCard, serialIn } from './card-lines.js'
import { write } from './reserve.js'
import { JOB_COLUMNS, type JobRow, jobOf, jobRow } from './rows.js'
import type { PrintJob } from './types.js'

export interface CardReceipt {
  /** Number of the shipment's note. */
  readonly shipment: string
  /**
   * Cards that lie there, not what the note says: the serial on each card, or the id of its job where
   * blanks have no serials. 500 at most; none where nothing came.
   */
  readonly cards: readonly string[]
  readonly operator: string
  readonly note?: string
}

export interface ReceivedCards {
  /** Cards that lie here now, and can be handed over or sent back. */
  readonly cards: readonly PrintJob[]
  /** Cards that came and were not sent here, as they were named: whoever sent them is to be told. */
  readonly unknown: readonly string[]
  readonly discrepancies: readonly Discrepancy[]
}

/** Lot of a card of which nothing is known here but its serial. */
const UNKNOWN_LOT = '-'

/**
 * Takes cards in that were sent here, as they came. What differs from the note is put on record and
 * returned; nothing is refused for that: a card that is missing stays on its way, and is received
 * under the same number when it comes; one too many is on record alone. Cards that this station
 * sent, and that came back as nobody took them, are received under the number that they left with.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_UNKNOWN where no note of cards with this number is known: synchronise
 *   first, or read the stick; STOCK_RECEIVED where blanks were received under it; STOCK_FORMAT for
 *   what is neither a serial nor a card's id; STOCK_OVERLAP for a serial that is in the books here
 */
export function receiveCards(station: Station, receipt: CardReceipt): ReceivedCards {
  const parts = partsOf(station)
  const asked = readOptions('receiveCards', receipt, ['shipment', 'cards', 'operator', 'note'])
  const shipment = nameOf('shipment', asked.shipment)
  const given = listOfCards(asked.cards, 0)
  const operator = personName('operator', asked.operator)
  const note = asked.note === undefined ? {} : { note: wordsOf('note', asked.note) }
  return parts.file.transaction(() => {
    const sent = noteOf(parts, shipment)
    const expected = cardsNamed(cardsFor(parts))
    const found = given.map(text => ({ text, row: expected(text) }))
    assertOnce(found)
    const known = found.flatMap(({ row }) => row ?? [])
    const entries = known.map(row => arrive(station, row, operator))
    const unknown = found.filter(({ row }) => row === undefined).map(({ text }) => text)
    const lines = linesOfCards([...known, ...unknown.map(text => strangerOf(text, sent))])
    const { header } = append(station, {
      kind: 'cards-received',
      direction: 'up',
      body: { shipment, lines, operator, ...note },
    })
    return {
      cards: known.map(({ id }) => jobOf(jobRow(parts, id), station.id)),
      unknown,
      discrepancies: [...entries, header].flatMap(each => discrepanciesOf(parts.file, each)),
    }
  })
}

/**
 * The note of what was sent under a number: to this station, or by it.
 *
 * @throws SidikError STOCK_UNKNOWN, STOCK_RECEIVED
 */
function noteOf({ file, identity }: StationParts, shipment: string): NotedLine[] {
  const rows = file.all<{ id: string; way: string; lines: string }>(
    `SELECT id, way, lines FROM shipment WHERE id = ? AND (other = ? OR station = ?) ORDER BY way DESC`,
    shipment,
    identity.id,
    identity.id,
  )
  const isOfCards = (row: (typeof rows)[number]) => linesOf(file, row).every(({ cards }) => cards === true)
  if (rows.some(row => row.way === 'received' && !isOfCards(row))) {
    throw new SidikError('STOCK_RECEIVED', `shipment ${shipment} was received as blanks: have the cards sent anew`)
  }
  const note = rows.find(row => row.way !== 'received' && isOfCards(row))
  if (note !== undefined) return linesOf(file, note)
  const what = `no cards were sent to station ${identity.id} under this number, as far as it has heard`
  throw new SidikError('STOCK_UNKNOWN', `${what}: synchronise, or read the stick that came with them`)
}

/** Cards that may come here: sent here, or sent from here and not handed over; those that were thought lost first. */
function cardsFor({ file, identity }: StationParts): JobRow[] {
  // A card that was spoiled where it lay, and not lost on its way, is gone.
  return file.all<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM print_job WHERE leg IS NOT NULL AND state IN ('printed', 'spoiled')
       AND NOT (state = 'spoiled' AND leg = 'there') AND (station = ? OR sent_to = ? AND leg <> 'there')
     ORDER BY state DESC, id`,
    identity.id,
    identity.id,
  )
}

/** A card that is not expected, of the note's lot if it has one alone. @throws SidikError STOCK_FORMAT */
function strangerOf(text: string, sent: readonly NotedLine[]): NotedCard {
  const serial = serialIn(text)
  if (serial === undefined) {
    throw new SidikError('STOCK_FORMAT', 'cards: one is neither a serial nor the id of a card that is on its way here')
  }
  const lots = new Set(sent.filter(({ serials }) => serials !== undefined).map(({ lot }) => lot))
  return { lot: lots.size === 1 ? [...lots][0] : UNKNOWN_LOT, ...serial }
}

function assertOnce(found: readonly { readonly row: JobRow | undefined }[]): void {
  const rows = found.flatMap(({ row }) => row ?? [])
  if (new Set(rows).size < rows.length) throw new RangeError('cards names one twice: by its serial and its id')
}

function arrive(station: Station, row: JobRow, operator: string) {
  const parts = partsOf(station)
  const { lot, prefix, digits, number } = row
  const body: BodyOf<'card-arrived'> = {
    job: row.id,
    shipment: row.shipment!,
    lot,
    ...(number !== null && { serial: { prefix: prefix!, digits: digits!, number } }),
    operator,
  }
  const moves = movesOf('card-arrived', body, blankOf(parts.file, station.id, row.id))
  checkMoves(parts, moves, [{ lot, quantity: 1, item: 'blank' }])
  return write(station, row, 'card-arrived', body)
}
