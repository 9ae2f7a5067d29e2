import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { personName } from '../enrol/texts.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { noteOf } from '../project/shipments.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { checkMoves } from './check.js'
import { discrepanciesOf } from './discrepancies.js'
import { type NewLineInput, nameOf, newLinesOf, wordsOf } from './input.js'
import { assertSameLots } from './lots.js'
import { movesOf } from './moves.js'
import type { Discrepancy } from './types.js'

export interface ReceiptInput {
  /** Number of the shipment's note. */
  readonly shipment: string
  /**
   * Who sent it: the id of the station, where it was one, as its note says; else in words. With an id it is
   * compared with the note of that station, and not with another's of the same number.
   */
  readonly from: string
  /** What lies there, not what the note says. */
  readonly lines: readonly NewLineInput[]
  readonly operator: string
  readonly note?: string
}

/**
 * Takes a shipment into stock, as it came. Where its note is known (it was announced, or a station below sent it), what differs is put on
 * record and returned; nothing is refused for that.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_RECEIVED for a shipment that was received before, PRINT_STATE for one of
 *   printed cards, STOCK_OVERLAP for serials that are in stock already or twice in the list,
 *   STOCK_FORMAT for serials that are none, and for a lot that is known as something else
 */
export function receiveStock(station: Station, receipt: ReceiptInput): { discrepancies: Discrepancy[] } {
  const parts = partsOf(station)
  const asked = readOptions('receiveStock', receipt, ['shipment', 'from', 'lines', 'operator', 'note'])
  const body: BodyOf<'stock-received'> = {
    shipment: nameOf('shipment', asked.shipment),
    from: wordsOf('from', asked.from),
    lines: newLinesOf('receiveStock', asked.lines),
    operator: personName('operator', asked.operator),
    ...(asked.note !== undefined && { note: wordsOf('note', asked.note) }),
  }
  return parts.file.transaction(() => {
    const { file, identity } = parts
    if (
      file.get(`SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way = 'received'`, body.shipment, identity.id)
    ) {
      throw new SidikError('STOCK_RECEIVED', `shipment ${body.shipment} was received before`)
    }
    assertOfBlanks(parts, body)
    assertSameLots(file, body.lines)
    checkMoves(parts, movesOf('stock-received', body), body.lines)
    const { header } = append(station, { kind: 'stock-received', direction: 'up', body })
    return { discrepancies: discrepanciesOf(file, header) }
  })
}

/**
 * Printed cards are not blanks: `receiveCards` takes them. Another station that sends cards under the
 * number keeps nobody from the blanks of the one that the receipt names.
 */
function assertOfBlanks({ file, keys, identity }: StationParts, { shipment, from }: BodyOf<'stock-received'>): void {
  const note = noteOf({ file, keys, self: identity.id }, shipment, from)
  if (note?.every(({ cards }) => cards === true) !== true) return
  throw new SidikError('PRINT_STATE', `shipment ${shipment} is of printed cards: receive them as cards`)
}
