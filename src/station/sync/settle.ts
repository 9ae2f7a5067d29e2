/**
 * An entry whose header is in its place takes effect when its contents are whole: body and all
 * payloads. Until then it is held, and those after it pass, but for those of its station about the
 * same record: these wait for it, so that nothing is undone by what was said before. Likewise those
 * about stock and cards wait for one another: books are kept in their order.
 *
 * Thousands may wait for one entry. They are queued in the file, and looked at one by one. A
 * message is taken in slices: if a crash between two of them leaves entries in the queue, the next
 * message takes them from it.
 */

import { tellOfVersion, tellWhetherStands } from '../check/fingers-below.js'
import { REVIEWED, reviewCases, reviewDecided } from '../check/review-cases.js'
import { reopenCasesOfEarlier } from '../check/said-cases.js'
import { noteCardOfDuplicate, noteNoneStays } from '../enrol/staying.js'
import { altered } from '../guard/altered.js'
import type { EntryHeader } from '../journal/entry.js'
import { changeEntry, releaseEntry } from '../journal/insert.js'
import type { BodyOf } from '../journal/kinds.js'
import { STOCK_BODIES } from '../journal/kinds-stock.js'
import { bodyOf, type EntryRow, entryAt, signedEntryOf } from '../journal/read.js'
import { noteIssued } from '../print/issued.js'
import { isRevoked } from '../project/peers.js'
import { MOVING } from '../stock/moves.js'
import { passOnBooked } from '../stock/pass-on.js'
import { hasPayload } from '../store/payloads.js'
import { whyNotOwn, whyNotRevoked, whyNotVouched } from './contents.js'
import { answerIsReady, decline } from './declined.js'
import { takingEffect, whyDefect } from './entry-defect.js'
import type { Ground } from './ground.js'
import { heard } from './heard.js'
import { whyNotNik } from './nik-quota.js'
import { offerAgain } from './offer-again.js'
import { type PayloadsState, payloadsState, providerFor } from './provided.js'
import type { RefusalCode } from './refusal-codes.js'
import { whyNotTemplates } from './templates.js'
import { whyNotVersion } from './version-quota.js'
import { FROM_PEER } from './wants.js'

/**
 * Lets the entry take effect if it is whole, and queues what waited for it. An entry without a body
 * is whole, and has no effect.
 */
export function settle(ground: Ground, row: EntryRow): void {
  if (!settleOne(ground, row)) return
  for (const sequence of waitingAfter(ground, signedEntryOf(row).header)) queue(ground, row.station, sequence)
}

/** Looks at what is queued of the peer's, until nothing is. Yields after each entry. */
export function* settleQueued(ground: Ground): Generator<void> {
  const { file, peer } = ground
  const first = `SELECT j.station, j.sequence, j.code FROM settling j WHERE ${FROM_PEER}
    ORDER BY j.station, j.sequence LIMIT 1`
  for (;;) {
    const next = file.get<{ station: string; sequence: number; code: RefusalCode | null }>(first, peer.id, peer.id)
    if (next === undefined) return
    const { station, sequence, code } = next
    file.run('DELETE FROM settling WHERE station = ? AND sequence = ?', station, sequence)
    const row = entryAt(file, station, sequence)
    if (row?.applied === null) {
      if (isGivenUp(code)) declineHeld(ground, row, code)
      else settle(ground, row)
    }
    yield
  }
}

/** Why a payload will not come. The row may have been edited: of another code, the entry is looked at as it is. */
const isGivenUp = (code: RefusalCode | null) => code === 'PAYLOAD_MISSING' || code === 'PAYLOAD_CORRUPT'

function queue({ file }: Ground, station: string, sequence: number): void {
  file.run('INSERT INTO settling (station, sequence) VALUES (?, ?) ON CONFLICT DO NOTHING', station, sequence)
}

