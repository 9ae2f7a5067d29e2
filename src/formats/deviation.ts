/** What a record has that its standard does not allow, where it can still only mean one thing. */

/** One of them: which field, where it begins in the bytes (from 0), and what is wrong with it. */
export interface Deviation {
  readonly field: string
  readonly offset: number
  readonly message: string
}

/** How a record is read. */
export interface ReadOptions {
  /**
   * Called for each deviation, in the order of the bytes, and the record is read on. Without it the first one is thrown:
   * nothing that deviates is taken in silence.
   */
  readonly onDeviation?: ((deviation: Deviation) => void) | undefined
}
