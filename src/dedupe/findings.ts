import type { ComparedCodes } from '../types.js'

/** That one template's search found another. Both by their numbers (see DedupeSet). */
export interface Finding {
  readonly probe: number
  readonly found: number
  readonly score: number
  readonly codes: ComparedCodes
}

/** What the searches of some templates in a row found: of number `from`, up to but without `to`. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly findings: readonly Finding[]
  /** Those whose search found as many as a search returns: there may be more. */
  readonly truncated: readonly number[]
}
