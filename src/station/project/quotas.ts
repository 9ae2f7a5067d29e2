/** Quotas that a person has raised. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

/** The last word counts; that of another station has no effect. */
export function projectQuotaRaised(
  { file, self }: Projected,
  { header }: SignedEntry,
  body: BodyOf<'quota-raised'>,
): void {
  if (header.station !== self) return
  const sql = 'INSERT OR REPLACE INTO peer_quota (peer, quota, amount, until) VALUES (?, ?, ?, ?)'
  file.run(sql, body.peer, body.quota, body.amount, body.until)
}
