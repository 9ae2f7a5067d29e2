/** Rows of a file of decisions that were not taken. */
import type { ErrorCode } from '../../errors.js'

/** A row that was not taken, and why. */
export interface RefusedRow {
  /** Line of the file; of JSON, the place in the list. Both from 1. */
  readonly line: number
  readonly code: RowRefusalCode
  /** In plain words: what is wrong, and what to do. Nothing of what the row says. */
  readonly message: string
}

export type RowRefusalCode =
  /** No object of a JSON file, a member that is no text, or twice the same one. */
  | 'row-format'
  /** Quotes that are not closed, or stand within a field. */
  | 'row-quotes'
  /** A field that goes over several lines. */
  | 'row-lines'
  | 'row-long'
  | 'row-encoding'
  /** More fields than columns, or fewer. */
  | 'row-columns'
  | 'field-long'
  /** Neither record nor NIK. */
  | 'record-missing'
  | 'record-unknown'
  /** About a record of which this station has nothing to say. */
  | 'record-foreign'
  /** Two rows say different things of one record: none is taken. */
  | 'record-twice'
  | 'nik-format'
  /** Several records that were not withdrawn have this NIK. */
  | 'nik-several'
  /** The record is of another NIK than the row says. */
  | 'nik-differs'
  | 'state-unknown'
  | 'duplicate-unknown'
  | 'duplicate-several'
  | 'duplicate-itself'
  /** A station above has refused the record a card. */
  | 'decided-above'
  /** The record that it is a duplicate of was withdrawn, or could not be taken in. */
  | 'duplicate-gone'
  /** The record that stays is called a duplicate of this one. */
  | 'duplicate-circle'
  | 'duplicate-misplaced'
  /** This file was imported before, and another decision or a correction has followed. */
  | 'superseded'

export type Refusal = Omit<RefusedRow, 'line'>

/** Refusals of rows by the code that `writeDecision` throws. */
export const REFUSED_DECISIONS: Partial<Record<ErrorCode, Refusal>> = {
  RECORD_FOREIGN: {
    code: 'record-foreign',
    message: 'the record is of this station: what becomes of it is said by the stations above',
  },
  DECISION_ABOVE: {
    code: 'decided-above',
    message: 'a station above has refused the record a card, or has it looked at: have it decided there',
  },
  DECISION_CIRCLE: {
    code: 'duplicate-circle',
    message: 'the record that stays is called a duplicate of this one: decide which stays',
  },
  DECISION_NONE_STAYS: {
    code: 'duplicate-gone',
    message: 'the record that it is a duplicate of was withdrawn, or could not be taken in: name one that stays',
  },
}

export const refusal = (code: RowRefusalCode, message: string): Refusal => ({ code, message })
