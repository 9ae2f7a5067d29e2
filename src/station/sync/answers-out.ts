/** Receipts and refusals of what a peer sent, and the question for those that are missing. */
import { timeOf } from '../clock.js'
import { partsOf } from '../station.js'
import { type EntryKey, owe } from './declined.js'
import type { Ground } from './ground.js'
import { type EntryName, isEntryName, isRefusal, type Message, MOST } from './message-schema.js'
import { providerFor } from './provided.js'
import { signReceipt } from './receipt.js'

interface DueRow {
  readonly station: string
  readonly sequence: number
  readonly hash: Uint8Array
  readonly code: string | null
  /** Whether the entry has taken effect with its contents: then they are on the disk, checked. */
  readonly whole: number
  /** Whether the entry is here in this form. */
  readonly here: number
}

/** Most answers in one message: each takes a signature. */
export const MOST_ANSWERS = 512

/** How many at most are looked at for one message. */
const MOST_LOOKED_AT = 4_096

/**
 * What can be said now of the entries that the peer waits for. Said once: if it is lost, the peer asks.
 *
 * @param said what messages before have said that may never leave this station: it is left out, what is said now is added, and it stays due
 *   until `forgetAnswers`
 */
export function dueAnswers(ground: Ground, said?: EntryName[]): Pick<Message, 'receipts' | 'refusals'> {
  const { peer, self, station } = ground
  const { signingKey, clock } = partsOf(station)
  const receivedAt = timeOf(clock)
  const receipts: Message['receipts'] = []
  const refusals: Message['refusals'] = []
  for (const row of readyFor(ground, said?.length ?? 0)) {
    if (receipts.length + refusals.length >= MOST_ANSWERS) break
    const name = { station: row.station, sequence: row.sequence, hash: Buffer.from(row.hash).toString('hex') }
    const isSayable = row.code === null ? isEntryName(name) : isRefusal({ ...name, code: row.code })
    // Somebody wrote that row.
    if (!isSayable) forgetAnswers(ground, [name])
    else if (row.code !== null) refusals.push({ ...name, code: row.code })
    else if (row.whole) receipts.push(signReceipt({ from: self, to: peer.id }, name, receivedAt, signingKey))
    else if (row.here) putOff(ground, row)
    else forgetAnswers(ground, [name])
  }
  if (said === undefined) forgetAnswers(ground, [...receipts, ...refusals])
  else said.push(...[...receipts, ...refusals].map(({ station, sequence, hash }) => ({ station, sequence, hash })))
  return { receipts, refusals }
}

function readyFor({ file, peer }: Ground, after: number): DueRow[] {
  return file.all<DueRow>(
    `SELECT d.station, d.sequence, d.hash, n.code,
       j.hash IS d.hash AS here, j.hash IS d.hash AND j.applied IS NOT NULL AND j.body IS NOT NULL AS whole
     FROM due d
     LEFT JOIN declined n ON n.station = d.station AND n.sequence = d.sequence AND n.hash = d.hash
     LEFT JOIN journal j ON j.station = d.station AND j.sequence = d.sequence
     WHERE d.peer = ? AND d.ready = 1 ORDER BY d.station, d.sequence, d.hash LIMIT ? OFFSET ?`,
    peer.id,
    MOST_LOOKED_AT,
    after,
  )
}

/** There is no answer yet: the entry says so when there is (`answerIsReady`). */
function putOff({ file, peer }: Ground, { station, sequence, hash }: DueRow): void {
  const sql = 'UPDATE due SET ready = 0 WHERE peer = ? AND station = ? AND sequence = ? AND hash = ?'
  file.run(sql, peer.id, station, sequence, hash)
}

/** They were said, or never will be. */
export function forgetAnswers({ file, peer }: Ground, answers: readonly EntryName[]): void {
  const sql = 'DELETE FROM due WHERE peer = ? AND station = ? AND sequence = ? AND hash = ?'
  for (const { station, sequence, hash } of answers) {
    file.run(sql, peer.id, station, sequence, Buffer.from(hash, 'hex'))
  }
}

/** Entries that upstream has said to hold, and has neither given a receipt for nor refused. */
export function missingAnswers({ file, peer }: Ground): EntryName[] {
  if (peer.relation !== 'upstream') return []
  const journals = file.all<{ station: string; through: number; settled: number }>(
    'SELECT station, through, settled FROM acknowledged WHERE peer = ? AND settled < through',
    peer.id,
  )
  const asks: EntryName[] = []
  for (const { station, through, settled } of journals) {
    if (asks.length >= MOST.asks) break
    const rows = file.all<{ sequence: number; hash: Uint8Array }>(
      `SELECT j.sequence, j.hash FROM journal j
       WHERE j.station = ? AND j.direction = 'up' AND j.direction <> 'local' AND j.sequence > ? AND j.sequence <= ? AND j.body IS NOT NULL
         AND j.applied IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.station = j.station AND r.sequence = j.sequence
           AND r.peer = ? AND r.stands = 1 AND r.hash = j.hash)
         AND NOT EXISTS (SELECT 1 FROM refusal f WHERE f.station = j.station AND f.sequence = j.sequence
           AND f.peer = ? AND f.state <> 'retried')
       ORDER BY j.sequence LIMIT ?`,
      station,
      settled,
      through,
      peer.id,
      peer.id,
      MOST.asks - asks.length,
    )
    asks.push(...rows.map(({ sequence, hash }) => ({ station, sequence, hash: Buffer.from(hash).toString('hex') })))
    // Answers come in their order, but for a few: what lies before the first that is missing need not be looked at again.
    const upTo = rows.length === 0 ? through : rows[0].sequence - 1
    if (upTo > settled) {
      file.run('UPDATE acknowledged SET settled = ? WHERE peer = ? AND station = ?', upTo, peer.id, station)
    }
  }
  return asks
}

/**
 * Notes that the peer waits for these. Asking costs it no quota: it may ask once of each entry that
 * it has brought, kept or declined, and what else it asks for is passed over.
 */
export function* takeAsks(ground: Ground, asks: readonly EntryName[]): Generator<void> {
  const { file, peer } = ground
  if (peer.relation !== 'downstream') return
  for (const { station, sequence, hash } of asks) {
    const entry = { station, sequence, hash: Buffer.from(hash, 'hex') }
    if (providerFor(ground, station) === peer.id && isKnown(ground, entry)) owe(file, peer.id, entry)
    yield
  }
}

/** Whether there is an answer to this form of an entry, or may be. */
function isKnown({ file }: Ground, { station, sequence, hash }: EntryKey): boolean {
  const sql = `SELECT 1 FROM journal WHERE station = ? AND sequence = ? AND hash = ? AND direction = 'up'
    UNION ALL SELECT 1 FROM declined WHERE station = ? AND sequence = ? AND hash = ?`
  return file.get(sql, station, sequence, hash, station, sequence, hash) !== undefined
}
