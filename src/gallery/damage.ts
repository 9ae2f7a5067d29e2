/** A stretch of a durable gallery's files that cannot be used. */
export interface Damage {
  /** Name of the file in the gallery's folder. */
  readonly file: string
  /** Where the stretch begins, from the start of the file. */
  readonly offsetBytes: number
  /** How long it is; 0 where something is missing. */
  readonly bytes: number
  /** What is wrong, and what the stretch held as far as that can be told. */
  readonly reason: string
}
