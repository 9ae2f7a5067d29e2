/** What printing cards asks of the host, and what it tells. */
import type { Station } from '../station.js'
import type { PrintProblem } from './render/compose.js'
import type { PrintDocument, PrinterProblem, PrintJob } from './types.js'
import type { WaitCode, WaitingCard } from './waiting.js'

/**
 * Makes of a record what is printed on the blank of that serial, and says what somebody should look at before. An error PRINT_CONTENT keeps this card from
 * being printed, so does one about the record's data; any other ends the call.
 */
export type RenderCard = (
  station: Station,
  record: string,
  blank: { readonly serial?: string },
) => Promise<PrintDocument & { readonly problems?: readonly PrintProblem[] }>

export interface PrintProgress {
  readonly step: 'render' | 'reserved' | 'sent' | 'personalising' | 'printed' | 'not-printed' | 'uncertain'
  readonly request: string
  /** Absent while it is rendered. */
  readonly job?: string
  /** Cards that were sent, and of how many at most. */
  readonly done: number
  readonly total: number
}

/** A card that did not come to be, of which it is certain that no blank was touched. */
export interface NotPrinted {
  readonly request: string
  readonly record: string
  /** Absent where nothing was set aside for it. */
  readonly job?: string
  readonly code: PrinterProblem | WaitCode | 'content' | 'changed'
  readonly message: string
}

/** A card of which nobody knows but who looks at the tray. */
export interface Uncertain {
  readonly request: string
  readonly record: string
  readonly job: string
  readonly code: PrinterProblem
  readonly message: string
}

export interface PrintResult {
  readonly printed: readonly PrintJob[]
  readonly notPrinted: readonly NotPrinted[]
  readonly uncertain: readonly Uncertain[]
  /** Those who wait still, and why. */
  readonly waits: readonly WaitingCard[]
  /** Why it ended before all that was planned was sent. */
  readonly stopped?: { readonly code: PrinterProblem | 'aborted'; readonly message: string }
}
