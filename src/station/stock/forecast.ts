import { readOptions, wholeNumber } from '../../options.js'
import { partsOf, type Station, type StationParts } from '../station.js'

export interface ForecastOptions {
  /** How far back the rate is taken from, 1 to 365; 14 unless given. */
  readonly days?: number
}

/** How long something lasts. */
interface Lasting {
  /** What is left: blanks, or cards that can be printed with it. */
  readonly left: number
  /** Used of it a day. */
  readonly perDay: number
  /** Absent where nothing was used of late. */
  readonly daysLeft?: number
}

export interface Forecast {
  /** Days that the rates are taken from: fewer than asked for where the books begin later, one at least. */
  readonly days: number
  /** Cards that were printed a day. */
  readonly cardsPerDay: number
  /** Available blanks of all lots, whatever their rules. */
  readonly blanks: Lasting
  /** By item, of what has a yield: in printers, begun and put back, and unopened. */
  readonly consumables: readonly (Lasting & { readonly item: string; readonly pieces: number })[]
  /** Of what runs out first. */
  readonly daysLeft?: number
}

const DAY_MS = 86_400_000

const DAYS = 14
const MOST_DAYS = 365

/**
 * How long stock lasts at the rate of late. Blanks go with cards, spoiled ones too; consumables with all that went through a printer.
 *
 * @throws TypeError, RangeError naming the option
 */
export function forecast(station: Station, options?: ForecastOptions): Forecast {
  const parts = partsOf(station)
  const asked = readOptions('forecast', options, ['days'])
  const { days, printed, wasted, spoiled } = used(parts, wholeNumber('days', asked.days ?? DAYS, 1, MOST_DAYS))
  const blanks = lasting(blanksLeft(parts), (printed + wasted + spoiled) / days)
  const perDay = (printed + wasted) / days
  const consumables = consumablesLeft(parts).map(({ item, pieces, left }) => ({
    item,
    pieces,
    ...lasting(left, perDay),
  }))
  const ends = [blanks, ...consumables].flatMap(({ daysLeft }) => (daysLeft === undefined ? [] : [daysLeft]))
  return {
    days,
    cardsPerDay: printed / days,
    blanks,
    consumables,
    ...(ends.length > 0 && { daysLeft: Math.min(...ends) }),
  }
}

function lasting(left: number, perDay: number): Lasting {
  return perDay > 0 ? { left, perDay, daysLeft: left / perDay } : { left, perDay }
}

/** Blanks that became cards, that the printer spoiled, and that were spoiled before. */
function used({ file, identity, clock }: StationParts, asked: number) {
  const now = clock()
  const first = file.get<{ at: string | null }>(
    'SELECT min(at) AS at FROM stock_move WHERE station = ?',
    identity.id,
  )!.at
  const since = Math.max(now - asked * DAY_MS, first === null ? now : Date.parse(first))
  const row = file.get<{ printed: number | null; wasted: number | null; spoiled: number | null }>(
    `SELECT sum(iif(m.from_account = 'reserved' AND m.to_account = 'printed', m.quantity, 0)) AS printed,
       sum(iif(m.from_account = 'reserved' AND m.to_account = 'spoiled', m.quantity, 0)) AS wasted,
       sum(iif(m.from_account = 'available' AND m.to_account = 'spoiled', m.quantity, 0)) AS spoiled
     FROM stock_move m JOIN lot l ON l.id = m.lot WHERE m.station = ? AND m.at >= ? AND l.item = 'blank'`,
    identity.id,
    new Date(since).toISOString(),
  )!
  const days = Math.max(1, (now - since) / DAY_MS)
  return { days, printed: row.printed ?? 0, wasted: row.wasted ?? 0, spoiled: row.spoiled ?? 0 }
}

function blanksLeft({ file, identity }: StationParts): number {
  const sql = `SELECT sum(b.quantity) AS left FROM stock_balance b JOIN lot l ON l.id = b.lot
    WHERE b.station = ? AND b.account = 'available' AND l.item = 'blank'`
  return file.get<{ left: number | null }>(sql, identity.id)!.left ?? 0
}

function consumablesLeft({ file, identity }: StationParts): { item: string; pieces: number; left: number }[] {
  const { id } = identity
  return file.all(
    `SELECT item, sum(pieces) AS pieces, sum(cards) AS left FROM (
       SELECT l.item, b.quantity AS pieces, b.quantity * l.yield_cards AS cards
       FROM stock_balance b JOIN lot l ON l.id = b.lot
       WHERE b.station = ? AND b.account = 'available' AND l.yield_cards IS NOT NULL
       UNION ALL
       SELECT l.item, 0, -min(o.cards, l.yield_cards) FROM opened_consumable o JOIN lot l ON l.id = o.lot
       WHERE o.station = ? AND l.yield_cards IS NOT NULL
       UNION ALL
       SELECT l.item, 1, max(0, l.yield_cards - c.cards) FROM consumable c JOIN lot l ON l.id = c.lot
       WHERE c.station = ? AND l.yield_cards IS NOT NULL)
     GROUP BY item ORDER BY item`,
    id,
    id,
    id,
  )
}
