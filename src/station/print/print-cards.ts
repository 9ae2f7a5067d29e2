/** Cards go through the printer, one by one. */
import { abortSignal, callback, readOptions, wholeNumber } from '../../options.js'
import { partsOf, type Station } from '../station.js'
import { printerOf } from './consumables.js'
import { type PrintPolicy, readPolicy } from './policy.js'
import type { PrintProblem } from './render/compose.js'
import type { PrintTemplate } from './render/template.js'
import { isPrintable, renderBy } from './render-card.js'
import { PrintRun } from './run.js'
import type { PrintProgress, PrintResult, RenderCard } from './run-types.js'
import type { Printer } from './types.js'

export interface PrintCardsOptions {
  readonly printer: Printer
  readonly policy?: PrintPolicy
  /** Most cards, from 0: those that are sent, whatever becomes of them. */
  readonly limit?: number
  /** Instead of the one that comes with this program. */
  readonly template?: PrintTemplate
  /** Makes the cards; by `template` unless given. */
  readonly render?: RenderCard
  /** Whether a card with these problems is printed all the same; unless given, not without a photo, and not with characters that could not be drawn. */
  readonly accepts?: (
    problems: readonly PrintProblem[],
    card: { readonly request: string; readonly record: string },
  ) => boolean
  /** Ends the call after the card that is being printed, for which the printer is told too. Nothing is thrown: the result says how far it came. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PrintProgress) => void
}

const MOST_CARDS = 100_000_000

/**
 * Prints what `planPrinting` says, card by card: rendered, a blank set aside, sent, confirmed, each on the disk before the next. Before each card it is
 * looked whether anything else has changed, and planned anew if so. It stops when the printer is of no use now (offline, out of media, a jam),
 * and at each card of which the printer does not say what became of it: that one is uncertain, and nothing prints it again by itself.
 *
 * @throws TypeError, RangeError naming the argument; what `policy`'s functions and `render` throw, but PRINT_CONTENT
 * @throws SidikError STATION_FULL, STATION_BUSY, STATION_DISK, STATION_CLOSED: a card that was sent is uncertain then
 */
export async function printCards(station: Station, options: PrintCardsOptions): Promise<PrintResult> {
  partsOf(station)
  const asked = readOptions('printCards', options, [
    'printer',
    'policy',
    'limit',
    'template',
    'render',
    'accepts',
    'signal',
    'onProgress',
  ])
  const printer = asked.printer
  printerOf(printer)
  if (typeof printer.print !== 'function') throw new TypeError('printer must have a function print')
  callback('printer.personalise', printer.personalise)
  if (asked.render !== undefined && asked.template !== undefined)
    throw new TypeError('template is for cards that are not made by render')
  const run = new PrintRun(station, {
    printer,
    policy: readPolicy(asked.policy),
    limit: wholeNumber('limit', asked.limit ?? MOST_CARDS, 0, MOST_CARDS),
    render: callback('render', asked.render) ?? renderBy(asked.template),
    accepts: callback('accepts', asked.accepts) ?? isPrintable,
    signal: abortSignal('signal', asked.signal),
    onProgress: callback('onProgress', asked.onProgress),
  })
  return run.all()
}
