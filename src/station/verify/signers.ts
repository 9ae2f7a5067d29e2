/** By which keys the stations of the journal are known. */
import type { KeyObject } from 'node:crypto'
import { verifyKeyOf } from '../identity.js'
import type { BodyOf } from '../journal/kinds.js'
import { decodeBody } from '../journal/kinds.js'
import { bodyBytesOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import type { PublicIdentity } from '../types.js'
import { plain } from './look.js'

/** Who has what key, as far as the caller knows; the rest of a PublicIdentity is not asked for. */
export type Signer = Pick<PublicIdentity, 'id' | 'verifyKey'>

/**
 * The station's own key and those of `pinned`, which no entry can change; of other stations all keys that entries of kind 'peer' named: what
 * they signed with a key that they have changed since is still theirs.
 */
export function signersOf(
  file: StationFile,
  keys: DataKeys,
  self: Signer,
  pinned: readonly Signer[],
): Map<string, KeyObject[]> {
  const known = [...pinned, self]
  const signers = new Map<string, KeyObject[]>(known.map(signer => [signer.id, [verifyKeyOf(signer)]]))
  for (const peer of peersNamed(file, keys)) {
    if (known.some(({ id }) => id === peer.id)) continue
    signers.set(peer.id, [verifyKeyOf(peer), ...(signers.get(peer.id) ?? [])])
  }
  return signers
}

function peersNamed(file: StationFile, keys: DataKeys): Signer[] {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal
    WHERE kind IN ('peer', 'station-trusted') AND body IS NOT NULL`
  return safely(() => file.all<EntryRow>(sql)).flatMap(row =>
    safely((): Signer[] => {
      const bytes = bodyBytesOf(file, keys, row)
      if (bytes === undefined) return []
      const body = decodeBody(row.kind, bytes)
      return [row.kind === 'peer' ? (body as BodyOf<'peer'>).peer : (body as BodyOf<'station-trusted'>).station]
    }),
  )
}

/** What is damaged is found elsewhere. */
function safely<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch (error) {
    plain(error)
    return []
  }
}
