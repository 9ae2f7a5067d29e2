import type { PrinterProblem, PrintOutcome } from '../../types.js'
import { notPrinted, uncertain } from '../outcomes.js'
import { type CupsJob, look, type QueueLook } from './look.js'
import type { CupsSettings } from './options.js'
import { inWords, problemOf } from './problems.js'
import { runProgram } from './programs.js'

/** How long it may take to cancel a job, until it is listed as ended: somebody may be waiting for the end. */
const CANCEL_MS = 3_000
const CANCEL_POLL_MS = 50

const DONE = /^job-completed-(successfully|with-warnings)$/
/** Reasons of a job that waits, and was begun before: CUPS would print it a second time. */
const WAITS = /^(resources-are-not-ready|printer-stopped|job-hold-|cups-held-|job-stopped|job-suspended)/
/** Reasons that CUPS leaves to a job that is cancelled before it was begun; one that was begun has others (job-canceled-by-user). */
const UNTOUCHED = /^(job-hold-|cups-held-|printer-stopped)/

interface Reason {
  readonly problem: PrinterProblem
  readonly message: string
}

/** Follows a job until it has ended. One that CUPS would begin a second time, or that is not waited for any longer, is cancelled. */
export async function follow(
  settings: CupsSettings,
  job: number,
  before: QueueLook,
  signal: AbortSignal,
): Promise<PrintOutcome> {
  const until = performance.now() + settings.timeoutMs
  /** What the printer has said since this card, rather than what it said already before. */
  const told = new Set<string>()
  let hasBegun = false
  for (;;) {
    const seen = await look(settings, signal)
    // A server that comes back may give the number to another job: what it says then is not of this one for certain.
    if (typeof seen === 'string') return uncertain('lost', 'CUPS went away after it had taken the job')
    for (const reason of seen.reasons) if (!before.reasons.includes(reason)) told.add(reason)
    const because = (what: string, otherwise: PrinterProblem = 'lost'): Reason => {
      const reasons = told.size > 0 ? [...told] : seen.reasons
      return { problem: problemOf(reasons) ?? otherwise, message: `${what}; of the printer, ${inWords(reasons)}` }
    }
    const [active, ended] = [seen.active.get(job), seen.ended.get(job)]
    if (ended !== undefined) {
      const wasCancelled = ended.reasons.some(reason => /cancel/.test(reason))
      const what = wasCancelled ? 'the job was cancelled' : 'the job ended before it was done'
      return endOf(ended, hasBegun, because(what, wasCancelled ? 'refused' : 'lost'))
    }
    if (active === undefined) {
      return uncertain('lost', 'the job has gone, and CUPS does not say how it ended (is PreserveJobHistory off?)')
    }
    hasBegun ||= active.hasMessage || active.reasons.includes('job-printing')
    const waits = active.reasons.some(reason => WAITS.test(reason)) || (hasBegun && active.reasons.length === 0)
    const cancel = (why: Reason) => cancelled(settings, job, hasBegun, why)
    if (signal.aborted) return cancel({ problem: 'lost', message: 'the waiting was ended' })
    if (waits) {
      const isHeld = active.reasons.some(reason => /^(job-hold-|cups-held-)/.test(reason))
      return cancel(because(`CUPS has stopped the job (${inWords(active.reasons)})`, isHeld ? 'refused' : 'lost'))
    }
    if (!hasBegun && !seen.isEnabled) return cancel({ problem: 'offline', message: 'the queue is disabled' })
    if (performance.now() >= until) return cancel(because('the printer was not done in time'))
    await pause(Math.min(settings.pollMs, until - performance.now()), signal)
  }
}

function endOf(job: CupsJob, hasBegun: boolean, why: Reason): PrintOutcome {
  if (job.reasons.some(reason => DONE.test(reason))) return { outcome: 'printed' }
  const isUntouched = !hasBegun && !job.hasMessage && job.reasons.every(reason => UNTOUCHED.test(reason))
  if (isUntouched)
    return notPrinted(why.problem === 'lost' ? 'refused' : why.problem, `the job was never begun: ${why.message}`)
  return uncertain(why.problem, why.message)
}

/** Cancels the job, and believes what CUPS lists of it afterwards. */
async function cancelled(settings: CupsSettings, job: number, hasBegun: boolean, why: Reason): Promise<PrintOutcome> {
  const until = performance.now() + CANCEL_MS
  await runProgram('cancel', [`${settings.queue}-${job}`], settings, { timeoutMs: CANCEL_MS / 2 })
  for (let leftMs = until - performance.now(); leftMs > 0; leftMs = until - performance.now()) {
    const seen = await look(settings, undefined, leftMs)
    if (typeof seen === 'string') break
    const ended = seen.ended.get(job)
    if (ended !== undefined) return endOf(ended, hasBegun, why)
    await pause(CANCEL_POLL_MS)
  }
  return uncertain(why.problem, `${why.message}; CUPS does not confirm that the job is cancelled`)
}

/** Until the time is over or the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve()
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
