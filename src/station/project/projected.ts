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
}

/** What follows from an entry for the tables that it has to do with. */
export type Projection<Body> = (to: Projected, entry: SignedEntry, body: Body, applied: number) => void
