/** The nouns of an enrolment. */
import type { MissingReason } from '../../persons/types.js'
import type { ImageInput, Template } from '../../types.js'
import type { PreCheck } from '../check/pre-check.js'
import type { EnrolFeedback, EnrolOverride } from './feedback.js'
import type { KeptImages } from './images.js'
import type { Person } from './person.js'

/** A finger as it is given: an image, or a template that is ready, or both. */
export interface GivenFinger {
  /** 1 right thumb to 5 right little, 6 left thumb to 10 left little (ISO/IEC 19794-2:2005, table 2). */
  readonly position: number
  /** An image file, a record with one image, or a frame. */
  readonly image?: ImageInput
  /** Pixels per inch, where the image does not say, or says it wrong. */
  readonly ppi?: number
  /** From the image unless given; without an engine it must be. */
  readonly template?: Template
}

/**
 * Fingers that are not there: why not, by position. `amputated` and `bandaged` say what the operator
 * sees, `unreadable` that no try gave a usable print, `not-captured` that nobody tried.
 */
export type Exceptions = Readonly<Record<number, MissingReason>>

export interface Enrolment {
  /** 16 digits. */
  readonly nik: string
  readonly person: Person
  /** In any order. Of ten, those that are not here must be in `exceptions`. */
  readonly fingers: readonly GivenFinger[]
  readonly exceptions?: Exceptions
  /** An image file, at most 2 MiB. */
  readonly photo?: Uint8Array
  /** An image file, at most 512 KiB. */
  readonly signature?: Uint8Array
  /** Who is at the station: a name or number of the host's. */
  readonly operator: string
  readonly overrides?: readonly EnrolOverride[]
  /**
   * The draft that this finishes; unless given, that of an earlier try of the same NIK, name and
   * date of birth, or a new one.
   */
  readonly draft?: string
}

/** What has been captured so far, some of it perhaps half typed. */
export interface PartialEnrolment extends Partial<Omit<Enrolment, 'person' | 'draft'>> {
  readonly person?: { readonly [field: string]: unknown }
}

export interface EnrolProgress {
  /** Fingers extracted; persons read into the duplicate check; templates searched. */
  readonly step: 'extract' | 'load' | 'search'
  readonly done: number
  readonly total: number
}

export interface EnrolOptions {
  /** What is kept of the fingers' images: WSQ at 0.75 bit a pixel unless told otherwise. */
  readonly images?: KeptImages
  /** Share of searches with a stranger that may end in `duplicate`; 0.001 unless given. */
  readonly targetFpir?: number
  /** Rejects with its reason; the draft stays. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EnrolProgress) => void
}

export interface Recorded {
  readonly recorded: true
  readonly recordId: string
  readonly version: number
  readonly preCheck: PreCheck
}

export interface NotRecorded {
  readonly recorded: false
  readonly feedback: readonly EnrolFeedback[]
  /** Where what was given is kept; absent for a correction, of which nothing is. */
  readonly draft?: string
}
