/**
 * The index of persons: what the duplicate check asks, and what keeps it up to date. A station
 * brings one along; another one is given to `openStation`. It may be another process or many
 * machines: slow, behind, or gone for days.
 */
import type { PersonCandidate } from '../../persons/candidate.js'
import type { PersonSearchResult } from '../../persons/identify.js'
import type { IdentifyPersonOptions } from '../../persons/persons.js'
import type { FingerInput } from '../../persons/types.js'

/** Fingers of a person, by their name. */
export interface IndexedVersion {
  /**
   * Id of the record; of fingers under which a card was handed over and that the record has no
   * more, the id, a slash and the version.
   */
  readonly id: string
  /** Names these fingers, without a space, at most 64 characters. Other fingers of the record have another. */
  readonly version: string
}

/** A person as of one version of a record. */
export interface IndexedPerson extends IndexedVersion {
  /** Place of the change that brought this version, in the order of `changes`. */
  readonly place: number
  readonly fingers: readonly FingerInput[]
}

/** Who was compared with: a decision says no more than this covers. */
export interface IndexCoverage {
  /** Persons that were searched, without those that were left out on purpose. */
  readonly persons: number
  /** Place of the newest change that was known: all changes of persons up to there were. */
  readonly asOf: number
}

export interface CallOptions {
  /** Aborted when nobody waits for the call any more. */
  readonly signal?: AbortSignal
}

export interface IdentifyOptions extends Omit<IdentifyPersonOptions, 'without'> {
  /** Least place of a change that the answer must cover; 0 unless given. */
  readonly asOf?: number
  /** Ids that are not compared with: the record whose fingers these are, those that were found already. */
  readonly without?: readonly string[]
}

/** Members as `identifyPerson` defines them. */
export interface Identified extends Pick<PersonSearchResult, 'decision' | 'reasons' | 'missRate' | 'feedback'> {
  /** At most `limit`, the highest score first. */
  readonly candidates: readonly Pick<PersonCandidate, 'id' | 'score' | 'fpir' | 'fingers'>[]
  readonly coverage: IndexCoverage
}

/**
 * An index of the persons of one station. The station feeds it each version of a record once, in any
 * order of records, and each removal. One that several stations share has a `PersonIndex` for each,
 * with that station's persons and places alone.
 *
 * - A change whose promise has resolved is kept, and counts in every later call.
 * - Calls about one id take effect in the order in which they were made, or not at all; so do those
 *   that were given up (`signal`), which may come to their end later than the station waits.
 * - The station keeps nothing that it heard from a call that rejects. It compares the index with its
 *   file (`versions`), and asks again after a while.
 */
export interface PersonIndex {
  /**
   * Takes a version of a person in, in place of the one before.
   *
   * @throws SidikError GALLERY_FULL where there is no room for this person, who is not in the index
   *   then: nothing is checked until there is. Whatever else it throws means that it is not known
   *   what the index has
   */
  upsert(person: IndexedPerson, options?: CallOptions): Promise<void>
  /**
   * Takes a person out; one who is not there is none.
   *
   * @param place of the change that did so, in the order of `changes`
   */
  remove(id: string, place: number, options?: CallOptions): Promise<void>
  /**
   * Says that all changes of persons up to this place are in the index. A smaller one than before
   * changes nothing. An index that has forgotten it answers INDEX_BEHIND, and is told again.
   */
  knowsUpTo(place: number, options?: CallOptions): Promise<void>
  /**
   * 1:N among all persons of the index. One that is behind `asOf` waits until it is not, as long as
   * the signal lets it.
   *
   * @throws SidikError INDEX_BEHIND when it does not know `asOf`
   */
  identify(fingers: readonly FingerInput[], options?: IdentifyOptions): Promise<Identified>
  /**
   * Everybody in the index with the version, in pages of any length and order; nobody twice. The
   * station asks when it is opened, and after each call that failed.
   */
  versions(options?: CallOptions): AsyncIterable<readonly IndexedVersion[]>
  /**
   * Ends all that the index has open; calls from then on reject. Whoever made the index closes it:
   * a station does not close one that it was given.
   */
  close(): Promise<void>
}

const METHODS = ['upsert', 'remove', 'knowsUpTo', 'identify', 'versions', 'close'] as const

/** @throws TypeError when it is given and no index */
export function personIndexOf(name: string, value: PersonIndex | undefined): PersonIndex | undefined {
  if (value === undefined) return undefined
  const lacks = METHODS.find(method => typeof value?.[method] !== 'function')
  if (lacks === undefined) return value
  throw new TypeError(`${name} must be a PersonIndex: it has no function ${lacks}`)
}
