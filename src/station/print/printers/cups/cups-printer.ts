import type { Printer, PrintOutcome } from '../../types.js'
import { madeOf } from '../document.js'
import { oneAtATime } from '../one-at-a-time.js'
import { neverSent } from '../outcomes.js'
import { follow, pause } from './follow.js'
import { look, type QueueLook } from './look.js'
import { type CupsPrinterOptions, type CupsSettings, cupsSettings } from './options.js'
import { inWords, notSent, problemOf, withoutLook } from './problems.js'
import { send } from './send.js'

/**
 * A queue of CUPS, through its programs `lp`, `lpstat` and `cancel`. A card is sent to an empty queue alone, and followed until CUPS says how its job
 * ended; one that CUPS would begin again by itself is cancelled first. `printed` means what the queue's backend means by it: docs/printers.md.
 *
 * @throws TypeError or RangeError when an option is not what it should be
 */
export function cupsPrinter(options: CupsPrinterOptions): Printer {
  const settings = cupsSettings(options)
  return oneAtATime('cupsPrinter', settings.name, {
    async print(document, signal) {
      const pdf = await madeOf(() => document.pdf(), '%PDF-')
      if (!(pdf instanceof Uint8Array)) return pdf
      const before = await emptyQueue(settings, signal)
      if ('outcome' in before) return before
      const job = await send(settings, document.title, pdf, before, signal)
      return typeof job === 'number' ? follow(settings, job, before, signal) : job
    },
    async status(signal) {
      const seen = await look(settings, signal)
      if (typeof seen === 'string') return { isReady: false, ...withoutLook(seen) }
      const closed = whyClosed(seen)
      if (closed !== undefined) return { isReady: false, ...closed }
      const problem = problemOf(seen.reasons)
      return problem === undefined ? { isReady: true } : { isReady: true, problem, message: inWords(seen.reasons) }
    },
  })
}

/** The queue when nothing is in it: another job would come first, or, left over, print a card of before once more. */
async function emptyQueue(settings: CupsSettings, signal: AbortSignal): Promise<QueueLook | PrintOutcome> {
  const until = performance.now() + settings.timeoutMs
  for (;;) {
    const seen = await look(settings, signal)
    if (signal.aborted) return neverSent()
    if (typeof seen === 'string') return notSent(withoutLook(seen))
    const closed = whyClosed(seen)
    if (closed !== undefined) return notSent(closed)
    if (seen.active.size === 0) return seen
    if (performance.now() > until) {
      return notSent({ problem: 'refused', message: `${seen.active.size} other job(s) do not leave the queue` })
    }
    await pause(settings.pollMs, signal)
  }
}

function whyClosed({ isAccepting, isEnabled, reasons }: QueueLook) {
  if (!isEnabled) return { problem: 'offline' as const, message: `the queue is disabled; ${inWords(reasons)}` }
  if (!isAccepting) return { problem: 'refused' as const, message: 'the queue takes no jobs' }
  return undefined
}
