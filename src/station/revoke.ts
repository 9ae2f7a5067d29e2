/** Stations whose word does not count any more: a laptop that was lost, an office that cheats. */
import { SidikError } from '../errors.js'
import { readOptions, wholeNumber } from '../options.js'
import { allOpenCases, closeGoneCases } from './check/cases.js'
import { compareAgain } from './check/compare-again.js'
import { giveFingersAnew } from './check/fingers-below.js'
import { reviewCases } from './check/review-cases.js'
import { reopenCasesOfEarlier } from './check/said-cases.js'
import { momentMs } from './clock.js'
import { noteNoneStaysOfAll } from './enrol/staying.js'
import { stationId } from './identity.js'
import { append } from './journal/append.js'
import { entriesFrom, newestEntry, signedEntryOf } from './journal/read.js'
import { type KnownBefore, knownBefore } from './known-before.js'
import { decision } from './peers.js'
import { REVOKED } from './project/gallery.js'
import { IS_OF_KNOWN, isKnown } from './project/peers.js'
import { refold } from './project/refold.js'
import { partsOf, type Station, type StationParts } from './station.js'
import type { StationFile } from './store/database.js'
import { heard } from './sync/heard.js'

export interface RevokeOptions {
  /**
   * First entry of the station that is not believed: its number, or a time (ISO 8601), which means
   * the first entry held here that says to be of then or later. A number in a text is refused. Unless
   * given, all that is held here is believed. The station's clock says the times, and a thief can set
   * it: find what came here after the loss by its number.
   */
  readonly from?: number | string
  /** Why, in words. */
  readonly reason: string
  /** Person who decides. */
  readonly operator: string
}

/** Effects of a revocation. */
export interface Revocation {
  readonly station: string
  /** The first entry that is not believed. */
  readonly from: number
  /** Entries that had taken effect here, and have none now. */
  readonly undone: number
  /**
   * Records that only such entries had made known, those of stations that it had invented among them:
   * they are gone from lists and from the duplicate check.
   */
  readonly records: readonly string[]
}

/**
 * Stops believing a station. What it signed before `from` stays, and goes on to the other stations;
 * what comes after is refused here, and at all stations above and below that learn of it by
 * synchronising. Nothing is sent to it, nor taken from it, any more. It cannot be undone: the machine
 * comes back under another id.
 *
 * What this station wrote itself because of entries that are undone goes with them: fingers in the
 * duplicate check, cases, results of comparisons, that a card was issued. Records are the version
 * before again, with what was decided about that one, and are compared once more. What its people
 * decided stays: it clears no other version than the one that it was about.
 *
 * Stations that its word alone had made known are not known any more. Their entries stay here without
 * effect, and have it again when a person trusts the station (`trustStation`, `addPeer`), or another
 * one vouches for it, and its journal comes by way of that one. They can be revoked in turn: by the key
 * that the word said. Who comes under another key than their entries are signed with is not taken by
 * a vouch; a person decides, once those are revoked from 1 on.
 *
 * Where entries are undone that had taken effect, or the station has decided about records of others,
 * set them against each other or prints cards for them, all tables are made again from the journal: some
 * 50 s for 100,000 records, with the event loop held: one transaction, in one turn. What another
 * station wrote to make it long, and is believed, adds what its taking took: some 5 ms for each of
 * the largest entries. Revoke that station first: what it wrote is not opened then. Cards that were
 * printed by their word stay printed: the reports list them as differences.
 *
 * @throws TypeError, RangeError for what is not as its type says
 * @throws SidikError PEER_UNKNOWN for a station that nobody here knows; STATION_CLOSED, STATION_FULL,
 *   STATION_BUSY, STATION_CORRUPT: nothing was changed
 */
export function revokePeer(station: Station, id: string, options: RevokeOptions): Revocation {
  const parts = partsOf(station)
  const { file, keys, identity } = parts
  stationId('id', id)
  if (id === identity.id) throw new TypeError(`id is '${id}', which is this station itself`)
  const { from: given, ...decided } = readOptions('revokePeer', options, ['from', 'reason', 'operator'])
  const said = decision(decided)
  return file.transaction(() => {
    const known = knownStations(parts, id)
    const from = firstRevoked(file, id, given)
    const count = 'SELECT count(*) AS n FROM journal WHERE station = ? AND sequence >= ? AND applied IS NOT NULL'
    const undone = file.get<{ n: number }>(count, id, from)!.n
    const isFolded = undone > 0 || bindsOthers(file, id)
    const before = isFolded ? versions(file) : new Map()
    const cases = isFolded ? allOpenCases(file, identity.id) : []
    for (const { relation, verifyKey } of known) {
      const body = { station: id, from, verifyKey, ...said }
      if (relation === 'downstream') append(station, { kind: 'revoked', direction: 'up', body })
      append(station, { kind: 'revoked', direction: 'down', body })
    }
    if (isFolded) refold({ file, keys, self: identity.id })
    const after = isFolded ? versions(file) : before
    const records = [...before.keys()].filter(record => !after.has(record))
    for (const record of records) {
      append(station, { kind: 'removal', direction: 'down', record, body: { reason: REVOKED } })
    }
    closeGoneCases(station, cases)
    const earlier = [...after.keys()].filter(record => after.get(record) !== before.get(record))
    for (const record of earlier) {
      // With newcomers too, and at the stations below.
      compareAgain(station, record, said)
      giveFingersAnew(station, record)
      reopenCasesOfEarlier(station, record)
    }
    const told = isFolded ? toldOfCards(file, identity.id) : []
    for (const record of [...doubtedFor(file, identity.id, records), ...earlier, ...told]) reviewCases(station, record)
    if (isFolded) noteNoneStaysOfAll(station)
    return { station: id, from, undone, records }
  })
}

