/** Ribbons and films: into a printer and out of it, and what is left of them. */
import { SidikError } from '../../errors.js'
import { oneOf, readOptions } from '../../options.js'
import { personName } from '../enrol/texts.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { checkMoves, lotUnknown } from './check.js'
import { nameOf, wordsOf } from './input.js'
import { lotOf } from './lots.js'
import { hasSerials } from './lying.js'
import { movesOf } from './moves.js'

export interface InstallInput {
  readonly printer: string
  readonly lot: string
  readonly operator: string
}

export interface RemoveInput extends InstallInput {
  /** `put-back`: it is available again, for the cards that are left of it. */
  readonly outcome: 'used-up' | 'spoiled' | 'put-back'
  /** Needed where it was spoiled. */
  readonly reason?: string
}

/** What is in a printer. */
export interface InstalledConsumable {
  readonly printer: string
  readonly lot: string
  readonly item: string
  /** Printed with it so far. */
  readonly cards: number
  /** Absent where the lot's description does not say. */
  readonly yieldCards?: number
  /** Cards that are left of it by its yield; 0 where it has printed more. */
  readonly left?: number
  readonly installedAt: string
}

/**
 * Puts one piece of a lot into a printer: one that was begun and put back first.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_UNKNOWN for a lot that is not known, STOCK_SHORT when none is available, STOCK_FORMAT for a lot with serials,
 *   STOCK_INSTALLED when the printer has one of that item
 */
export function installConsumable(station: Station, input: InstallInput): void {
  const parts = partsOf(station)
  const asked = readOptions('installConsumable', input, ['printer', 'lot', 'operator'])
  const body = { ...placeOf(asked), operator: personName('operator', asked.operator) }
  parts.file.transaction(() => {
    const lot = lotOf(parts.file, body.lot)
    if (lot === undefined) throw lotUnknown(parts.identity.id)
    if (hasSerials(parts.file, parts.identity.id, body.lot) === true) {
      throw new SidikError('STOCK_FORMAT', `lot ${body.lot} has serials: consumables are counted`)
    }
    if (inPrinters(parts).some(({ printer, item }) => printer === body.printer && item === lot.item)) {
      throw new SidikError('STOCK_INSTALLED', `printer ${body.printer} has a ${lot.item}: take it out first`)
    }
    checkMoves(parts, movesOf('consumable-installed', body))
    append(station, { kind: 'consumable-installed', direction: 'up', body })
  })
}

/**
 * Takes it out. A consumable that printed more cards than its yield, or is used up before 80 % of it, is put on record.
 *
 * @throws TypeError, RangeError naming the argument; SidikError STOCK_UNKNOWN when none of that lot is in the printer
 */
export function removeConsumable(station: Station, input: RemoveInput): void {
  const parts = partsOf(station)
  const asked = readOptions('removeConsumable', input, ['printer', 'lot', 'outcome', 'reason', 'operator'])
  const outcome = oneOf('outcome', asked.outcome, ['used-up', 'spoiled', 'put-back'])
  if (outcome === 'spoiled' && asked.reason === undefined) throw new TypeError('reason is missing: why it was spoiled')
  const body: BodyOf<'consumable-removed'> = {
    ...placeOf(asked),
    outcome,
    ...(asked.reason !== undefined && { reason: wordsOf('reason', asked.reason) }),
    operator: personName('operator', asked.operator),
  }
  parts.file.transaction(() => {
    if (!inPrinters(parts).some(({ printer, lot }) => printer === body.printer && lot === body.lot)) {
      throw new SidikError('STOCK_UNKNOWN', 'nothing of this lot is in this printer')
    }
    checkMoves(parts, movesOf('consumable-removed', body))
    append(station, { kind: 'consumable-removed', direction: 'up', body })
  })
}

/** What is in the printers of this station. */
export function consumables(station: Station): InstalledConsumable[] {
  return inPrinters(partsOf(station))
}

function placeOf({ printer, lot }: InstallInput) {
  return { printer: nameOf('printer', printer), lot: nameOf('lot', lot) }
}

function inPrinters({ file, identity }: StationParts): InstalledConsumable[] {
  const rows = file.all<Omit<InstalledConsumable, 'yieldCards' | 'left'> & { yieldCards: number | null }>(
    `SELECT c.printer, c.lot, c.item, c.cards, l.yield_cards AS yieldCards, c.installed_at AS installedAt
     FROM consumable c JOIN lot l ON l.id = c.lot WHERE c.station = ? ORDER BY c.printer, c.item`,
    identity.id,
  )
  return rows.map(({ yieldCards, ...row }) =>
    yieldCards === null ? row : { ...row, yieldCards, left: Math.max(0, yieldCards - row.cards) },
  )
}
