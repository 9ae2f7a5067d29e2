import type { PrinterProblem, PrintOutcome } from '../../types.js'
import { notPrinted } from '../outcomes.js'
import type { NoLook } from './look.js'

/** IPP's printer-state-reasons (RFC 8011, 5.4.12; the ends -error, -warning and -report are left away), the worst first. */
const BY_REASON: readonly (readonly [RegExp, PrinterProblem])[] = [
  [/jam/, 'jam'],
  [
    /^(media-empty|media-needed|(marker|cleaner)-supply-(empty|missing)|input-tray-missing|toner-empty)/,
    'out-of-media',
  ],
  [
    /^(offline|shutdown|connecting-to-device|timed-out|stopped|paused|moving-to-paused|(.*-)?(door|cover|interlock)-.*open)/,
    'offline',
  ],
]

/** What the reasons say is wrong, if they do. */
export function problemOf(reasons: readonly string[]): PrinterProblem | undefined {
  return BY_REASON.find(([pattern]) => reasons.some(reason => pattern.test(reason)))?.[1]
}

/** CUPS's own words for it; they are keywords, so that nobody's name is among them. */
export function inWords(reasons: readonly string[]): string {
  return reasons.length === 0 ? 'it gives no reason' : `it says: ${reasons.join(', ')}`
}

const WITHOUT_LOOK: Record<NoLook, { problem: PrinterProblem; message: string }> = {
  'no-programs': { problem: 'unreachable', message: 'the programs of CUPS (lp, lpstat, cancel) are not installed' },
  'no-server': { problem: 'unreachable', message: 'CUPS does not answer' },
  'no-queue': { problem: 'unreachable', message: 'CUPS has no queue of this name' },
  'no-sense': { problem: 'protocol', message: 'lpstat does not answer as that of CUPS does' },
}

export function withoutLook(why: NoLook): { problem: PrinterProblem; message: string } {
  return WITHOUT_LOOK[why]
}

export function notSent({ problem, message }: { problem: PrinterProblem; message: string }): PrintOutcome {
  return notPrinted(problem, `nothing was sent: ${message}`)
}
