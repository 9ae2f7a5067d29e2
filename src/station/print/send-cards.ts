/** Printed cards leave for the station of their records, or go back to the one that printed them. */
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { personName } from '../enrol/texts.js'
import { stationId } from '../identity.js'
import { append } from '../journal/append.js'
import { revokedStations } from '../revoke.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { checkMoves } from '../stock/check.js'
import { nameOf } from '../stock/input.js'
import { blankOf } from '../stock/lying.js'
import { movesOf } from '../stock/moves.js'
import { passOnDispatch } from '../stock/pass-on.js'
import { trustedStation } from '../sync/trust.js'
import { cardsNamed, linesOfCards, listOfCards } from './card-lines.js'
import { recordNow, write } from './reserve.js'
import { cardInHand, JOB_COLUMNS, type JobRow, jobOf, jobRow, whereIs } from './rows.js'
import type { PrintJob } from './types.js'

export interface CardShipment {
  /** Number of the note that goes with them. */
  readonly shipment: string
  /**
   * The station of the records, where this one prints for it; or the one that printed the cards,
   * where they go back.
   */
  readonly to: string
  /** The serials on the cards, or the ids of their jobs: 1 to 500. */
  readonly cards: readonly string[]
  readonly operator: string
}

/**
 * Sends printed cards to the station that hands them over. From here on they are on their way: no
 * station hands them over until the other one has received them (`receiveCards`), and none prints
 * them again unless this one says that they are lost (`spoilCard`). Sends back likewise what was
 * received. All of them, or none.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError PRINT_UNKNOWN; PRINT_STATE for a card that is not printed, does not lie here,
 *   is for another station, or whose record was withdrawn; PEER_UNKNOWN where `to` is not known, or
 *   was revoked; STOCK_SENT for a shipment that was sent before
 */
export function sendCards(station: Station, shipment: CardShipment): PrintJob[] {
  const parts = partsOf(station)
  const { file, identity } = parts
  const asked = readOptions('sendCards', shipment, ['shipment', 'to', 'cards', 'operator'])
  const number = nameOf('shipment', asked.shipment)
  const to = stationId('to', asked.to)
  const cards = listOfCards(asked.cards, 1)
  const operator = personName('operator', asked.operator)
  if (to === identity.id) throw new RangeError('to is this station itself')
  return file.transaction(() => {
    if (trustedStation(file, to) === undefined || revokedStations(station).some(({ station: id }) => id === to)) {
      throw new SidikError('PEER_UNKNOWN', `station ${to} is not known here, or was revoked`)
    }
    const sql = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way IN ('announced', 'sent')`
    if (file.get(sql, number, identity.id) !== undefined) {
      throw new SidikError('STOCK_SENT', `shipment ${number} was sent before`)
    }
    const here = cardsNamed(cardsHere(parts))
    const rows = cards.map(card => here(card) ?? cardInHand(parts, card))
    if (new Set(rows.map(({ id }) => id)).size < rows.length) {
      throw new RangeError('cards names one twice: by its serial and its id')
    }
    for (const row of rows) assertGoes(parts, row, to)
    for (const row of rows) {
      const brought = row.station === identity.id ? {} : { brought: row.shipment! }
      const body = { job: row.id, shipment: number, to, ...brought, operator }
      checkMoves(parts, movesOf('card-passed-on', body, blankOf(file, identity.id, row.id)))
      write(station, row, 'card-passed-on', body)
    }
    // The note comes last: who has it knows of all that the cards' own entries say.
    const note = { shipment: number, to, lines: linesOfCards(rows), operator }
    append(station, { kind: 'cards-sent', direction: 'up', body: note })
    passOnDispatch(station, identity.id, note, { isOfCards: true })
    return rows.map(({ id }) => jobOf(jobRow(parts, id), identity.id))
  })
}

/** Printed cards that lie at this station. */
function cardsHere({ file, identity }: StationParts): JobRow[] {
  return file.all<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM print_job WHERE station = ? AND state = 'printed' AND leg IS NULL
     UNION ALL SELECT ${JOB_COLUMNS} FROM print_job WHERE sent_to = ? AND state = 'printed' AND leg = 'there'`,
    identity.id,
    identity.id,
  )
}

function assertGoes(parts: StationParts, row: JobRow, to: string): void {
  const { station: of, client_state } = recordNow(parts, row)
  const isOwn = row.station === parts.identity.id
  if (row.state !== 'printed') throw new SidikError('PRINT_STATE', `card ${row.id} cannot be sent: it is ${row.state}`)
  if (row.leg !== null && row.leg !== 'there') {
    throw new SidikError('PRINT_STATE', `card ${row.id} is on its way: ${whereIs(row)}; receive it here first`)
  }
  const receiver = isOwn ? of : row.station
  if (to !== receiver) {
    const whose = isOwn ? `is for a record of station ${of}` : `was printed at station ${row.station}`
    throw new SidikError('PRINT_STATE', `card ${row.id} ${whose}: send it there`)
  }
  if (isOwn && client_state === 'withdrawn') {
    throw new SidikError(
      'PRINT_STATE',
      `the record of card ${row.id} was withdrawn after it was printed: spoil the card`,
    )
  }
}
