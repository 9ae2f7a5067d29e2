import { InvalidArgumentError, Option } from 'commander'
import { momentMs } from '../../station/clock.js'

/** Begin of an error that names an argument, as ours do. Those of the engine that runs us are faults. */
const NAMES_ARGUMENT = /^[\w.[\]]+ (must|is '|lacks|names) ?/

/**
 * Runs a call whose arguments come from the command line. What only a programmer's mistake can cause
 * elsewhere is a mistake in the arguments here: a name too long, one that cannot be, the station itself.
 */
export function saying<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const isOfArgument = error instanceof TypeError && NAMES_ARGUMENT.test(error.message)
    if (error instanceof RangeError || isOfArgument) throw new InvalidArgumentError(error.message)
    throw error
  }
}

const NAME = /^[A-Za-z0-9._:/-]{1,64}$/

/** Of a lot, a shipment, a printer. */
export function parseName(text: string): string {
  if (NAME.test(text)) return text
  throw new InvalidArgumentError("It must be 1 to 64 letters, digits, '.', '_', ':', '/' or '-'.")
}

export const shipmentOption = () =>
  new Option('--shipment <number>', 'of the note that goes with it').argParser(parseName).makeOptionMandatory()

export const witnessOption = () => new Option('--witness <name>', 'who counted with the operator').makeOptionMandatory()

function parseMoment(text: string): string {
  const ms = momentMs(text)
  if (ms !== undefined) return new Date(ms).toISOString()
  throw new InvalidArgumentError("It is no day and no time, as '2017-04-10' and '2017-04-10T08:00:00+07:00' are.")
}

export const fromOption = () =>
  new Option('--from <time>', 'from then on: a day (of UTC) or a time').argParser(parseMoment)

export const toOption = () => new Option('--to <time>', 'before then').argParser(parseMoment)

export const ofStationOption = () => new Option('--station <id>', 'of this station below (default: the own one)')
