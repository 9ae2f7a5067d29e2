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
