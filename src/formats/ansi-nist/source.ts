import type { FieldReader } from '../field-reader.js'
import type { CharacterSet } from './text.js'

/**
 * The input: the bytes, who is told what deviates, and how many fields and items of text may still
 * come.
 */
export interface Source {
  readonly bytes: Uint8Array
  /** For its errors and deviations. */
  readonly reader: FieldReader
  characterSet: CharacterSet
  fieldsLeft: number
  itemsLeft: number
}

/** A record, and where it and its fields begin. */
export interface Located<Record> {
  readonly record: Record
  readonly start: number
  readonly end: number
  /** One a field; of the fields of a binary record by their number less 1. */
  readonly fieldOffsets: readonly number[]
}
