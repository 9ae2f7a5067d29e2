/** Scores of finger pairs that a search of persons has learned so far: of a person, by probe finger and template id. */
export class KnownScores {
  readonly #persons = new Map<string, Map<number, Map<string, number>>>()

  /** @param finger index of the probe finger */
  add(person: string, finger: number, templateId: string, score: number): void {
    const fingers = this.#persons.get(person) ?? new Map<number, Map<string, number>>()
    const scores = fingers.get(finger) ?? new Map<string, number>()
    this.#persons.set(person, fingers)
    fingers.set(finger, scores)
    scores.set(templateId, score)
  }

  get(person: string, finger: number, templateId: string): number | undefined {
    return this.#persons.get(person)?.get(finger)?.get(templateId)
  }

  /** Persons with any score. */
  get persons(): IterableIterator<string> {
    return this.#persons.keys()
  }

  /** The best score of each probe finger that has any with this person. */
  best(person: string): number[] {
    return Array.from(this.#persons.get(person)?.values() ?? [], scores => Math.max(...scores.values()))
  }
}
