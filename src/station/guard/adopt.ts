/**
 * The guard of a new file, and of one that an older version wrote. The tables of such a file are
 * made anew from those entries of its journal that their stations have signed: a file that somebody
 * edited, or gives out for an older one, says no more than they do.
 */
import type { KeyObject } from 'node:crypto'
import { SidikError } from '../../errors.js'
import { verifyKeyOf, verifyWith } from '../identity.js'
import { decodeHeader, hashHeader } from '../journal/entry.js'
import { entryMac } from '../journal/entry-mac.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import { refoldByNewRules, refoldOld } from '../project/refold.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { dropOldKeys, noteOldKeys } from '../store/old-keys.js'
import type { PublicIdentity } from '../types.js'
import { altered } from './altered.js'
import { Guard } from './guard.js'
import { headOf } from './head.js'

const ENTRIES_AT_ONCE = 1_000

export interface Guarded {
  /** Entries that an older version took, and that nothing proves: they have no effect. */
  readonly unproven: number
}

/**
 * Checks the guard of a file, or begins one, in one transaction.
 *
 * @param hostKey as it was given to `keys`
 * @throws SidikError STATION_ALTERED; STATION_CORRUPT for a file of an older version of which an entry does not open
 */
export function guardFile(file: StationFile, keys: DataKeys, self: PublicIdentity, hostKey: Uint8Array): Guarded {
  let unproven = 0
  let old: Uint8Array[] = []
  if (headOf(file) === undefined) {
    file.transaction(() => {
      if (headOf(file) !== undefined) return
      unproven = adopt(file, keys, self)
      old = keys.sealedKeys()
      if (keys.isOld) {
        keys.renew(hostKey)
        noteOldKeys(file)
      }
      new Guard(file, keys, self.id).make()
    })
    keys.adopt(hostKey)
  }
  if (keys.isOld) throw altered(file, 'its keys, which are those of an older version, and so all of it,')
  if (file.watcher === undefined) new Guard(file, keys, self.id)
  ;(file.watcher as Guard).check()
  refoldByNewRules({ file, keys, self: self.id })
  if (old.length > 0) dropOldKeys(file, old)
  return { unproven }
}

/** @returns entries that are not proven */
function adopt(file: StationFile, keys: DataKeys, self: PublicIdentity): number {
  const isEmpty = file.get('SELECT 1 FROM journal LIMIT 1') === undefined
  const wasGuarded = keys.isMixed || file.get('SELECT 1 FROM journal WHERE mac IS NOT NULL LIMIT 1') !== undefined
  if (wasGuarded || (!isEmpty && !keys.isOld)) throw altered(file, 'what guards it was taken out, and it')
  const proven = proveAll(file, keys, self)
  const all = file.get<{ n: number }>('SELECT count(*) AS n FROM journal')!.n
  refoldOld({ file, keys, self: self.id })
  return all - proven
}

/**
 * Gives each entry its MAC that is signed by a key of its station, or that one which is names as
 * the one before. @returns how many
 */
function proveAll(file: StationFile, keys: DataKeys, self: PublicIdentity): number {
  const signers = new Map<string, KeyObject[]>([[self.id, [verifyKeyOf(self)]]])
  const done = new Map<string, { keys: number; entries: number }>()
  // Peers are named by entries of this station, others by those of stations that are known by then.
  for (let isMore = true; isMore; ) {
    isMore = false
    for (const [station, known] of [...signers]) {
      if (done.get(station)?.keys === known.length) continue
      const entries = prove(file, keys, station, known)
      done.set(station, { keys: known.length, entries })
      for (const peer of namedBy(file, keys, station)) {
        if (peer.id !== self.id) signers.set(peer.id, [verifyKeyOf(peer), ...(signers.get(peer.id) ?? [])])
      }
      isMore = true
    }
  }
  return [...done.values()].reduce((sum, { entries }) => sum + entries, 0)
}

/** From the newest entry to the first: what one says that is proven proves the one before. */
function prove(file: StationFile, keys: DataKeys, station: string, known: readonly KeyObject[]): number {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE station = ? AND sequence < ?
    ORDER BY sequence DESC LIMIT ${ENTRIES_AT_ONCE}`
  let [proven, expected] = [0, '']
  for (let below = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = file.all<EntryRow>(sql, station, below)
    if (rows.length === 0) return proven
    for (const row of rows) {
      // Those between are missing: it cannot be the one that was named.
      if (row.sequence !== below - 1) expected = ''
      below = row.sequence
      const previous = previousOf(row, expected, known)
      expected = previous ?? ''
      if (previous === undefined) continue
      proven++
      file.run(
        'UPDATE journal SET mac = ? WHERE station = ? AND sequence = ?',
        entryMac(keys, row),
        station,
        row.sequence,
      )
    }
  }
}

/**
 * The hash that a proven entry states of the entry before it; undefined if nothing proves the
 * entry.
 */
function previousOf(row: EntryRow, expected: string, known: readonly KeyObject[]): string | undefined {
  const hash = hashHeader(row.header)
  if (!hash.equals(row.hash)) return undefined
  if (hash.toString('hex') !== expected && !known.some(key => verifyWith(key, hash, row.signature))) return undefined
  const header = orUndefined(() => decodeHeader(row.header))
  if (header === undefined) return undefined
  const isRepeated = (['station', 'sequence', 'kind', 'direction'] as const).every(name => row[name] === header[name])
  return isRepeated && row.record === (header.record ?? null) ? header.previous : undefined
}

/** Stations whose keys proven entries of this one name. */
function namedBy(file: StationFile, keys: DataKeys, station: string): BodyOf<'peer'>['peer'][] {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE station = ? AND kind = 'peer' AND mac IS NOT NULL
    AND body IS NOT NULL ORDER BY sequence`
  return file.all<EntryRow>(sql, station).flatMap(row => {
    const body = orUndefined(() => bodyOf(file, keys, row) as BodyOf<'peer'> | undefined)
    return body === undefined ? [] : [body.peer]
  })
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SidikError) return undefined
    throw error
  }
}
