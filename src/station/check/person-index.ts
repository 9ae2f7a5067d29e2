/** An index of persons by their fingers: what the duplicate check asks, and what keeps it up to date. */
import type { PersonSearchResult } from '../../persons/identify.js'
import type { IdentifyPersonOptions } from '../../persons/persons.js'
import type { FingerInput } from '../../persons/types.js'

/** A person as of one version of a record. */
export interface IndexedPerson {
  /** Id of the record. */
  readonly id: string
  /** Names these fingers; without a space. Other fingers of the record have another. */
  readonly version: string
  /** Place of the change that brought this version, in the order of `changes`. */
  readonly place: number
  readonly fingers: readonly FingerInput[]
}

/** Who was compared with: a decision says no more than this covers. */
export interface IndexCoverage {
  /** Persons that were searched. */
  readonly persons: number
  /** Place of the newest change that was known: all changes of persons up to there were. */
  readonly asOf: number
}

export interface IdentifyOptions extends Omit<IdentifyPersonOptions, 'without'> {
  /** Least place of a change that the answer must cover. */
  readonly asOf?: number
  /** Ids of records that are not compared with: the one whose fingers these are, those that were found already. */
  readonly without?: readonly string[]
}

export interface Identified extends PersonSearchResult {
  readonly coverage: IndexCoverage
}

/**
 * Whoever follows the changes of a station feeds it: each version of a record once, in any order of
 * records, and each removal. What a call has done is on the disk when its promise resolves.
 */
export interface PersonIndex {
  /**
   * Takes a version of a person in, in place of the one before.
   *
   * @throws SidikError NO_USABLE_FINGER, GALLERY_FULL, FILE_UNWRITABLE: the person is not in the
   *   index, nor is the version before
   */
  upsert(person: IndexedPerson): Promise<void>
  /** Takes a person out; one who is not there is none. */
  remove(id: string, place: number): Promise<void>
  /**
   * 1:N. Candidates have the ids of records.
   *
   * @throws RangeError when `asOf` is beyond what the index knows; what `identifyPerson` throws
   */
  identify(fingers: readonly FingerInput[], options?: IdentifyOptions): Promise<Identified>
}