/** Kinds of entries after which the card of a record may be handed over: it may have come before the record. */
const MAY_BE_ISSUED: readonly string[] = [
  ...['enrolled', 'corrected'],
  ...['card-requested', 'card-handed-over', 'card-passed-on', 'told-below'],
]

/** Kinds of entries after which the card of a duplicate may be known to be handed over. */
const TELLS_OF_CARD: readonly string[] = ['decision', 'card-handed-over', 'told-below']

/** @returns whether it took effect */
function settleOne(ground: Ground, row: EntryRow): boolean {
  // First, as it is asked at each of an entry's payloads.
  const payloads = row.body === null ? 'whole' : payloadsState(ground, row)
  if (payloads === 'lacking') return false
  const { header } = signedEntryOf(row)
  if (row.body !== null) assertHere(ground, header)
  if (row.body !== null && waitsForOther(ground, header)) return false
  const code = row.body === null ? undefined : whyNoEffect(ground, row, payloads)
  if (code !== undefined) {
    declineHeld(ground, row, code)
    return false
  }
  takingEffect(row, () => takeEffect(ground, row, header))
  return true
}

function takeEffect(ground: Ground, row: EntryRow, header: EntryHeader): void {
  releaseEntry(ground, row)
  if (row.body !== null) answerIsReady(ground, row)
  if (row.body !== null && REVIEWED.includes(header.kind)) {
    if (header.kind === 'gallery') reopenCasesOfEarlier(ground.station, header.record!)
    if (header.kind === 'decision') reviewDecided(ground.station, header.record!)
    else reviewCases(ground.station, header.record!)
    noteNoneStays(ground.station, header.record!)
  }
  // An entry of a card may name no record.
  if (row.body !== null && MAY_BE_ISSUED.includes(header.kind) && header.record !== undefined) {
    noteIssued(ground.station, header.record)
  }
  if (row.body !== null && TELLS_OF_CARD.includes(header.kind) && header.record !== undefined) {
    noteCardOfDuplicate(ground.station, header.record)
  }
  if (row.body === null || providerFor(ground, row.station) === undefined) return
  offerAgain(ground, row.station, row.sequence)
  tellOfVersion(ground.station, header)
  if (header.kind === 'corrected') tellWhetherStands(ground.station, header.record!)
  if (header.kind === 'stock-dispatched') {
    passOnBooked(ground.station, header, bodyOf(ground.file, ground.keys, row) as BodyOf<'stock-dispatched'>)
  }
}

/**
 * Looks for the payloads that the header names, whatever is listed beside it: a receipt follows.
 *
 * @throws SidikError STATION_ALTERED when one is not here
 */
function assertHere({ file }: Ground, { station, sequence, payloads }: EntryHeader): void {
  const isHere = payloads.every(({ hash }) => hasPayload(file, Buffer.from(hash, 'hex')))
  if (!isHere) throw altered(file, `which payloads entry ${sequence} of station ${station} names`)
}

/** Why an entry whose contents are here has none all the same. */
function whyNoEffect(ground: Ground, row: EntryRow, payloads: PayloadsState): RefusalCode | undefined {
  const { header } = signedEntryOf(row)
  const defect = whyDefect(ground, row)
  if (defect !== undefined) return defect
  if (isRevoked(ground.file, header.station, header.sequence)) return 'STATION_REVOKED'
  if (payloads === 'misstated') return 'PAYLOAD_CORRUPT'
  // Asked again: other words may have taken effect since the contents came.
  const overtaken = whyNotOwn(ground, header) ?? whyNotWordNow(ground, header, row)
  if (overtaken !== undefined) return overtaken
  return whyNotNik(ground, row) ?? whyNotVersion(ground, header) ?? whyNotTemplates(ground, header)
}

/** Why word of another station, that was held, does not count any more. */
function whyNotWordNow(ground: Ground, header: EntryHeader, row: EntryRow): RefusalCode | undefined {
  const body = () => bodyOf(ground.file, ground.keys, row)
  if (header.kind === 'revoked') return whyNotRevoked(ground, header, body() as BodyOf<'revoked'>)
  return header.kind === 'peer' ? whyNotVouched(ground, header, body() as BodyOf<'peer'>) : undefined
}

