import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { PrintDocument, Printer, PrinterProblem, PrintOptions, PrintOutcome } from '../../station/print/types.js'

/** What happens to a card instead of being printed. */
export type CardFault =
  /** No blank is touched, and the printer says so. */
  | 'unreachable'
  | 'offline'
  | 'out-of-media'
  | 'refused'
  /** It stops in the middle: the blank is spoiled, and the printer does not know. */
  | 'jam'
  /** The card is out, and the answer is lost; the same, and no answer comes at all, so that the waiting is ended. */
  | 'lost'
  | 'hangs'
  /** No card is out, and no answer comes either. */
  | 'hangs-before'
  /** No card is out, and the printer says that it is. */
  | 'lies'
  /** The card is out, and what the printer says makes no sense, or its adapter fails. */
  | 'nonsense'
  | 'throws'
  /** The power goes before the card is out, or after. */
  | 'cut-before'
  | 'cut-after'

const TOUCHES_NOTHING: readonly string[] = ['unreachable', 'offline', 'out-of-media', 'refused']
const NOTHING_OUT: readonly string[] = [...TOUCHES_NOTHING, 'hangs-before', 'lies', 'cut-before']

/** What came out of a printer: a line of its tray's file. */
export interface TrayLine {
  readonly title: string
  readonly found: 'printed' | 'spoiled'
  readonly job: string
  readonly record: string
  readonly lot: string
  readonly serial?: string
}

/** The card that is asked for, as the operator who puts the blank in reads it from the station. */
export type CardAsked = Omit<TrayLine, 'found' | 'title'>

export interface TrayPrinterOptions {
  readonly name: string
  /** The file of its tray. */
  readonly tray: string
  /** Called for each card, before anything happens to it. */
  readonly onCard: (title: string) => { readonly card: CardAsked; readonly fault: CardFault | undefined }
  /** @throws always */
  readonly cutPower: () => never
  /** Ends the waiting for a printer that hangs. */
  readonly giveUp: () => void
  /** What the printer says, just before it does; undefined when it says nothing that means anything. */
  readonly onSaid: (said: PrintOutcome['outcome'] | undefined) => void
}

/** A printer whose cards fall into a tray on the disk: the truth, which nobody looks at but the simulated people. */
export function trayPrinter({ name, tray, onCard, cutPower, giveUp, onSaid }: TrayPrinterOptions): Printer {
  const fail = (outcome: 'not-printed' | 'uncertain', problem: PrinterProblem): PrintOutcome => {
    onSaid(outcome)
    return { outcome, problem, message: `the printer was told to fail: ${problem}` }
  }
  return {
    name,
    async print({ title }: PrintDocument, { signal }: PrintOptions = {}) {
      if (signal?.aborted) return fail('not-printed', 'refused')
      const { card, fault } = onCard(title)
      if (fault === undefined || !NOTHING_OUT.includes(fault)) {
        drop(tray, { title, found: fault === 'jam' ? 'spoiled' : 'printed', ...card })
      }
      if (fault === 'cut-before' || fault === 'cut-after') cutPower()
      if (fault !== undefined && TOUCHES_NOTHING.includes(fault)) return fail('not-printed', fault as PrinterProblem)
      if (fault === 'jam' || fault === 'lost') return fail('uncertain', fault)
      if (fault === 'hangs' || fault === 'hangs-before') {
        giveUp()
        return fail('uncertain', 'lost')
      }
      if (fault === 'nonsense' || fault === 'throws') {
        onSaid(undefined)
        if (fault === 'throws') throw new Error('the adapter was told to fail')
        return { outcome: 'done' } as unknown as PrintOutcome
      }
      onSaid('printed')
      return { outcome: 'printed' }
    },
  }
}

/** All that ever came out, oldest first. */
export function cardsIn(tray: string): TrayLine[] {
  if (!existsSync(tray)) return []
  const lines = readFileSync(tray, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as TrayLine)
}

/** One write, so that a line is there in full or not at all, and on the disk before the printer says another word. */
function drop(tray: string, line: TrayLine): void {
  const file = openSync(tray, 'a')
  try {
    writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
