import type { Station } from '../../station/station.js'
import { partsOf } from '../../station/station.js'

/** Thrown by whatever touches a station whose power is gone. */
export class PowerCut extends Error {
  /** Kinds of the entries that were undone; none where the printer was at work. */
  readonly unwritten: readonly string[]

  constructor(unwritten: readonly string[]) {
    super('the power is gone')
    this.unwritten = unwritten
  }
}

/**
 * The power of the machine that has a station open. When it goes, the transaction that runs is not finished, and nothing reaches the file
 * through this handle any more, not even the end of the program.
 */
export class Power {
  #entriesLeft = Number.POSITIVE_INFINITY
  #cut: PowerCut | undefined
  /** Kinds of the entries of the transaction that runs. */
  #unwritten: string[] = []

  /** @param station just opened; from now on it has power as long as this says */
  constructor(station: Station) {
    const { file } = partsOf(station)
    const { run, get, all, transaction } = file
    file.run = (sql, ...values) => {
      this.#assertOn()
      const changed = run.call(file, sql, ...values)
      if (!sql.includes('INTO journal')) return changed
      this.#unwritten.push(kindIn(values))
      if (--this.#entriesLeft <= 0) this.cut()
      return changed
    }
    file.get = <Row>(sql: string, ...values: Parameters<typeof get>[1][]) => {
      this.#assertOn()
      return get.call(file, sql, ...values) as Row | undefined
    }
    file.all = <Row>(sql: string, ...values: Parameters<typeof all>[1][]) => {
      this.#assertOn()
      return all.call(file, sql, ...values) as Row[]
    }
    file.transaction = <T>(work: () => T) => {
      this.#assertOn()
      if (file.inTransaction) return transaction.call(file, work) as T
      try {
        return transaction.call(file, work) as T
      } finally {
        this.#unwritten = []
      }
    }
  }

  get isOn(): boolean {
    return this.#cut === undefined
  }

  /** The power goes inside the transaction that writes the entry of that number from now. */
  cutAt(entry: number): void {
    this.#entriesLeft = entry
  }

  /** Now. @throws PowerCut */
  cut(): never {
    this.#cut = new PowerCut(this.#unwritten)
    throw this.#cut
  }

  #assertOn(): void {
    if (this.#cut !== undefined) throw this.#cut
  }
}

/** The fourth column of an entry's row. */
const kindIn = (values: readonly unknown[]) => String(values[3])
