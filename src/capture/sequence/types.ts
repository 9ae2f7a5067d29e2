/** The nouns of the sequence check. */
import type { Template } from '../../types.js'
import type { Impression } from '../source.js'

/** One finger's print, as it is about to be saved. */
export interface SequencePrint {
  /** 1 right thumb to 5 right little, 6 left thumb to 10 left little (ISO/IEC 19794-2:2005, table 2), as stated. */
  readonly position: number
  readonly impression: Impression
  readonly template: Template
  /** What messages call it; 'the rolled right thumb' unless given. */
  readonly label?: string
  /** Name of the capture that it was cut from: the prints of one slap have the same. Absent: a capture of its own. */
  readonly group?: string
}

export type SequenceCode =
  /** One finger is under two positions. */
  | 'same-finger-twice'
  /** Fingers stand at each other's positions. */
  | 'fingers-swapped'
  /** A slap, or all single captures of a hand, show the other hand. */
  | 'hands-swapped'
  /** The fingers of a slap are right in their order, and numbered one off. */
  | 'fingers-shifted'
  /** Prints that are stated to be of one finger do not match, though they are good enough to. */
  | 'prints-disagree'

/** A comparison that speaks for what is said. */
export interface SequenceEvidence {
  /** Which of the prints given, from 0. */
  readonly prints: readonly [number, number]
  /** Decibans. */
  readonly score: number
}

/** One mistake, and what to do about it. */
export interface SequenceFinding {
  readonly code: SequenceCode
  /** Which of the prints given to capture again, from 0, in ascending order: all of which one is wrong, where that cannot be told. */
  readonly prints: readonly number[]
  /** Which position the prints seem to be of, where matching tells. */
  readonly proposed: readonly { readonly print: number; readonly position: number }[]
  readonly evidence: readonly SequenceEvidence[]
  /** In plain words: what is wrong, and what to capture again. */
  readonly message: string
}

export type UncheckedReason =
  /** Too few minutiae to be compared at all. */
  | 'too-few-minutiae'
  /** The only print of its position: a swap of it cannot be seen, only that the same finger was given twice. */
  | 'no-second-print'
  /** It does not match the other prints of its position, which shows too little to say that they are of two fingers. */
  | 'not-confirmed'
  /** Two prints of different positions are alike, too little to say that they are of one finger. */
  | 'alike'

/** Prints of which it is not known whether they are right. */
export interface UncheckedPrints {
  readonly reason: UncheckedReason
  readonly prints: readonly number[]
  readonly evidence: readonly SequenceEvidence[]
  readonly message: string
}

export interface SequenceReport {
  /** Empty: nothing wrong was found. */
  readonly findings: readonly SequenceFinding[]
  /** Empty: every print was confirmed by another of its position. */
  readonly unchecked: readonly UncheckedPrints[]
}

/** What compares two templates: an engine. */
export interface SequenceMatcher {
  match(a: Template, b: Template): { readonly score: number }
}
