import { SidikError } from '../../errors.js'
import { abortSignal, readOptions } from '../../options.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { partsOf, type Station } from '../station.js'
import { atWork, isAtWork } from './at-work.js'
import { callChip } from './call-printer.js'
import { cardTurn } from './card-turn.js'
import { beginChip, chipOf } from './chip.js'
import { resolveJob } from './resolve.js'
import { ownJob } from './rows.js'
import type { ChipOutcome, Printer } from './types.js'

export interface PersonaliseOptions {
  /** The one with a chip writer: the card lies in it. */
  readonly printer: Printer
  /** Who has looked at the card and put it in. */
  readonly operator: string
  readonly note?: string
  readonly signal?: AbortSignal
}

/**
 * Writes the chip of an uncertain card that somebody found printed and has put into the printer: of
 * one whose chip was never begun, or may be half written. Nothing does so by itself. `written` ends
 * the uncertainty, as `resolveJob` does; otherwise the card stays uncertain.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError PRINT_UNKNOWN; PRINT_STATE where it is not this station's card, is not uncertain or has no chip
 */
export async function personaliseCard(
  station: Station,
  job: string,
  options: PersonaliseOptions,
): Promise<ChipOutcome> {
  const parts = partsOf(station)
  const asked = readOptions('personaliseCard', options, ['printer', 'operator', 'note', 'signal'])
  const { personalise } = (asked.printer ?? {}) as Partial<Printer>
  if (typeof personalise !== 'function') throw new TypeError('printer must have a function personalise')
  const operator = personName('operator', asked.operator)
  const note = asked.note === undefined ? {} : { note: nonEmptyText('note', asked.note) }
  const signal = abortSignal('signal', asked.signal)
  signal?.throwIfAborted()
  const row = ownJob(parts, job)
  if (isAtWork(job)) throw notNow('a printer is at it')
  if (chipOf(parts, row) === 'none') throw notNow('the card has no chip')
  const said = await atWork(job, () =>
    cardTurn(asked.printer, async () => {
      const card = beginChip(station, job, ['sent', 'uncertain'], operator)
      if (card === undefined) throw notNow(`the card is ${row.state}, and not uncertain`)
      return callChip(asked.printer as Required<Printer>, card, signal)
    }),
  )
  if (said.outcome === 'written') resolveJob(station, job, { found: 'printed', chip: 'written', operator, ...note })
  return said
}

function notNow(why: string): SidikError {
  return new SidikError('PRINT_STATE', `the chip cannot be written: ${why}`)
}
