import type { Stretch } from './findings.js'

/** Where a journal writes; see DedupeState. */
export interface JournalFile {
  append(stretches: readonly Stretch[]): Promise<void>
}

/** Searches in one record: their findings are 400 KB at most. */
const MOST_IN_RECORD = 128

/** Time between two writes, each of which waits for the disk. */
const WRITE_EVERY_MS = 200

/** Searches that may wait to be written. */
const MOST_WAITING = 1_024

/**
 * Writes down what the searches found, a few times a second and when much is waiting. After an error it writes nothing more,
 * because each stretch must follow the one before.
 */
export class Journal {
  readonly #file: JournalFile
  #waiting: Stretch[] = []
  #writing: Promise<void> | undefined
  #writtenMs = performance.now()
  #failure: { readonly error: unknown } | undefined

  constructor(file: JournalFile) {
    this.#file = file
  }

  /** Takes what one more search found; the caller waits only if the disk does not follow. */
  async add(stretch: Stretch): Promise<void> {
    this.#throwIfFailed()
    this.#waiting.push(stretch)
    if (this.#writing !== undefined) {
      if (this.#waiting.length >= MOST_WAITING) await this.#writing
      return
    }
    const due = performance.now() - this.#writtenMs >= WRITE_EVERY_MS
    if (due || this.#waiting.length >= MOST_WAITING) await this.#write()
  }

  /** Writes all that waits. */
  async flush(): Promise<void> {
    await this.#writing
    this.#throwIfFailed()
    if (this.#waiting.length > 0) await this.#write()
  }

  #write(): Promise<void> {
    const stretches = joined(this.#waiting)
    this.#waiting = []
    this.#writing = this.#append(stretches)
    return this.#writing
  }

  async #append(stretches: readonly Stretch[]): Promise<void> {
    try {
      await this.#file.append(stretches)
    } catch (error) {
      this.#failure = { error }
      throw error
    } finally {
      this.#writing = undefined
      this.#writtenMs = performance.now()
    }
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** The same in fewer stretches. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const records: Stretch[] = []
  for (let i = 0; i < stretches.length; i += MOST_IN_RECORD) {
    const some = stretches.slice(i, i + MOST_IN_RECORD)
    records.push({
      from: some[0].from,
      to: some[some.length - 1].to,
      findings: some.flatMap(({ findings }) => findings),
      truncated: some.flatMap(({ truncated }) => truncated),
    })
  }
  return records
}
