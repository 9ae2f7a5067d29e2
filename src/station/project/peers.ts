/**
 * The stations that this one synchronises with, those that they vouch for, and those that were
 * revoked; with their keys. The first word about a station stands: only a person here changes by
 * which key, or by whose word, it is known.
 */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { StationFile } from '../store/database.js'
import type { Relation } from '../types.js'
import { mayDefine, mayRevoke } from './authority.js'
import type { Projected } from './projected.js'
import { SELF } from './standing.js'

type NamedStation = BodyOf<'station-trusted'>['station']

/** Most stations behind one peer: all offices of a province, and what a message can say to hold. */
export const MOST_BEHIND_A_PEER = 4_096

export function projectPeer(to: Projected, entry: SignedEntry, { peer }: BodyOf<'peer'>): void {
  if (entry.header.station === to.self) ownPeer(to, peer)
  else vouched(to, entry.header.station, peer)
}

/** Said by this station alone; another's word of it is of no use here. */
export function projectOwnCentre({ file, self }: Projected, { header }: SignedEntry): void {
  if (header.station === self)
    file.run('INSERT INTO own_centre (one, since) VALUES (1, ?) ON CONFLICT DO NOTHING', header.at)
}

/** A peer that is named again has new keys. What others say of it does not count any more. */
function ownPeer(to: Projected, peer: BodyOf<'peer'>['peer']): void {
  const { file } = to
  const { id, relation, verifyKey, sealTo, vouches } = peer
  file.run(
    `INSERT INTO peer (id, relation, verify_key, seal_to, vouches) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET relation = excluded.relation, verify_key = excluded.verify_key,
       seal_to = excluded.seal_to, vouches = excluded.vouches`,
    id,
    relation,
    verifyKey,
    sealTo,
    vouches === undefined ? null : Number(vouches),
  )
  file.run('DELETE FROM vouched WHERE station = ?', id)
  restore(to, peer)
  revokeKnown(to, peer)
}

/** Those below vouch for those below them, those above for those above them. */
function vouched(to: Projected, by: string, peer: BodyOf<'peer'>['peer']): void {
  const { file, self } = to
  const voucher = voucherOf(file, by, peer.relation)
  const isKnown = file.get('SELECT 1 FROM peer WHERE id = ?', peer.id) !== undefined
  if (voucher === undefined || isKnown || peer.id === self || isFull(file, voucher.via)) return
  const { id, verifyKey, sealTo, vouches = false } = peer
  const isNew = file.run(
    `INSERT INTO vouched (station, verify_key, seal_to, voucher, via, relation, vouches)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    id,
    verifyKey,
    sealTo,
    by,
    voucher.via,
    peer.relation,
    Number(vouches),
  )
  if (isNew === 0) return
  restore(to, peer)
  revokeKnown(to, peer)
}

/**
 * Finds the peer by way of which `by` is reached; undefined if it may not vouch for stations on its
 * side.
 */
export function voucherOf(file: StationFile, by: string, relation: Relation): { readonly via: string } | undefined {
  const known = file.get<{ via: string; relation: Relation; vouches: number }>(
    `SELECT id AS via, relation, coalesce(vouches, 1) AS vouches FROM peer WHERE id = ?
     UNION ALL SELECT via, relation, vouches FROM vouched WHERE station = ? LIMIT 1`,
    by,
    by,
  )
  return known?.relation === relation && (relation === 'upstream' || known.vouches === 1) ? known : undefined
}

/** Whether there are as many stations behind a peer as may be. */
export function isFull(file: StationFile, via: string): boolean {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM vouched WHERE via = ?', via)!.n >= MOST_BEHIND_A_PEER
}

/** A person here has decided between two words about a station. */
export function projectTrusted(to: Projected, { header }: SignedEntry, body: BodyOf<'station-trusted'>): void {
  const { file, self } = to
  const { station, voucher } = body
  const by = file.get<{ via: string; relation: Relation }>(
    `SELECT id AS via, relation FROM peer WHERE id = ?
     UNION ALL SELECT via, relation FROM vouched WHERE station = ? LIMIT 1`,
    voucher,
    voucher,
  )
  if (header.station !== self || by === undefined) return
  const { id, verifyKey, sealTo, vouches = false } = station
  file.run(
    `INSERT OR REPLACE INTO vouched (station, verify_key, seal_to, voucher, via, relation, vouches)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    id,
    verifyKey,
    sealTo,
    voucher,
    by.via,
    by.relation,
    Number(vouches),
  )
  restore(to, station)
  revokeKnown(to, station)
}

/**
 * A station that was revoked may come back under another key, where none of its entries counts
 * (`freeJournal`). Entries of the new journal have the numbers of those that a peer refused, or gave a
 * receipt for.
 */
function restore({ file }: Projected, { id, verifyKey }: NamedStation): void {
  const isBack = file.run('DELETE FROM revoked WHERE station = ? AND verify_key <> ?', id, verifyKey) > 0
  if (!isBack) return
  for (const table of ['refusal', 'receipt']) file.run(`DELETE FROM ${table} WHERE station = ?`, id)
}

