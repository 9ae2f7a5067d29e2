/**
 * The MAC of an entry as it lies in the file, made when its signature had been checked: who has no
 * key of the file can neither edit an entry, nor give it another place, nor write one. `hash` is
 * that of the header, which states the hash of the body.
 */
import { timingSafeEqual } from 'node:crypto'
import type { DataKeys } from '../store/data-keys.js'
import { hashHeader } from './entry.js'

/** Columns of a row of the journal that the MAC covers. */
interface Covered {
  readonly station: string
  readonly sequence: number
  readonly applied: number | null
  /** These repeat the header, and are what entries are looked up by. */
  readonly kind: string
  readonly direction: string
  readonly record: string | null
  readonly hash: Uint8Array
  readonly signature: Uint8Array
  readonly body: Uint8Array | null
}

export function entryMac(keys: DataKeys, row: Covered): Buffer {
  const { station, sequence, applied, kind, direction, record, hash, signature, body } = row
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const covered = [station, sequence, applied, kind, direction, record, hex(hash), hex(signature), body !== null]
  return keys.mac(`entry ${JSON.stringify(covered)}`)
}

/** Whether the entry is as this station took it; its header too. */
export function isEntryMac(
  keys: DataKeys,
  row: Covered & { readonly header: Uint8Array; readonly mac: Uint8Array | null },
): boolean {
  const { mac, header, hash } = row
  if (mac === null || !hashHeader(header).equals(hash)) return false
  const made = entryMac(keys, row)
  return mac.length === made.length && timingSafeEqual(mac, made)
}