/**
 * Whether a station has refused records, opened cases, or has cards to print that others took back:
 * what it said so before it was revoked binds nobody any more, and words of others that it overruled count.
 */
function bindsOthers(file: StationFile, id: string): boolean {
  const sql = `SELECT 1 FROM journal WHERE station = ? AND kind IN ('decision', 'case-opened') AND applied IS NOT NULL
    UNION ALL SELECT 1 FROM card_request c JOIN journal j ON j.record = c.record
      WHERE c.prints = ? AND c.state = 'waiting' AND j.kind = 'card-cancelled' AND j.applied IS NOT NULL LIMIT 1`
  return file.get(sql, id, id) !== undefined
}

/** A station that is not believed from an entry on. */
export interface RevokedStation {
  readonly station: string
  readonly from: number
  /** The station whose people decided. */
  readonly by: string
  /** ISO 8601, as its clock said. */
  readonly at: string
  /**
   * Entries from `from` on that are held here and still count. Only people here can undo them:
   * `revokePeer` with the same `from` does.
   */
  readonly standing: number
}

export function revokedStations(station: Station): RevokedStation[] {
  const { file, identity } = partsOf(station)
  return file.all<RevokedStation>(
    `SELECT r.station, r.from_sequence AS "from", r.word_of AS by, r.at,
       CASE WHEN r.word_of = ? THEN 0 ELSE (SELECT count(*) FROM journal j
         WHERE j.station = r.station AND j.sequence >= r.from_sequence AND j.applied IS NOT NULL) END AS standing
     FROM revoked r WHERE ${IS_OF_KNOWN} ORDER BY r.station`,
    identity.id,
  )
}

/**
 * A station by its key; by all that were said of it, where it is not known any more.
 *
 * @throws SidikError PEER_UNKNOWN
 */
function knownStations(parts: StationParts, id: string): readonly KnownBefore[] {
  const known = parts.file.get<KnownBefore>(
    `SELECT relation, verify_key AS verifyKey FROM peer WHERE id = ?
     UNION ALL SELECT relation, verify_key FROM vouched WHERE station = ? LIMIT 1`,
    id,
    id,
  )
  const all = known === undefined ? knownBefore(parts, id) : [known]
  if (all.length > 0) return all
  throw new SidikError('PEER_UNKNOWN', `there is no station '${id}', neither a peer nor one that a peer vouches for`)
}

function firstRevoked(file: StationFile, id: string, given: number | string | undefined): number {
  if (typeof given === 'number') return wholeNumber('from', given, 1, Number.MAX_SAFE_INTEGER)
  // What is held ahead of a gap has had no effect, and may be there to move this on.
  const next = (isKnown(file, id) ? heard(file, id).through : (newestEntry(file, id)?.sequence ?? 0)) + 1
  if (given === undefined) return next
  const time = typeof given === 'string' ? momentMs(given) : undefined
  if (time === undefined) throw new TypeError('from must be the number of an entry, or a time (ISO 8601)')
  for (let sequence = 1; sequence < next; ) {
    const rows = entriesFrom(file, id, sequence, 1_000)
    const found = rows.find(row => Date.parse(signedEntryOf(row).header.at) >= time)
    if (found !== undefined) return found.sequence
    if (rows.length === 0) break
    sequence = rows[rows.length - 1].sequence + 1
  }
  return next
}

/** Records that this station has set against others which are gone. */
function doubtedFor(file: StationFile, self: string, gone: readonly string[]): string[] {
  const sql = `SELECT DISTINCT record FROM identity_case
    WHERE word_of = ? AND closed_at IS NULL AND other IN (SELECT value FROM json_each(?))`
  return file.all<{ record: string }>(sql, self, JSON.stringify(gone)).map(({ record }) => record)
}

/** Records whose stations were told by this one of cards that bear their NIK. */
function toldOfCards(file: StationFile, self: string): string[] {
  const sql = 'SELECT DISTINCT record FROM card_of_nik WHERE word_of = ?'
  return file.all<{ record: string }>(sql, self).map(({ record }) => record)
}

/** The entry that each record is as of. */
function versions(file: StationFile): Map<string, number> {
  const rows = file.all<{ id: string; sequence: number }>('SELECT id, sequence FROM record ORDER BY id')
  return new Map(rows.map(({ id, sequence }) => [id, sequence]))
}
