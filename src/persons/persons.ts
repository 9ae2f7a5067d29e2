import { SidikError } from '../errors.js'
import {
  abortSignal,
  callback,
  DEFAULTS,
  falseMatchRate,
  flag,
  readOptions,
  SHORTLIST,
  wholeNumber,
} from '../options.js'
import type { Template } from '../types.js'
import { identifyPerson, type PersonSearchResult } from './identify.js'
import { inTurn } from './in-turn.js'
import type { PersonGallery } from './person-gallery.js'
import { judgeFingers, readFingers } from './read-fingers.js'
import { type IncompletePerson, Roster } from './roster.js'
import { encodeFingers, personId, templateId } from './template-ids.js'
import type { FingerFeedback, MissingFinger, PersonFingers, PresentFinger } from './types.js'

export interface EnrolOptions {
  /**
   * Do not compare the fingers with each other, which takes 45 comparisons for ten: for a bulk that was checked before, and
   * where somebody has looked at two fingers that were taken for one.
   */
  readonly skipSameFingerCheck?: boolean
}

/** Whether the person is now in the gallery, and what can be done about the fingers. */
export interface Enrolment {
  /** False when a finger was given twice (`same-finger-twice`): nothing was changed. */
  readonly enrolled: boolean
  /** A finger with `too-few-minutiae` is enrolled as unreadable. */
  readonly feedback: readonly FingerFeedback[]
}

export interface EnrolledPerson {
  readonly id: string
  readonly fingers: readonly (Required<PresentFinger> | MissingFinger)[]
}

export interface IdentifyPersonOptions {
  /** Share of searches with a stranger that may end in `duplicate`, above 0, at most 1; 0.001 unless given. */
  readonly targetFpir?: number
  /** Most candidates to return, 1 to 200; 10 unless given. */
  readonly limit?: number
  /**
   * Persons among whom the decision is made, where this gallery is one of several whose answers are
   * put together: the rate then holds for all of them. Those in the gallery unless given, and no fewer.
   */
  readonly population?: number
  /** Ids of persons who are not compared with: the one whose fingers these are, those who were found already. */
  readonly without?: readonly string[]
  readonly signal?: AbortSignal
  /** Templates that were screened, of those that will be at most; called while it runs and once at its end. */
  readonly onProgress?: (progress: { readonly searched: number; readonly total: number }) => void
}

/** Unless told: one stranger in 1,000 is called a duplicate. */
export const TARGET_FPIR = 0.001

/**
 * Persons of up to ten fingers, kept in a gallery as one template a finger. Made by `engine.personsOf(gallery)`. While it
 * is in use, the persons' templates are inserted and removed through it alone; templates under other ids may be in the same
 * gallery and are neither searched for nor counted.
 */
export class Persons {
  readonly #gallery: PersonGallery
  readonly #match: (a: Template, b: Template) => number
  readonly #roster: Roster
  readonly #inTurn = inTurn()

  /** @internal */
  constructor(gallery: PersonGallery, match: (a: Template, b: Template) => number) {
    this.#gallery = gallery
    this.#match = match
    this.#roster = new Roster(gallery.ids())
  }

  /** Count of persons, whole ones. */
  get size(): number {
    return this.#roster.size
  }

  /** Persons of whom only some templates are there. They are not searched; remove them, and enrol them again. */
  get incomplete(): IncompletePerson[] {
    return this.#roster.incomplete
  }

  ids(): string[] {
    return [...this.#roster.ids]
  }

  has(id: string): boolean {
    return this.#roster.has(personId(id))
  }

  /** The fingers as they were enrolled, in their order. */
  get(id: string): EnrolledPerson | undefined {
    const fingers = this.#roster.fingers(personId(id))
    if (fingers === undefined) return undefined
    return {
      id,
      fingers: fingers.map(({ position, missing, templateId }) => {
        if (missing !== undefined) return { position, missing }
        const template = this.#gallery.get(templateId!)
        if (template !== undefined) return { position, template }
        throw new SidikError('PERSON_INCOMPLETE', `a template of '${id}' was removed from the gallery directly`)
      }),
    }
  }

  /**
   * Adds a person: all templates or, after an error, none. Should that fail too (a disk that is full, a process that is
   * killed), the person is {@link incomplete} and is not searched.
   *
   * @param id any text of 1 to 987 bytes of UTF-8
   * @throws TypeError, RangeError for fingers that contradict each other: an eleventh, a position twice
   * @throws SidikError ID_EXISTS, PERSON_INCOMPLETE, NO_USABLE_FINGER and what gallery.insert throws
   */
  async enrol(id: string, person: PersonFingers, options?: EnrolOptions): Promise<Enrolment> {
    const { skipSameFingerCheck } = readOptions('enrol', options, ['skipSameFingerCheck'])
    const skip = flag('skipSameFingerCheck', skipSameFingerCheck)
    personId(id)
    const read = readFingers('enrol', person)
    return this.#inTurn(id, async () => {
      this.#roster.assertFree(id)
      const { fingers, feedback } = judgeFingers(read, skip ? () => 0 : this.#match)
      if (feedback.some(({ code }) => code === 'same-finger-twice')) return { enrolled: false, feedback }
      const list = encodeFingers(fingers)
      const entries = fingers.flatMap(({ template }, i) =>
        template === undefined ? [] : [{ id: templateId(id, list, i), template }],
      )
      await this.#insertAll(id, entries)
      this.#roster.setWhole(id, list)
      return { enrolled: true, feedback }
    })
  }

