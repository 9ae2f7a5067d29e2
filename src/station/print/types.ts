/** The nouns of cards and letters. */

export type CardPurpose = 'new' | 'replacement'

export type RequestState = 'waiting' | 'printing' | 'printed' | 'handed-over' | 'cancelled'

/**
 * How far a card has come. `reserved`: a blank is set aside. `sent`: it may be printed or not, and the program that sent it is at it.
 * `uncertain`: nobody knows but who looks at the tray. `printed`, `spoiled`, `released` (nothing was printed, the blank is available again),
 * `on-its-way`: printed, and between two stations. `handed-over`.
 */
export type JobState =
  | 'reserved'
  | 'sent'
  | 'uncertain'
  | 'printed'
  | 'on-its-way'
  | 'spoiled'
  | 'released'
  | 'handed-over'

/** A card that is wanted for a person. */
export interface CardRequest {
  readonly request: string
  readonly record: string
  /** The station that asked. */
  readonly station: string
  /** The station that prints. */
  readonly at: string
  readonly purpose: CardPurpose
  /**
   * A replacement's: jobs of the cards that the person had. Absent where a version before 0.2.0
   * wrote the request.
   */
  readonly replaces?: readonly string[]
  readonly isUrgent: boolean
  readonly state: RequestState
  readonly requestedAt: string
  readonly changedAt: string
}

/** A blank for a request. */
export interface PrintJob {
  readonly job: string
  readonly request: string
  readonly record: string
  /** Of the record, that the card shows. */
  readonly version?: number
  /** The station that prints it. */
  readonly station: string
  /** Where the card is, or is on its way to, if it was sent away from the station that prints it. */
  readonly holder?: string
  /** Number of the shipment that it was sent away with. */
  readonly shipment?: string
  readonly lot: string
  /** Of the blank, as it is printed on it; absent where blanks have none. */
  readonly serial?: string
  readonly printer: string
  readonly state: JobState
  /** Whether the printer had begun to write the chip of an uncertain card. */
  readonly chip?: 'untried' | 'tried'
  readonly reservedAt: string
  readonly changedAt: string
}

/** Pages as a printer takes them: a card has a front and a back. */
export interface PrintDocument {
  /** For people and queues: no personal data. */
  readonly title: string
  readonly pages: readonly { readonly widthMm: number; readonly heightMm: number }[]
  /** All pages. */
  pdf(): Promise<Uint8Array>
  /** One page, from 0. */
  png(page: number, dpi: number): Promise<Uint8Array>
}

export type PrinterProblem =
  /** Nothing answers where the printer should be. */
  | 'unreachable'
  | 'offline'
  /** Blanks, a ribbon or a film are out. */
  | 'out-of-media'
  | 'jam'
  /** The printer, or what stands before it, will not take the card. */
  | 'refused'
  /** It stopped in the middle, or said nothing any more. */
  | 'lost'
  /** What it said makes no sense. */
  | 'protocol'

/**
 * What a printer says of a card that it was sent. `not-printed` only where it is certain that no blank was touched; whatever else went wrong, or
 * could have, is `uncertain`.
 */
export type PrintOutcome =
  | { readonly outcome: 'printed' }
  | { readonly outcome: 'not-printed' | 'uncertain'; readonly problem: PrinterProblem; readonly message: string }

/** A card whose chip is to be written: what the host looks its data up by. */
export type ChipCard = Pick<PrintJob, 'job' | 'request' | 'record' | 'version' | 'serial'>

/**
 * A printer's word on a chip. `not-written` only where it is certain that the chip is as it was;
 * whatever else went wrong, or could have, is `uncertain`.
 */
export type ChipOutcome =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'not-written' | 'uncertain'; readonly problem: PrinterProblem; readonly message: string }

export interface PrintOptions {
  /** Ends the waiting. What was sent may be printed all the same, so that the outcome is `uncertain` unless nothing was sent. */
  readonly signal?: AbortSignal
  /**
   * Id of the card's job in the journal, for names of files and queues. Absent where a card is not
   * of a job: a test page.
   */
  readonly job?: string
}

/** A way to a printer. Adapters are in `printers/`; test/station/print/printers/contract.ts is what each of them keeps. */
export interface Printer {
  /** Name of the printer in the journal, and of what is installed in it: letters, digits, '.', '_', ':', '/', '-', 64 at most. */
  readonly name: string
  /** Items without which it prints nothing ('ribbon', 'film'), where the station keeps books of them: no card is sent while one is not installed. */
  readonly needs?: readonly string[]
  /**
   * Prints one card and waits until it lies in the tray, or until it is known that it will not. Never prints a document twice by itself.
   * An error that is thrown is a fault of the adapter, and counts as `uncertain`.
   */
  print(document: PrintDocument, options?: PrintOptions): Promise<PrintOutcome>
  /**
   * Writes the chip of the card that `print` said is printed, and reads it back. Absent where cards
   * have none. A card is `printed` for the station when this has said `written`. Never writes a
   * chip twice by itself. An error that is thrown counts as `uncertain`.
   */
  personalise?(card: ChipCard, options?: Pick<PrintOptions, 'signal'>): Promise<ChipOutcome>
  /** Whether it could take a card now; undefined where it cannot say. */
  status?(
    options?: PrintOptions,
  ): Promise<{ readonly isReady: boolean; readonly problem?: PrinterProblem; readonly message?: string }>
  close?(): Promise<void>
}
