import type { SignedEntry } from '../journal/entry.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'

/** What the projections write to. */
export interface Projected {
  readonly file: StationFile
  readonly keys: DataKeys
  /** Where the journal is, if it is in another file. */
  readonly journal?: StationFile
  /** The station whose file this is. */
  readonly self: string
  /** Place of the entry that takes effect, in the order in which entries did. What came after it says nothing yet. */
  readonly place?: number
  /** While several words are folded in one step: {@link JudgeLater}. */
  readonly judgeLater?: JudgeLater
}

/** Judgements of a person's letters that may still be made at once, and those that are put off to the end. */
export interface JudgeLater {
  left: number
  readonly due: Map<string, { readonly person: Uint8Array | string; readonly at: string }>
}

/** What follows from an entry for the tables that it has to do with. */
export type Projection<Body> = (to: Projected, entry: SignedEntry, body: Body, applied: number) => void