/** Entries that move stock, or are held against it. A card that is wanted moves nothing: others need not wait for its record's images. */
const BOOKED = [...new Set([...Object.keys(STOCK_BODIES), ...MOVING])]

/**
 * Finds the first entry of a kind that moves stock, between two sequences, that has not taken
 * effect. It asks kind by kind, as the index has them in their order. Parameters: the station, the
 * sequences.
 */
const FIRST_BOOKED = `SELECT min((
    SELECT min(sequence) FROM journal INDEXED BY journal_held_kind
    WHERE applied IS NULL AND station = ? AND kind = kinds.column1 AND sequence > ? AND sequence < ?
  )) AS sequence FROM (VALUES ${BOOKED.map(kind => `('${kind}')`).join(', ')}) AS kinds`

/** The first entry of a record. Parameters: the station, the record, the sequences. */
const FIRST_OF_RECORD = `SELECT min(sequence) AS sequence FROM journal INDEXED BY journal_held_record
  WHERE applied IS NULL AND record IS NOT NULL AND station = ? AND record = ? AND sequence > ? AND sequence < ?`

/**
 * The first entries between two sequences that share a record with an entry, or move stock as it
 * does, and have not taken effect.
 */
function held({ file }: Ground, { station, record, kind }: EntryHeader, after: number, before: number): number[] {
  const rows = [
    record === undefined ? undefined : file.get<FirstRow>(FIRST_OF_RECORD, station, record, after, before),
    BOOKED.includes(kind) ? file.get<FirstRow>(FIRST_BOOKED, station, after, before) : undefined,
  ]
  return rows.flatMap(row => row?.sequence ?? [])
}

interface FirstRow {
  readonly sequence: number | null
}

/** Whether its station said something of the same record, or of stock, before that has still to take effect. */
function waitsForOther(ground: Ground, header: EntryHeader): boolean {
  return held(ground, header, 0, header.sequence).length > 0
}

/** What waited for this entry alone, as far as is known: the next of its record, and the next that moves stock. */
function waitingAfter(ground: Ground, header: EntryHeader): number[] {
  return held(ground, header, header.sequence, heard(ground.file, header.station).through + 1)
}

/** Looks at the entry that waits for a payload which has come; several are queued. */
export function settleWaiting(ground: Ground, payload: Uint8Array): void {
  const { file } = ground
  const [first, second] = file.all<EntryPlace>(`${WAITING} LIMIT 2`, null, payload)
  if (first === undefined) return
  if (second === undefined) settle(ground, entryAt(file, first.station, first.sequence)!)
  else file.run(`INSERT INTO settling (station, sequence, code) ${WAITING} ON CONFLICT DO NOTHING`, null, payload)
}

/** Queues entries that come from the peer, and wait for a payload which will not come. */
export function declineWaiting({ file, peer }: Ground, payload: Uint8Array, code: RefusalCode): void {
  const sql = `INSERT INTO settling (station, sequence, code) ${WAITING} AND ${FROM_PEER} ON CONFLICT DO NOTHING`
  file.run(sql, code, payload, peer.id, peer.id)
}

interface EntryPlace {
  readonly station: string
  readonly sequence: number
}

/** Entries in their place that name a payload and have not taken effect. Parameters: the code, the payload. */
const WAITING = `SELECT DISTINCT j.station, j.sequence, ? AS code FROM entry_payload p
  CROSS JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
  JOIN heard h ON h.station = j.station
  WHERE p.hash = ? AND j.applied IS NULL AND j.body IS NOT NULL AND j.sequence <= h.through`

function declineHeld(ground: Ground, row: EntryRow, code: RefusalCode): void {
  const { file } = ground
  decline(ground, row, code)
  changeEntry(ground, row, { body: null })
  settle(ground, entryAt(file, row.station, row.sequence)!)
}
