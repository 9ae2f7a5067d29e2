/** Who is in a gallery, by the ids of its templates. */
import { SidikError } from '../errors.js'
import { FingerSets } from './finger-sets.js'
import { decodeFingers, type ListedFinger, readTemplateId, templateId } from './template-ids.js'

/** A person of whom only some templates are there: an enrolment or a removal that did not come to its end. */
export interface IncompletePerson {
  readonly id: string
  /** Ids of the templates that are there. */
  readonly templateIds: readonly string[]
}

/** A finger of an enrolled person, and the id of its template unless it is missing. */
export interface RosterFinger extends ListedFinger {
  readonly templateId?: string | undefined
}

export class Roster {
  /** Of each person, the list of fingers as in the ids: a string, because there may be hundreds of thousands. */
  readonly #lists = new Map<string, string>()
  readonly #incomplete = new Map<string, readonly string[]>()
  readonly #sets = new FingerSets()
  /** Templates of the gallery that are of no person. */
  readonly others: number

  /** @param ids of all templates of a gallery */
  constructor(ids: Iterable<string>) {
    const found = new Map<string, string[]>()
    let others = 0
    for (const id of ids) {
      const read = readTemplateId(id)
      if (read === undefined) others++
      else if (found.get(read.person)?.push(id) === undefined) found.set(read.person, [id])
    }
    for (const [person, templateIds] of found) {
      const { list } = readTemplateId(templateIds[0])!
      const expected = templateIdsOf(person, list)
      // The gallery has no id twice: as many as expected, each expected, are all that are expected.
      const whole = templateIds.length === expected.length && templateIds.every(id => expected.includes(id))
      if (whole) this.setWhole(person, list)
      else this.#incomplete.set(person, templateIds)
    }
    this.others = others
  }

  get size(): number {
    return this.#lists.size
  }

  /** Which fingers its persons have. */
  get sets(): FingerSets {
    return this.#sets
  }

  get ids(): IterableIterator<string> {
    return this.#lists.keys()
  }

  get incomplete(): IncompletePerson[] {
    return Array.from(this.#incomplete, ([id, templateIds]) => ({ id, templateIds }))
  }

  has(person: string): boolean {
    return this.#lists.has(person)
  }

  /** In their order; undefined for a person that is not there, or not whole. */
  fingers(person: string): RosterFinger[] | undefined {
    const list = this.#lists.get(person)
    return list === undefined ? undefined : listedFingers(person, list)
  }

  /** The whole person that a template is of; undefined where there is none. */
  personOf(id: string): string | undefined {
    const read = readTemplateId(id)
    return read !== undefined && this.#lists.get(read.person) === read.list ? read.person : undefined
  }

  /** Templates to take away when the person is removed, whole or not. */
  templateIds(person: string): readonly string[] | undefined {
    const list = this.#lists.get(person)
    return list === undefined ? this.#incomplete.get(person) : templateIdsOf(person, list)
  }

  /** @throws SidikError ID_EXISTS, PERSON_INCOMPLETE when there is such a person */
  assertFree(person: string): void {
    if (this.#lists.has(person)) {
      throw new SidikError('ID_EXISTS', `'${person}' is already enrolled: remove this person first`)
    }
    const some = this.#incomplete.get(person)
    if (some === undefined) return
    const message = `of '${person}' only ${some.length} templates are there: remove this person, then enrol it again`
    throw new SidikError('PERSON_INCOMPLETE', message)
  }

  /** The person is whole from now on. */
  setWhole(person: string, list: string): void {
    this.#incomplete.delete(person)
    this.#forget(person)
    this.#lists.set(person, list)
    this.#sets.add(list)
  }

  /** Of the person only these templates are there; none: it is forgotten. */
  setIncomplete(person: string, templateIds: readonly string[]): void {
    this.#forget(person)
    if (templateIds.length === 0) this.#incomplete.delete(person)
    else this.#incomplete.set(person, templateIds)
  }

  #forget(person: string): void {
    const list = this.#lists.get(person)
    if (list !== undefined) this.#sets.remove(list)
    this.#lists.delete(person)
  }
}

function listedFingers(person: string, list: string): RosterFinger[] {
  return decodeFingers(list).map((finger, i) =>
    finger.missing === undefined ? { ...finger, templateId: templateId(person, list, i) } : finger,
  )
}

function templateIdsOf(person: string, list: string): string[] {
  return listedFingers(person, list).flatMap(finger => finger.templateId ?? [])
}
