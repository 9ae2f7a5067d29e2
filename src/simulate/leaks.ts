import { Buffer } from 'node:buffer'

/** Every simulated person's name holds this, and nothing else does. */
export const NAME_MARK = 'SIDIKSIM'

/** Sixteen digits in a row, wherever they begin. */
const SIXTEEN = /(?=(\d{16}))/g

/** Most finds that are kept. */
const KEPT = 20

/** Looks for simulated persons' names and NIKs in bytes that must not hold any in the clear. */
export class LeakSearch {
  searchedBytes = 0
  /** Where something was found, in words that do not repeat it. */
  readonly leaks: string[] = []
  readonly #niks: ReadonlySet<string>

  constructor(niks: ReadonlySet<string>) {
    this.#niks = niks
  }

  look(where: string, bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    this.searchedBytes += bytes.length
    if (text.includes(NAME_MARK)) this.#found(`${where}: a name`)
    for (const [, digits] of text.matchAll(SIXTEEN)) if (this.#niks.has(digits)) this.#found(`${where}: a NIK`)
  }

  #found(what: string): void {
    if (this.leaks.length < KEPT) this.leaks.push(what)
  }
}
