/** The stations that this one synchronises with, and their keys. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

/** Only this station's own word counts. A peer that is named again has new keys. */
export function projectPeer({ file, self }: Projected, { header }: SignedEntry, { peer }: BodyOf<'peer'>): void {
  if (header.station !== self) return
  file.run(
    `INSERT INTO peer (id, relation, verify_key, seal_to) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET relation = excluded.relation, verify_key = excluded.verify_key, seal_to = excluded.seal_to`,
    peer.id,
    peer.relation,
    peer.verifyKey,
    peer.sealTo,
  )
}