  /**
   * Removes a person, also one that is incomplete. After an error nothing has changed, or the person is incomplete.
   *
   * @throws SidikError ID_UNKNOWN and what gallery.remove throws
   */
  async remove(id: string): Promise<void> {
    personId(id)
    return this.#inTurn(id, async () => {
      const ids = this.#roster.templateIds(id)
      if (ids === undefined) throw new SidikError('ID_UNKNOWN', `'${id}' is no person in this gallery`)
      const whole = this.#roster.has(id)
      // From here on it is not searched: half a person would be taken for one with missing fingers.
      const fingers = this.#roster.fingers(id)
      this.#roster.setIncomplete(id, ids)
      const { left, errors } = await this.#removeAll(ids)
      if (whole && left.length === ids.length) this.#roster.setWhole(id, encodeFingers(fingers!))
      else this.#roster.setIncomplete(id, left)
      if (errors.length > 0) throw errors[0]
    })
  }

  /**
   * 1:N of persons: whether this one is enrolled already. Screens the whole gallery with the fingers that say most, compares
   * all fingers of the persons found, and widens the search until missing an enrolled person is unlikely.
   *
   * @throws the signal's reason when it is aborted; TypeError and RangeError as {@link enrol}
   * @throws SidikError NO_USABLE_FINGER and what gallery.search throws
   */
  async identifyPerson(person: PersonFingers, options?: IdentifyPersonOptions): Promise<PersonSearchResult> {
    const names = ['targetFpir', 'limit', 'population', 'without', 'signal', 'onProgress'] as const
    const asked = readOptions('identifyPerson', options, names)
    const demand = {
      targetFpir: falseMatchRate('targetFpir', asked.targetFpir ?? TARGET_FPIR),
      limit: wholeNumber('limit', asked.limit ?? DEFAULTS.limit, 1, SHORTLIST),
      population: wholeNumber('population', asked.population ?? 0, 0, Number.MAX_SAFE_INTEGER),
      without: new Set((asked.without ?? []).map(personId)),
      signal: abortSignal('signal', asked.signal),
      onProgress: callback('onProgress', asked.onProgress),
    }
    const fingers = readFingers('identifyPerson', person)
    demand.signal?.throwIfAborted()
    return identifyPerson({ gallery: this.#gallery, roster: this.#roster, match: this.#match }, fingers, demand)
  }

  async #insertAll(person: string, entries: readonly { id: string; template: Template }[]): Promise<void> {
    const done = await Promise.allSettled(entries.map(async ({ id, template }) => this.#gallery.insert(id, template)))
    const failed = done.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
    if (failed === undefined) return
    const { left } = await this.#removeAll(entries.filter((_, i) => done[i].status === 'fulfilled').map(({ id }) => id))
    this.#roster.setIncomplete(person, left)
    throw failed.reason
  }

  /** All that can be removed; what could not is `left`. */
  async #removeAll(ids: readonly string[]): Promise<{ left: string[]; errors: unknown[] }> {
    const done = await Promise.allSettled(ids.map(async id => this.#gallery.remove(id)))
    // What is not there any more need not be removed.
    const failed = done.map(each => each.status === 'rejected' && !isUnknown(each.reason))
    return {
      left: ids.filter((_, i) => failed[i]),
      errors: done.flatMap((each, i) => (failed[i] ? [(each as PromiseRejectedResult).reason] : [])),
    }
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof SidikError && error.code === 'ID_UNKNOWN'
}
