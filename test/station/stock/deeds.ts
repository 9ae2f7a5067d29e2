/** Things that people do with stock, right and wrong, for properties that must hold whatever they do. */
import fc from 'fast-check'
import {
  correctStock,
  countStock,
  dispatchStock,
  installConsumable,
  receiveStock,
  removeConsumable,
  returnStock,
  type SerialRange,
  type Station,
  spoilStock,
} from 'sidik/station'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { checkMoves } from '../../../dist/station/stock/check.js'
import { blankOf } from '../../../dist/station/stock/lying.js'
import { movesOf } from '../../../dist/station/stock/moves.js'

export type Deed = (station: Station, others: readonly string[]) => void

const BY = { operator: 'operator-7' }
const TWO = { operators: ['operator-7', 'operator-8'] as [string, string], reason: 'as counted' }

/** Few numbers, so that lists overlap and numbers of notes come again. */
const serials = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([first, more]): SerialRange[] => [{ prefix: 'AB', digits: 4, first, last: first + more }])

const counted = fc.record({ lot: fc.constant('counted'), quantity: fc.integer({ min: 1, max: 9 }) })
const bySerial = fc.record({ lot: fc.constantFrom('lot-1', 'lot-2'), serials })
const ribbons = fc.record({ lot: fc.constant('ribbons'), quantity: fc.integer({ min: 1, max: 3 }) })
const line = fc.oneof({ weight: 3, arbitrary: bySerial }, counted, ribbons)
const lines = fc.array(line, { minLength: 1, maxLength: 3 })
const note = fc.integer({ min: 1, max: 12 }).map(number => `note-${number}`)
const printer = fc.constantFrom('printer-1', 'printer-2')
const job = fc.integer({ min: 1, max: 6 }).map(number => `job-${number}`)

const described = (given: { lot: string; serials?: SerialRange[]; quantity?: number }) =>
  given.lot === 'ribbons' ? { ...given, item: 'ribbon', yieldCards: 500 } : { ...given, item: 'blank' }

/** A step of a card, as printing takes it: checked, then written. */
export function cardStep(station: Station, kind: string, body: { job: string } & Record<string, unknown>): void {
  const parts = partsOf(station)
  parts.file.transaction(() => {
    const moves = movesOf(kind as 'card-sent', body, blankOf(parts.file, parts.identity.id, body.job))
    checkMoves(parts, moves)
    append(station, { kind, direction: 'up', record: 'record-1', body } as never)
  })
}

const reserved = fc.tuple(job, line).map(
  ([id, { lot, ...pieces }]): Deed =>
    station => {
      const [range] = 'serials' in pieces ? (pieces.serials as SerialRange[]) : []
      const serial = range && { prefix: range.prefix, digits: range.digits, number: range.first }
      const body = { request: `request-${id}`, job: id, lot, serial, printer: 'printer-1', consumables: [] }
      cardStep(station, 'card-reserved', body)
    },
)

const cardEnded = fc
  .tuple(job, fc.constantFrom('card-printed', 'card-released', 'card-spoiled', 'printed', 'spoiled', 'untouched'))
  .map(
    ([id, what]): Deed =>
      station => {
        if (!what.startsWith('card-')) cardStep(station, 'card-resolved', { job: id, found: what, ...BY })
        else cardStep(station, what, { job: id, ...BY, code: 'jam', reason: 'as it was' })
      },
  )

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(note, lines).map(
      ([shipment, given]): Deed =>
        station => {
          receiveStock(station, { shipment, from: 'the ministry', lines: given.map(described), ...BY })
        },
    ),
  },
  fc.tuple(note, lines, fc.nat()).map(
    ([shipment, given, other]): Deed =>
      (station, others) => {
        dispatchStock(station, { shipment, to: others[other % others.length], lines: given, ...BY })
      },
  ),
  fc.tuple(note, lines).map(
    ([shipment, given]): Deed =>
      station => {
        returnStock(station, { shipment, to: 'the ministry', lines: given, reason: 'wrong ones', ...BY })
      },
  ),
  lines.map(
    (given): Deed =>
      station =>
        spoilStock(station, { lines: given, reason: 'wet', ...BY }),
  ),
  lines.map(
    (given): Deed =>
      station => {
        countStock(station, { lines: given, operators: TWO.operators })
      },
  ),
  fc.tuple(lines, fc.boolean()).map(
    ([given, found]): Deed =>
      station => {
        correctStock(station, { lines: given.map(each => ({ ...each, found })), ...TWO })
      },
  ),
  printer.map(
    (name): Deed =>
      station =>
        installConsumable(station, { printer: name, lot: 'ribbons', ...BY }),
  ),
  fc.tuple(printer, fc.constantFrom('used-up', 'spoiled', 'put-back')).map(
    ([name, outcome]): Deed =>
      station => {
        removeConsumable(station, { printer: name, lot: 'ribbons', outcome, reason: 'as it was', ...BY } as never)
      },
  ),
  { weight: 2, arbitrary: reserved },
  { weight: 2, arbitrary: cardEnded },
)
