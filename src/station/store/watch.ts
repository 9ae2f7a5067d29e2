/** Looks at each transaction, and at what is read in one moment, before and after. */
export interface Watch {
  /** A transaction has begun: what the file says from here on is of one moment. */
  begun(): void
  /** The same of a moment in which nothing is written. */
  looking(): void
  /** It is about to be committed. */
  ending(): void
  /** Nothing of it was done. */
  undone(): void
  /**
   * Rows about a record, and about others of its NIK, are changed by `change`, which gives it a NIK
   * of that tag or none.
   */
  changing(record: string, nikTag: Uint8Array | undefined, change: () => void): void
  /**
   * Rows about a record, and about others of its NIK, are as this station wrote them: to be called
   * before something is told by them.
   *
   * @param letter the one that it is told by
   * @throws SidikError STATION_ALTERED
   */
  assure(record: string, letter?: string): void
  /**
   * No letter of this number is known: to be called before something is told by that.
   *
   * @throws SidikError STATION_ALTERED when there was one
   */
  assureNoLetter(station: string, number: string): void
  /** All tables are made again by `remake`. */
  remaking(remake: () => void): void
}
