/** Receipts and refusals of what was sent: checked, written into the journal, and so into the states of records. */
import { append } from '../journal/append.js'
import { type EntryRow, entryAt } from '../journal/read.js'
import { partsOf as stationParts } from '../station.js'
import type { Ground } from './ground.js'
import type { EntryName, Message, SentReceipt } from './message-schema.js'
import { dayOf, noteAnomaly } from './noted.js'
import { isSignedReceipt } from './receipt.js'
import { trustedKey } from './trust.js'

type SentRefusal = Message['refusals'][number]

/** Most answers in one entry, and at once: each takes a signature. */
const MOST_IN_ENTRY = 250

/** @returns how many were new and true */
export function* takeReceipts(ground: Ground, receipts: readonly SentReceipt[]): Generator<void, number> {
  const { station, peer } = ground
  // Only upstream answers for what it holds.
  if (peer.relation !== 'upstream') return 0
  let count = 0
  for (const part of partsOf(distinct(receipts))) {
    const taken = part.filter(receipt => isTrueAndNew(ground, receipt))
    if (taken.length > 0) {
      append(station, { kind: 'receipts', direction: 'local', body: { peer: peer.id, receipts: taken } })
    }
    for (const receipt of taken) doNotOffer(ground, receipt)
    count += taken.length
    yield
  }
  return count
}

/** @returns how many were new */
export function* takeRefusals(ground: Ground, refusals: readonly SentRefusal[]): Generator<void, number> {
  const { station, peer } = ground
  let count = 0
  for (const part of partsOf(distinct(refusals))) {
    const taken = part.filter(refusal => isOfOurs(ground, refusal) && !isAnswered(ground, refusal))
    if (taken.length > 0) {
      const named = taken.map(({ station, sequence, code }) => ({ station, sequence, code }))
      append(station, { kind: 'refusals', direction: 'local', body: { peer: peer.id, refusals: named } })
    }
    for (const refusal of taken) doNotOffer(ground, refusal)
    count += taken.length
    yield
  }
  return count
}

function isTrueAndNew(ground: Ground, receipt: SentReceipt): boolean {
  const { file, self, peer } = ground
  const { clock } = stationParts(ground.station)
  const { station, sequence, hash } = receipt
  const row = isOfOurs(ground, receipt)
  const parties = { from: peer.id, to: self }
  if (row === undefined || !isSignedReceipt(parties, receipt, trustedKey(peer.verifyKey, peer.id))) {
    const what = `a receipt of entry ${sequence} of station ${station} by station ${peer.id} is not signed by it, or of something else than was sent`
    noteAnomaly(ground.station, 'receipt-forged', `${peer.id} ${station} ${dayOf(clock)}`, what, peer)
    return false
  }
  const known = file.get<{ stands: number; hash: Uint8Array; signature: Uint8Array }>(
    'SELECT stands, hash, signature FROM receipt WHERE station = ? AND sequence = ? AND peer = ?',
    station,
    sequence,
    peer.id,
  )
  if (known === undefined) return true
  // One that was given before the peer lost what it was for does not count a second time.
  const isSame = Buffer.from(known.signature).toString('base64') === receipt.signature
  return !isSame && (known.stands === 0 || Buffer.from(known.hash).toString('hex') !== hash)
}

/** The entry that is meant, if it is one that is here. */
function isOfOurs({ file }: Ground, { station, sequence, hash }: EntryName): EntryRow | undefined {
  const row = entryAt(file, station, sequence)
  return row !== undefined && Buffer.from(row.hash).toString('hex') === hash ? row : undefined
}

/** Whether a receipt stands, or a refusal is known and not retried. */
function isAnswered({ file, peer }: Ground, { station, sequence }: SentRefusal): boolean {
  return (
    file.get(
      `SELECT 1 FROM receipt WHERE station = ? AND sequence = ? AND peer = ? AND stands = 1
       UNION ALL
       SELECT 1 FROM refusal WHERE station = ? AND sequence = ? AND peer = ? AND state <> 'retried'`,
      station,
      sequence,
      peer.id,
      station,
      sequence,
      peer.id,
    ) !== undefined
  )
}

function doNotOffer({ file, peer }: Ground, { station, sequence }: EntryName): void {
  file.run('DELETE FROM again WHERE peer = ? AND station = ? AND sequence = ?', peer.id, station, sequence)
}

function distinct<T extends EntryName>(answers: readonly T[]): T[] {
  return [...new Map(answers.map(answer => [`${answer.station} ${answer.sequence} ${answer.hash}`, answer])).values()]
}

function partsOf<T>(all: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let at = 0; at < all.length; at += MOST_IN_ENTRY) parts.push(all.slice(at, at + MOST_IN_ENTRY))
  return parts
}
