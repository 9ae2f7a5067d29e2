/** What the peers took and what they refused, as this station noted it after it had checked their signatures. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

export function projectReceipts(
  { file }: Projected,
  _entry: SignedEntry,
  { peer, receipts }: BodyOf<'receipts'>,
): void {
  for (const { station, sequence, hash, receivedAt, signature } of receipts) {
    file.run(
      `INSERT INTO receipt (station, sequence, peer, hash, received_at, signature) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET hash = excluded.hash, received_at = excluded.received_at, signature = excluded.signature, stands = 1`,
      station,
      sequence,
      peer,
      Buffer.from(hash, 'hex'),
      receivedAt,
      Buffer.from(signature, 'base64'),
    )
    setTransport(file, 'synchronised', station, sequence)
  }
}

/** What is not held any more waits again, until there is another receipt. */
export function projectReceiptsVoid(
  { file }: Projected,
  _: SignedEntry,
  { peer, station, after }: BodyOf<'receipts-void'>,
): void {
  file.run('UPDATE receipt SET stands = 0 WHERE peer = ? AND station = ? AND sequence > ?', peer, station, after)
  file.run(
    `UPDATE record SET transport_state = 'waiting' WHERE station = ? AND sequence > ? AND transport_state = 'synchronised'`,
    station,
    after,
  )
}

export function projectRefusals({ file }: Projected, { header }: SignedEntry, body: BodyOf<'refusals'>): void {
  for (const { station, sequence, code } of body.refusals) {
    file.run(
      `INSERT INTO refusal (station, sequence, peer, code, refused_at, state) VALUES (?, ?, ?, ?, ?, 'open')
       ON CONFLICT DO UPDATE SET code = excluded.code, refused_at = excluded.refused_at, state = 'open'`,
      station,
      sequence,
      body.peer,
      code,
      header.at,
    )
    setTransport(file, 'refused', station, sequence)
  }
}

export function projectRefusalSettled({ file }: Projected, _entry: SignedEntry, body: BodyOf<'refusal-settled'>): void {
  const { peer, station, sequence, state } = body
  file.run(
    'UPDATE refusal SET state = ? WHERE station = ? AND sequence = ? AND peer = ?',
    state,
    station,
    sequence,
    peer,
  )
  if (state === 'retried') setTransport(file, 'waiting', station, sequence)
}

/** Of a record whose newest version this entry is; of an older one nothing is changed. */
function setTransport(file: Projected['file'], state: string, station: string, sequence: number): void {
  file.run('UPDATE record SET transport_state = ? WHERE station = ? AND sequence = ?', state, station, sequence)
}
