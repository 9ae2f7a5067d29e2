import type { PrintDocument, Printer, PrintOutcome } from '../types.js'
import { oneAtATime } from './one-at-a-time.js'
import { notPrinted, PROBLEMS, uncertain } from './outcomes.js'

/** How long a function that was told to stop may take to say what became of the card. */
const LAST_WORD_MS = 1_000
const MESSAGE_CHARACTERS = 300

/**
 * A function of the host application as a printer: for a printer that the application drives already (a vendor's library, another process).
 *
 * @param name of the printer in the journal
 * @param print prints one card, and says what became of it. It is called again when it has ended. When its signal is aborted it has a second to
 *   say so; then the card is `uncertain`. So is one of which it throws, or says what is no outcome (problem `protocol`)
 * @throws TypeError when one of the two is not what it should be
 */
export function hostPrinter(
  name: string,
  print: (
    document: PrintDocument,
    options: { readonly signal: AbortSignal; readonly job?: string },
  ) => Promise<PrintOutcome>,
): Printer {
  if (typeof print !== 'function') throw new TypeError('hostPrinter: print must be a function')
  let isAtWork = false

  async function called(document: PrintDocument, signal: AbortSignal, job: string | undefined): Promise<PrintOutcome> {
    isAtWork = true
    try {
      return readOutcome(await print(document, { signal, ...(job !== undefined && { job }) }))
    } finally {
      isAtWork = false
    }
  }

  return oneAtATime('hostPrinter', name, {
    async print(document, signal, job) {
      if (isAtWork) {
        return notPrinted('refused', 'nothing was sent: the function of the application is still at the card before')
      }
      const said = called(document, signal, job)
      // Who stopped waiting has had an answer; nobody is left to hear of a failure.
      said.catch(() => undefined)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<PrintOutcome>(resolve => {
        const answer = uncertain('lost', 'the waiting was ended; the function of the application had not answered')
        signal.addEventListener('abort', () => {
          timer = setTimeout(resolve, LAST_WORD_MS, answer)
        })
      })
      try {
        return await Promise.race([said, late])
      } finally {
        clearTimeout(timer)
      }
    },
  })
}

/** What was said, in our own shape; what is no outcome is no reason to believe in a card, or in none. */
function readOutcome(said: PrintOutcome): PrintOutcome {
  if (typeof said !== 'object' || said === null) return nonsense()
  if (said.outcome === 'printed') return { outcome: 'printed' }
  const { outcome, problem, message } = said
  if (outcome !== 'not-printed' && outcome !== 'uncertain') return nonsense()
  if (!PROBLEMS.includes(problem) || typeof message !== 'string') return nonsense()
  return { outcome, problem, message: message.replace(/\p{Cc}+/gu, ' ').slice(0, MESSAGE_CHARACTERS) }
}

function nonsense(): PrintOutcome {
  return uncertain('protocol', 'the function of the application gave no outcome that is one')
}