/**
 * Name under which `revoked` has a key for good, whether a station is known by it here, has come back
 * under another, or nobody has heard of it yet. No station has an id with a space.
 */
const revokedKey = (station: string, verifyKey: string) => `${station} ${verifyKey}`

/** Holds for rows of `revoked` about stations that are known here, by the key that was revoked. */
export const IS_OF_KNOWN = `instr(station, ' ') = 0`

/** The station whose people have revoked this key of a station, by whichever key that is known here. */
export function keyRevokedBy(file: StationFile, station: string, verifyKey: string): string | undefined {
  const sql = 'SELECT word_of AS by FROM revoked WHERE station = ?'
  return file.get<{ by: string }>(sql, revokedKey(station, verifyKey))?.by
}

/** Keys of a station of which people here have revoked all that they signed. */
export function keysRevokedFromFirst(file: StationFile, station: string): string[] {
  const sql = `SELECT verify_key AS verifyKey FROM revoked
    WHERE station BETWEEN ? AND ? AND from_sequence = 1 AND word_of = ${SELF}`
  const named = [`${station} `, `${station} ~`]
  return file.all<{ verifyKey: string }>(sql, ...named).map(({ verifyKey }) => verifyKey)
}

/** A station that becomes known by a key which was revoked before is revoked. */
function revokeKnown(to: Projected, { id, verifyKey }: NamedStation): void {
  const sql = 'SELECT from_sequence, word_of, verify_key, at FROM revoked WHERE station = ?'
  const row = to.file.get<Revoked>(sql, revokedKey(id, verifyKey))
  if (row !== undefined) revoke(to, id, row)
}

interface Revoked {
  readonly from_sequence: number
  readonly word_of: string
  readonly verify_key: string
  readonly at: string
}

/**
 * An earlier entry that is not believed stands against a later one, and of the same entry the word of
 * the people here, who alone undo what has taken effect.
 */
function revoke({ file, self }: Projected, name: string, { from_sequence, word_of, verify_key, at }: Revoked): void {
  file.run(
    `INSERT INTO revoked (station, from_sequence, word_of, verify_key, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (station) DO UPDATE SET from_sequence = excluded.from_sequence, word_of = excluded.word_of,
       at = excluded.at WHERE excluded.from_sequence < from_sequence
       OR (excluded.from_sequence = from_sequence AND excluded.word_of = ? AND word_of <> excluded.word_of)`,
    name,
    from_sequence,
    word_of,
    verify_key,
    at,
    self,
  )
}

/**
 * The word of this station's people counts, that of stations above, and that of who vouches for the
 * station. Of a key that the station is not known by here, that of the people here and above is kept
 * for whoever comes with it.
 */
export function projectRevoked(to: Projected, { header }: SignedEntry, body: BodyOf<'revoked'>): void {
  const { file } = to
  const { station, from, verifyKey } = body
  const known = file.get<{ verify_key: string }>(
    'SELECT verify_key FROM peer WHERE id = ? UNION ALL SELECT verify_key FROM vouched WHERE station = ? LIMIT 1',
    station,
    station,
  )
  const key = verifyKey ?? known?.verify_key
  if (key === undefined || !mayRevoke(to, header.station, station)) return
  const isOfKnown = key === known?.verify_key
  if (!isOfKnown && !mayDefine(to, header.station)) return
  const row = { from_sequence: from, word_of: header.station, verify_key: key, at: header.at }
  revoke(to, revokedKey(station, key), row)
  if (isOfKnown) revoke(to, station, row)
}

/** Whether an entry of another station counts: it is known, and was not revoked from there or from before on. */
export function isBelieved(file: StationFile, station: string, sequence: number): boolean {
  return isKnown(file, station) && !isRevoked(file, station, sequence)
}

/** Stations that are peers, or for which one vouches: ids, in SQL. */
export const KNOWN_STATIONS = 'SELECT id FROM peer UNION ALL SELECT station FROM vouched'

/** Whether a station is a peer, or one vouches for it. */
export function isKnown(file: StationFile, station: string): boolean {
  const sql = 'SELECT 1 FROM peer WHERE id = ? UNION ALL SELECT 1 FROM vouched WHERE station = ?'
  return file.get(sql, station, station) !== undefined
}

/** Whether the station was revoked from this entry on, or from one before it. */
export function isRevoked(file: StationFile, station: string, sequence: number): boolean {
  return file.get('SELECT 1 FROM revoked WHERE station = ? AND from_sequence <= ?', station, sequence) !== undefined
}

/** Whether the station was revoked, from whichever entry on. */
export function isRevokedStation(file: StationFile, station: string): boolean {
  return file.get('SELECT 1 FROM revoked WHERE station = ?', station) !== undefined
}

/** The last entry of a station that is not revoked. */
export function believedThrough(file: StationFile, station: string): number {
  const sql = 'SELECT from_sequence AS "from" FROM revoked WHERE station = ?'
  return (file.get<{ from: number }>(sql, station)?.from ?? Number.MAX_SAFE_INTEGER) - 1
}
