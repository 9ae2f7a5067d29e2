import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { nonEmptyText } from '../enrol/texts.js'
import { stationId } from '../identity.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { partsOf, type Station } from '../station.js'
import { trustedStation } from '../sync/trust.js'
import { type NewLineInput, nameOf, newLinesOf } from './input.js'
import { assertSameLots } from './lots.js'

export interface AnnouncementInput {
  /** A station below. */
  readonly to: string
  /** Number of the shipment's note. */
  readonly shipment: string
  /** Who sends it, in at most 64 characters; this station unless given. */
  readonly from?: string
  readonly lines: readonly NewLineInput[]
}

const MOST_FROM = 64

/**
 * Tells a station below what is on its way to it, with the rules that bind its lots there. Nothing moves in the books of this station: what
 * leaves its own stock is sent by `dispatchStock`, which announces it too.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError PEER_UNKNOWN when it is no station below, STOCK_SENT for a shipment that was announced before, STOCK_FORMAT, STOCK_OVERLAP
 */
export function announceShipment(station: Station, announcement: AnnouncementInput): void {
  const { file, identity } = partsOf(station)
  const asked = readOptions('announceShipment', announcement, ['to', 'shipment', 'from', 'lines'])
  const body: BodyOf<'shipment'> = {
    shipment: nameOf('shipment', asked.shipment),
    from: asked.from === undefined ? identity.id : nonEmptyText('from', asked.from, MOST_FROM),
    to: stationId('to', asked.to),
    lines: newLinesOf('announceShipment', asked.lines),
  }
  file.transaction(() => {
    if (trustedStation(file, body.to)?.relation !== 'downstream') {
      throw new SidikError('PEER_UNKNOWN', `'to' is no station below ${identity.id}`)
    }
    const sql = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way IN ('announced', 'sent')`
    if (file.get(sql, body.shipment, identity.id) !== undefined) {
      throw new SidikError('STOCK_SENT', `shipment ${body.shipment} was announced before`)
    }
    assertSameLots(file, body.lines)
    append(station, { kind: 'shipment', direction: 'down', to: body.to, body })
  })
}
