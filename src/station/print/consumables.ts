/** What is installed in a printer, and for how many cards it lasts. */
import type { StationParts } from '../station.js'
import type { Printer } from './types.js'
import type { Why } from './waiting.js'

/** A printer's name, or the printer. */
export type PrinterName = string | Pick<Printer, 'name' | 'needs'>

/** As `Printer.name` says. */
const NAME = /^[A-Za-z0-9._:/-]{1,64}$/

/** @throws TypeError when it is no printer, or has no name that can be one */
export function printerOf(printer: PrinterName): Pick<Printer, 'name' | 'needs'> {
  const { name, needs } = typeof printer === 'string' ? { name: printer, needs: undefined } : (printer ?? {})
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new TypeError(`printer must have a name of 1 to 64 letters, digits, '.', '_', ':', '/' or '-'`)
  }
  if (needs === undefined) return { name }
  if (Array.isArray(needs) && needs.every(item => typeof item === 'string')) return { name, needs }
  throw new TypeError('printer.needs must be an array of names of items')
}

export interface InPrinter {
  /** Lots of what is installed. */
  readonly lots: readonly string[]
  /** Items that it needs, and that are not installed. */
  readonly lacks: readonly string[]
  /** Cards that what ends first still prints; Infinity where nothing has a yield. */
  readonly cardsLeft: number
  /** What ends first. */
  readonly endsFirst: string | undefined
}

export function inPrinter(
  { file, identity }: StationParts,
  { name, needs = [] }: Pick<Printer, 'name' | 'needs'>,
): InPrinter {
  const rows = file.all<{ lot: string; item: string; cards: number; yield_cards: number | null }>(
    `SELECT c.lot, c.item, c.cards, l.yield_cards FROM consumable c JOIN lot l ON l.id = c.lot
     WHERE c.station = ? AND c.printer = ? ORDER BY c.item`,
    identity.id,
    name,
  )
  let [cardsLeft, endsFirst]: [number, string | undefined] = [Number.POSITIVE_INFINITY, undefined]
  for (const { item, cards, yield_cards } of rows) {
    if (yield_cards !== null && yield_cards - cards < cardsLeft) [cardsLeft, endsFirst] = [yield_cards - cards, item]
  }
  const lacks = needs.filter(item => !rows.some(row => row.item === item))
  return { lots: rows.map(({ lot }) => lot), lacks, cardsLeft, endsFirst }
}

/** Why it prints no card beyond the `given` ones. */
export function whyPrinterCannot(printer: InPrinter | undefined, given: number): Why | undefined {
  if (printer === undefined) return undefined
  const { lacks, cardsLeft, endsFirst } = printer
  if (lacks.length > 0)
    return { code: 'no-consumable', message: `the printer has no ${lacks.join(' and no ')} installed` }
  if (given < cardsLeft) return undefined
  return {
    code: 'no-consumable',
    message: `the ${endsFirst} in the printer has printed all of its cards, or will have by then`,
  }
}
