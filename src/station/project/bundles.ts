/** The bundles that this station wrote for peers, and those of peers that it took. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

export function projectExported({ file }: Projected, { header }: SignedEntry, body: BodyOf<'exported'>): void {
  file.run(
    `INSERT INTO bundle (way, id, peer, at, entries, bytes, journals) VALUES ('out', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    body.bundle,
    body.peer,
    header.at,
    body.entries,
    body.bytes,
    JSON.stringify(body.journals),
  )
}

export function projectImported({ file }: Projected, { header }: SignedEntry, body: BodyOf<'imported'>): void {
  file.run(
    `INSERT INTO bundle (way, id, peer, at, entries) VALUES ('in', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    body.bundle,
    body.peer,
    header.at,
    body.entries,
  )
}
