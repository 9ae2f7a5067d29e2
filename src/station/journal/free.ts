/** Room for the journal of a station that comes back under another key. */
import { SidikError } from '../../errors.js'
import { verifyKeyOf, verifyWith } from '../identity.js'
import { keyRevokedBy, keysRevokedFromFirst } from '../project/peers.js'
import type { StationFile } from '../store/database.js'
import type { PublicIdentity } from '../types.js'
import { leavePlaces } from './places.js'
import { type EntryRow, newestEntry } from './read.js'

/**
 * Takes out the entries of a station that were revoked from the first on, where it comes back under
 * another key: none of them has any effect, and the new journal begins at 1 as theirs did. To be
 * called in a transaction.
 *
 * @throws SidikError KEY_CONFLICT where entries count that are signed with another key than the new
 *   one; PEER_REVOKED where it comes back under the key that was revoked
 */
export function freeJournal(file: StationFile, { id, verifyKey }: PublicIdentity): void {
  const by = keyRevokedBy(file, id, verifyKey)
  if (by !== undefined) {
    const what = `station '${id}' was revoked with this key, by the people of '${by}'`
    const remedy = 'give the machine another id and new keys'
    const isOurs = file.get(`SELECT 1 FROM meta WHERE name = 'station' AND value = ?`, by) !== undefined
    const orElse = isOurs ? '' : `; where that word is false, revoke '${by}' from before it on`
    throw new SidikError('PEER_REVOKED', `${what}: ${remedy}${orElse}`)
  }
  const revoked = file.get<{ from: number; standing: 0 | 1 }>(
    `SELECT from_sequence AS "from",
       word_of <> (SELECT value FROM meta WHERE name = 'station')
         AND EXISTS (SELECT 1 FROM journal j WHERE j.station = r.station AND j.sequence >= r.from_sequence
           AND j.applied IS NOT NULL) AS standing
     FROM revoked r WHERE station = ?`,
    id,
  )
  const newest = newestEntry(file, id)
  if (newest === undefined) return
  if (revoked?.standing === 1) {
    // Another station's people said so, which undid nothing here.
    const what = `entries of station '${id}', which another station has revoked, still count here`
    throw new SidikError('KEY_CONFLICT', `${what}: revoke it here too, from its entry ${revoked.from} on (revokePeer)`)
  }
  if (revoked?.from === 1 || areRevoked(file, id, newest)) {
    dropJournal(file, id)
    return
  }
  if (isSignedBy(newest, { id, verifyKey })) return
  const what = `entries of station '${id}' are here that are signed with another key`
  throw new SidikError(
    'KEY_CONFLICT',
    `${what}: a machine that was set up anew gets another id; entries that are not its own are revoked from entry 1 on`,
  )
}

/** Whether entries of a station that are here are its own, if there are any. */
export function isRoomFor(file: StationFile, { id, verifyKey }: Pick<PublicIdentity, 'id' | 'verifyKey'>): boolean {
  const newest = newestEntry(file, id)
  return newest === undefined || isSignedBy(newest, { id, verifyKey })
}

/** Whether people here have revoked the key by which the newest entry of a station is signed, from the first entry on. */
function areRevoked(file: StationFile, id: string, newest: EntryRow): boolean {
  return keysRevokedFromFirst(file, id).some(verifyKey => isSignedBy(newest, { id, verifyKey }))
}

export const isSignedBy = ({ hash, signature }: EntryRow, by: Pick<PublicIdentity, 'id' | 'verifyKey'>) =>
  verifyWith(verifyKeyOf(by), hash, signature)

function dropJournal(file: StationFile, station: string): void {
  leavePlaces(file)
  const named = 'SELECT hash FROM entry_payload WHERE station'
  const alone = `hash IN (${named} = ?) AND hash NOT IN (${named} <> ?)`
  for (const table of ['payload', 'partial', 'partial_chunk']) {
    file.run(`DELETE FROM ${table} WHERE ${alone}`, station, station)
  }
  for (const table of ['entry_payload', 'journal', 'heard', 'acknowledged', 'due', 'again', 'declined', 'settling']) {
    file.run(`DELETE FROM ${table} WHERE station = ?`, station)
  }
}
