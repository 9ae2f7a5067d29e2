import type { PrinterProblem, PrintOutcome } from '../types.js'

/** All of PrinterProblem, for the check of what a host's function says. */
export const PROBLEMS: readonly PrinterProblem[] = [
  'unreachable',
  'offline',
  'out-of-media',
  'jam',
  'refused',
  'lost',
  'protocol',
]

type Failed = Extract<PrintOutcome, { problem: PrinterProblem }>

/** For what is certain alone: no blank was touched. */
export function notPrinted(problem: PrinterProblem, message: string): Failed {
  return { outcome: 'not-printed', problem, message }
}

export function uncertain(problem: PrinterProblem, message: string): Failed {
  return { outcome: 'uncertain', problem, message }
}

/** Of a card whose turn had not come when the waiting was ended. */
export function neverSent(): Failed {
  return notPrinted('refused', 'nothing was sent: the printing was stopped before')
}
