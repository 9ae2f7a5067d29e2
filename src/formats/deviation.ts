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
   * nothing that deviates is taken in silence. One is never thrown: an image in a finger image record that states
   * another resolution than the record. Scanners in use write such, and by the standard the record's word holds.
   */
  readonly onDeviation?: ((deviation: Deviation) => void) | undefined
  /**
   * Called for each thing that is damaged, so that the rest can be looked at: a value that cannot
   * be is kept as it is, bytes that cannot be read are left out. What was read so is no whole
   * record; no writer gives its bytes again. Without it a SidikError is thrown.
   */
  readonly onDamage?: ((damage: Deviation) => void) | undefined
}
