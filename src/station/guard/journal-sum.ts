/**
 * One value over all rows of the journal, whatever their order, that changes with each that is put
 * in, changed or taken out: the sum (XOR) of a keyed hash of each row's name, place and MAC
 * (MSet-XOR-Hash of Clarke et al., Asiacrypt 2003). Nobody without the key sees a hash or the sum,
 * so that no other rows can be chosen whose sum is the same: it lies masked in the file.
 */
import { randomBytes } from 'node:crypto'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile, Value } from '../store/database.js'

const NONCE_BYTES = 16

/** SQL for what a row counts by: its name, its place, and its MAC, or its hash where nothing proves it. */
const expressionOf = (row: string) =>
  `${row}.station || ' ' || ${row}.sequence || ' ' || coalesce(${row}.applied, '-') || ' ' ||
   coalesce(hex(${row}.mac), 'unproven ' || hex(${row}.hash))`

export class JournalSum {
  readonly #keys: DataKeys

  constructor(keys: DataKeys) {
    this.#keys = keys
  }

  /** Keeps the masked sum in the head up to date with what this connection does to the journal. */
  keepIn(file: StationFile): void {
    const columns = ['station', 'sequence', 'applied', 'hash', 'mac']
    file.foldRows({ table: 'journal', columns, expressionOf, into: ['guard_head', 'journal'] }, (masked, value) =>
      this.masked(xor(this.#unmasked(masked), this.#hashOf(value))),
    )
  }

  /** The sum of all rows as they lie in the file. */
  of(file: StationFile): Buffer {
    let sum: Buffer = Buffer.alloc(NONCE_BYTES)
    for (const { value } of file.each<{ value: string }>(`SELECT ${expressionOf('journal')} AS value FROM journal`)) {
      sum = xor(sum, this.#hashOf(value))
    }
    return sum
  }

  /** As it is kept in the file: the nonce of the mask, and the sum under it. */
  masked(sum: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    return Buffer.concat([nonce, xor(sum, this.#maskOf(nonce))])
  }

  isOf(sum: Buffer, masked: Uint8Array): boolean {
    return masked.length === 2 * NONCE_BYTES && this.#unmasked(masked).equals(sum)
  }

  #unmasked(masked: Uint8Array): Buffer {
    const [nonce, sum] = [masked.subarray(0, NONCE_BYTES), masked.subarray(NONCE_BYTES)]
    return xor(Buffer.from(sum), this.#maskOf(nonce))
  }

  #hashOf(value: Value): Buffer {
    return this.#keys.mac(`row ${value}`)
  }

  #maskOf(nonce: Uint8Array): Buffer {
    return this.#keys.mac(`mask ${Buffer.from(nonce).toString('hex')}`)
  }
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]))
}
