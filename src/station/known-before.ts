/** Stations that are not known any more, as the word was revoked that had made them known, by the keys that it said. */

import { isSignedBy } from './journal/free.js'
import type { BodyOf } from './journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, newestEntry } from './journal/read.js'
import type { StationParts } from './station.js'
import type { Relation } from './types.js'

export interface KnownBefore {
  readonly relation: Relation
  readonly verifyKey: string
}

/**
 * Keys that words held here say of a station: that by which its newest entry is signed, and where none of it is
 * here, all of them.
 */
export function knownBefore({ file, keys }: StationParts, id: string): KnownBefore[] {
  const said = file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE kind IN ('peer', 'station-trusted', 'revoked')
     AND kind <> 'revoked' AND body IS NOT NULL AND mac IS NOT NULL`,
  )
  const found = new Map<string, KnownBefore>()
  for (const row of said) {
    const { peer, station } = bodyOf(file, keys, row) as Partial<BodyOf<'peer'> & BodyOf<'station-trusted'>>
    const { verifyKey } = peer ?? station!
    // Only of a station below does a person say by whose word it is known.
    if ((peer ?? station!).id === id) found.set(verifyKey, { verifyKey, relation: peer?.relation ?? 'downstream' })
  }
  const newest = newestEntry(file, id)
  return [...found.values()].filter(({ verifyKey }) => newest === undefined || isSignedBy(newest, { id, verifyKey }))
}
