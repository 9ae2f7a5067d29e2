/** Stock that leaves: to another office, back to who supplied it, or for good. */
import { SidikError } from '../../errors.js'
import { readOptions } from '../../options.js'
import { personName } from '../enrol/texts.js'
import { stationId } from '../identity.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { partsOf, type Station } from '../station.js'
import { checkMoves } from './check.js'
import { type LineInput, linesOf, nameOf, wordsOf } from './input.js'
import { movesOf } from './moves.js'
import { passOnDispatch } from './pass-on.js'

export interface DispatchInput {
  /** Number of the note that goes with it. */
  readonly shipment: string
  /** Id of the station that it goes to. */
  readonly to: string
  readonly lines: readonly LineInput[]
  readonly operator: string
}

export interface ReturnInput {
  readonly shipment: string
  /** Who it goes back to, in words. */
  readonly to: string
  readonly lines: readonly LineInput[]
  readonly reason: string
  readonly operator: string
}

export interface SpoiltInput {
  readonly lines: readonly LineInput[]
  readonly reason: string
  readonly operator: string
}

/**
 * Sends stock to another office. The station above both tells that one what is on its way.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_UNKNOWN, STOCK_SHORT, STOCK_FORMAT, STOCK_OVERLAP (a serial twice in the list), STOCK_SENT for a shipment that
 *   was sent before
 */
export function dispatchStock(station: Station, dispatch: DispatchInput): void {
  const parts = partsOf(station)
  const { file, identity } = parts
  const asked = readOptions('dispatchStock', dispatch, ['shipment', 'to', 'lines', 'operator'])
  const body: BodyOf<'stock-dispatched'> = {
    shipment: nameOf('shipment', asked.shipment),
    to: stationId('to', asked.to),
    lines: linesOf('dispatchStock', asked.lines),
    operator: personName('operator', asked.operator),
  }
  if (body.to === identity.id) throw new RangeError('to is this station itself')
  file.transaction(() => {
    const sql = `SELECT 1 FROM shipment WHERE id = ? AND station = ? AND way IN ('announced', 'sent')`
    if (file.get(sql, body.shipment, identity.id) !== undefined) {
      throw new SidikError('STOCK_SENT', `shipment ${body.shipment} was sent before`)
    }
    checkMoves(parts, movesOf('stock-dispatched', body))
    append(station, { kind: 'stock-dispatched', direction: 'up', body })
    passOnDispatch(station, identity.id, body)
  })
}

/**
 * Sends stock back to who supplied it.
 *
 * @throws TypeError, RangeError naming the argument; SidikError STOCK_UNKNOWN, STOCK_SHORT, STOCK_FORMAT, STOCK_OVERLAP
 */
export function returnStock(station: Station, input: ReturnInput): void {
  const asked = readOptions('returnStock', input, ['shipment', 'to', 'lines', 'reason', 'operator'])
  takeAway(station, 'stock-returned', {
    shipment: nameOf('shipment', asked.shipment),
    to: wordsOf('to', asked.to),
    lines: linesOf('returnStock', asked.lines),
    reason: wordsOf('reason', asked.reason),
    operator: personName('operator', asked.operator),
  })
}

/**
 * Writes off what is of no use any more: wet, bent, misprinted by the factory. A card that was spoiled in the printer is said by
 * `spoilCard`. Throws as {@link returnStock}.
 */
export function spoilStock(station: Station, input: SpoiltInput): void {
  const asked = readOptions('spoilStock', input, ['lines', 'reason', 'operator'])
  takeAway(station, 'stock-spoiled', {
    lines: linesOf('spoilStock', asked.lines),
    reason: wordsOf('reason', asked.reason),
    operator: personName('operator', asked.operator),
  })
}

function takeAway<K extends 'stock-returned' | 'stock-spoiled'>(station: Station, kind: K, body: BodyOf<K>): void {
  const parts = partsOf(station)
  parts.file.transaction(() => {
    checkMoves(parts, movesOf(kind, body))
    append(station, { kind, direction: 'up', body })
  })
}
