/** The stations that this one synchronises with, and those that they vouch for; with their keys. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

export function projectPeer(to: Projected, entry: SignedEntry, { peer }: BodyOf<'peer'>): void {
  if (entry.header.station === to.self) ownPeer(to, peer)
  else vouched(to, entry, peer)
}

/** A peer that is named again has new keys. */
function ownPeer({ file }: Projected, peer: BodyOf<'peer'>['peer']): void {
  file.run(
    `INSERT INTO peer (id, relation, verify_key, seal_to) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET relation = excluded.relation, verify_key = excluded.verify_key, seal_to = excluded.seal_to`,
    peer.id,
    peer.relation,
    peer.verifyKey,
    peer.sealTo,
  )
}

/**
 * Those below vouch for those below them, those above for those above them. The first word about a station counts: later ones by others
 * change nothing but the way to it, and only if they know it by the same key.
 */
function vouched({ file, self }: Projected, { header }: SignedEntry, peer: BodyOf<'peer'>['peer']): void {
  const voucher = file.get<{ via: string; relation: string }>(
    `SELECT id AS via, relation FROM peer WHERE id = ?
     UNION ALL SELECT via, relation FROM vouched WHERE station = ? LIMIT 1`,
    header.station,
    header.station,
  )
  if (voucher?.relation !== peer.relation || peer.id === self) return
  file.run(
    `INSERT INTO vouched (station, verify_key, seal_to, voucher, via, relation) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (station) DO UPDATE SET verify_key = excluded.verify_key, seal_to = excluded.seal_to,
       voucher = excluded.voucher, via = excluded.via
     WHERE relation = excluded.relation AND (voucher = excluded.voucher OR verify_key = excluded.verify_key)`,
    peer.id,
    peer.verifyKey,
    peer.sealTo,
    header.station,
    voucher.via,
    peer.relation,
  )
}
