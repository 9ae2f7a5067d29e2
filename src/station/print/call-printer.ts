/** What a printer says of a card, whatever it does: an answer that makes no sense, an error, none at all. */
import { untilAborted } from '../../until-aborted.js'
import type { ChipCard, ChipOutcome, PrintDocument, Printer, PrinterProblem, PrintOutcome } from './types.js'

const PROBLEMS: readonly PrinterProblem[] = [
  'unreachable',
  'offline',
  'out-of-media',
  'jam',
  'refused',
  'lost',
  'protocol',
]

/** Time for a printer to say what it knows after the signal was aborted, milliseconds. */
const LAST_WORD_MS = 1_000

/** Longest reason that is kept: what a body takes, with room. */
const MOST_WORDS = 1_000

export async function callPrinter(
  printer: Printer,
  document: PrintDocument,
  job: string,
  signal: AbortSignal | undefined,
): Promise<PrintOutcome> {
  const call = () => printer.print(document, { job, ...(signal && { signal }) })
  return (await called(call, signal, 'printed', 'not-printed')) as PrintOutcome
}

export async function callChip(
  printer: Pick<Required<Printer>, 'personalise'>,
  card: ChipCard,
  signal: AbortSignal | undefined,
): Promise<ChipOutcome> {
  const call = () => printer.personalise(card, signal === undefined ? {} : { signal })
  return (await called(call, signal, 'written', 'not-written')) as ChipOutcome
}

interface Said {
  readonly outcome: string
  readonly problem?: PrinterProblem
  readonly message?: string
}

async function called(
  call: () => Promise<unknown>,
  signal: AbortSignal | undefined,
  done: string,
  notDone: string,
): Promise<Said> {
  try {
    return outcomeOf(await untilAborted(Promise.resolve(call()), afterLastWord(signal)), done, notDone)
  } catch (error) {
    if (error === ENDED)
      return uncertain('lost', 'the waiting was ended before the printer had said what became of the card')
    return uncertain(
      'protocol',
      `the adapter of the printer failed: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

const ENDED = new Error('the waiting was ended')

/** Aborted a while after the signal is. */
function afterLastWord(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined
  const late = new AbortController()
  const begin = () => setTimeout(() => late.abort(ENDED), LAST_WORD_MS).unref()
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true, signal: late.signal })
  return late.signal
}

function outcomeOf(answer: unknown, done: string, notDone: string): Said {
  const { outcome, problem, message } = (answer ?? {}) as Partial<Record<string, unknown>>
  if (outcome === done) return { outcome: done }
  const known = [notDone, 'uncertain'].find(each => each === outcome)
  if (known === undefined) return uncertain('protocol', 'the adapter of the printer gave no outcome that is known')
  if (!PROBLEMS.includes(problem as PrinterProblem)) {
    const wanted = `with the outcome '${known}' goes a problem, one of ${PROBLEMS.join(', ')}`
    return uncertain('protocol', `the adapter of the printer named no problem that is known: ${wanted}`)
  }
  return { outcome: known, problem: problem as PrinterProblem, message: words(message) }
}

function uncertain(problem: PrinterProblem, message: string): Said {
  return { outcome: 'uncertain', problem, message: words(message) }
}

function words(message: unknown): string {
  return String(message ?? '').slice(0, MOST_WORDS)
}
