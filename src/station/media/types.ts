/** The nouns of removable media that more than one file uses. */
import type { ReadAllowance } from './bounds.js'

/** What a bundle brought. */
export interface ImportedBundle {
  readonly bundle: string
  readonly from: string
  /** Entries of journals that were not here, or not with their contents. */
  readonly entriesNew: number
  readonly entriesKnown: number
  /** Of what this station had sent, so far as they are new. */
  readonly receipts: number
  readonly refusals: number
  /** When it was made, as its sender's clock said: ISO 8601, UTC. */
  readonly madeAt: string
}

/** How far the work on a bundle has come. */
export interface BundleProgress {
  readonly bundle: string
  readonly doing: 'checking' | 'importing'
  readonly bytes: number
  readonly ofBytes: number
}

export interface Watch {
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: BundleProgress) => void) | undefined
  readonly allowance: ReadAllowance
}
