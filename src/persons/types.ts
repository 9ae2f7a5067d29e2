/** The nouns of persons. */
import type { Template } from '../types.js'

/** 1 right thumb to 5 right little, 6 left thumb to 10 left little (ISO/IEC 19794-2:2005, table 2); 0 unknown. */
export type StatedPosition = number

/** Why there is no template of a finger. */
export type MissingReason = 'amputated' | 'bandaged' | 'unreadable' | 'not-captured'

export interface PresentFinger {
  /** 0 to 10; the template's own `fingerPosition` unless given. No known position twice in a person. */
  readonly position?: StatedPosition
  readonly template: Template
}

export interface MissingFinger {
  readonly position: StatedPosition
  readonly missing: MissingReason
}

/** A finger as it is given: its template, or why there is none. */
export type FingerInput = PresentFinger | MissingFinger

/** What a person can do something about: the same finger was put down twice, or hardly any of it. */
export interface FingerFeedback {
  readonly code: 'same-finger-twice' | 'too-few-minutiae'
  /** Which of the fingers given, from 0. */
  readonly fingers: readonly number[]
  readonly message: string
}

/** The fingers of one person, at most ten. */
export interface PersonFingers {
  readonly fingers: readonly FingerInput[]
}
