/**
 * One value over all rows of the journal, whatever their order, that changes with each that is put
 * in, changed or taken out: the sum (XOR) of a keyed hash of each row's name, place and MAC
 * (MSet-XOR-Hash of Clarke et al., Asiacrypt 2003). Nobody without the key sees a hash or the sum,
 * so that no other rows can be chosen whose sum is the same: it lies masked in the file.
 */
import { randomBytes } from 'node:crypto'
import { decodeHeader, hashHeader } from '../journal/entry.js'
import { entryMac } from '../journal/entry-mac.js'
import { ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile, Value } from '../store/database.js'
import { headOf } from './head.js'

const NONCE_BYTES = 16

/**
 * SQL that is '' for a row of the types that its columns have while the table is STRICT: bytes are
 * the same text when they are joined to others, and are not found by it. Nobody's record is '-'.
 */
const typesOf = (row: string) =>
  `CASE WHEN typeof(${row}.station) || typeof(${row}.sequence) || typeof(${row}.kind) || typeof(${row}.direction)
      || typeof(${row}.hash) = 'textintegertexttextblob' AND typeof(${row}.applied) IN ('integer', 'null')
      AND typeof(${row}.record) IN ('text', 'null') AND typeof(${row}.mac) IN ('blob', 'null')
      AND ${row}.record IS NOT '-' THEN '' ELSE 'mistyped ' END`

/**
 * SQL for what a row counts by in files of versions to 9: its name, its place, and its MAC, or its
 * hash where nothing proves it.
 */
const olderExpressionOf = (row: string) =>
  `${typesOf(row)} || ${row}.station || ' ' || ${row}.sequence || ' ' || coalesce(${row}.applied, '-') || ' ' ||
   coalesce(hex(${row}.mac), 'unproven ' || hex(${row}.hash))`

/**
 * The same with the columns by which entries are found: one that has another record in its row is
 * missing among those about its own, and nobody looks at its MAC.
 */
const expressionOf = (row: string) =>
  `${olderExpressionOf(row)} || ' ' || ${row}.kind || ' ' || ${row}.direction || ' ' || coalesce(${row}.record, '-')`

export class JournalSum {
  readonly #keys: DataKeys

  constructor(keys: DataKeys) {
    this.#keys = keys
  }

  /** Keeps the masked sum in the head up to date with what this connection does to the journal. */
  keepIn(file: StationFile): void {
    const columns = ['station', 'sequence', 'applied', 'kind', 'direction', 'record', 'hash', 'mac']
    file.foldRows({ table: 'journal', columns, expressionOf, into: ['guard_head', 'journal'] }, (masked, value) =>
      this.masked(xor(this.#unmasked(masked), this.#hashOf(value))),
    )
  }

  /** The sum of all rows as they lie in the file. */
  of(file: StationFile): Buffer {
    return this.#of(file, expressionOf('journal'))
  }

  /**
   * Whether the sum that is kept is that of the rows as they lie in the file; of the same without the
   * columns that an older version left out, where these are as they were.
   */
  stateIn(file: StationFile): 'right' | 'older' | 'wrong' {
    const kept = headOf(file)?.journal
    if (kept === undefined || !this.#areBodiesHere(file)) return 'wrong'
    if (this.isOf(this.of(file), kept)) return 'right'
    return this.isOf(this.#of(file, olderExpressionOf('journal')), kept) && this.#areColumnsRight(file)
      ? 'older'
      : 'wrong'
  }

  /** By its MAC, a row without a body never had one here: else a word that took effect has none at the next look. */
  #areBodiesHere(file: StationFile): boolean {
    const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE body IS NULL AND mac IS NOT NULL`
    for (const row of file.each<EntryRow>(sql)) if (!entryMac(this.#keys, row).equals(row.mac!)) return false
    return true
  }

  /** By the MAC of each row; of one that was damaged, by its header, if that is whole. */
  #areColumnsRight(file: StationFile): boolean {
    for (const row of file.each<EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM journal WHERE mac IS NOT NULL`)) {
      if (entryMac(this.#keys, row).equals(row.mac!) || repeatsHeader(row)) continue
      return false
    }
    return true
  }

  #of(file: StationFile, expression: string): Buffer {
    let sum: Buffer = Buffer.alloc(NONCE_BYTES)
    file.eachValue('journal', expression, value => {
      sum = xor(sum, this.#hashOf(value))
    })
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

function repeatsHeader({ header, hash, kind, direction, record }: EntryRow): boolean {
  if (!hashHeader(header).equals(hash)) return false
  const said = decodeHeader(header)
  return said.kind === kind && said.direction === direction && (said.record ?? null) === record
}

function xor(a: Buffer, b: Buffer): Buffer {
  const sum = Buffer.allocUnsafe(NONCE_BYTES)
  for (let i = 0; i < NONCE_BYTES; i += 4) sum.writeInt32LE(a.readInt32LE(i) ^ b.readInt32LE(i), i)
  return sum
}
