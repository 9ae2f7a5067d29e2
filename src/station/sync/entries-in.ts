/**
 * Entries that came: checked, and kept in the order of their journal.
 *
 * An entry's header is kept when its station has signed it and it follows the one before. Its contents (body and payloads) take effect when
 * all of them are here, which may be later than those of entries after it. Contents that cannot be taken are declined, with a code for the
 * sender; the header stays, so that the journal goes on behind it.
 */
import { SidikError } from '../../errors.js'
import { altered } from '../guard/altered.js'
import { readSignedEntry, type SignedEntry } from '../journal/entry.js'
import { changeEntry, holdEntry } from '../journal/insert.js'
import { assertUnaltered, bodyContext, type EntryRow, entryAt, signedEntryOf } from '../journal/read.js'
import { isRevoked, isRevokedStation } from '../project/peers.js'
import { whyNotTaken } from './contents.js'
import { decline, mayDeclineForm, oweAnswer, undecline } from './declined.js'
import type { Ground } from './ground.js'
import { heard, hearThrough } from './heard.js'
import { isKeyContested } from './key-conflicts.js'
import type { SentEntry } from './message-schema.js'
import { noteAnomaly } from './noted.js'
import { offerAgain } from './offer-again.js'
import type { RefusalCode } from './refusal-codes.js'
import { isForUs } from './routes.js'
import { settle, settleQueued } from './settle.js'
import { type Trusted, trustedKey, trustedStation } from './trust.js'

/** How far ahead of a gap entries are kept: sticks that are read in another order than they were written. */
const MOST_AHEAD = 100_000

/** Takes one entry; yields between those that follow it. @returns whether anything is here now that was not before */
export function* takeSentEntry(ground: Ground, sent: SentEntry): Generator<void, boolean> {
  const { file, self, peer } = ground
  const { entry, trusted } = readSent(ground, sent)
  if (entry === undefined || entry.header.station === self || trusted.relation !== peer.relation) return false
  const { station, sequence, previous } = entry.header
  if (isRevoked(file, station, sequence)) return revoked(ground, entry)
  const { through, hash } = heard(file, station)
  const present = entryAt(file, station, sequence)
  if (present !== undefined && !entry.hash.equals(present.hash)) return fork(ground, entry)
  if (sequence === through + 1 && previous !== hash) return fork(ground, entry)
  if (sequence > through + MOST_AHEAD) return false
  const body = contentsOf(ground, entry, sent.body, present)
  if (present === undefined) {
    if (sequence <= through) throw altered(file, `which entries of station ${station} are here`)
    holdEntry(ground, entry, body)
    if (sequence === through + 1) yield* goOn(ground, station)
    return true
  }
  // Held ahead of a gap that was closed, by a message that came to its end before this entry had its turn.
  if (sequence === through + 1) yield* goOn(ground, station)
  if (body === undefined || present.body !== null) return false
  takeLate(ground, present, body, sequence <= heard(file, station).through)
  yield* settleQueued(ground)
  return true
}

/** The entry, if a station signed it that is trusted. */
function readSent(ground: Ground, { header, signature }: SentEntry): Read {
  const station = stationIn(header)
  const trusted = station === undefined ? undefined : trustedStation(ground.file, station)
  if (trusted === undefined || isOfRevoked(ground, trusted)) return NOT_READ
  try {
    const key = trustedKey(trusted.verifyKey, trusted.station)
    const entry = readSignedEntry(Buffer.from(header), Buffer.from(signature, 'base64'), key)
    return { entry: { ...entry, hash: Buffer.from(entry.hash) }, trusted }
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    // What the other key signed is no forgery: which of the two is genuine, a person decides.
    if (!isKeyContested(ground.station, trusted.station, ground.peer.id)) {
      const what =
        `an entry of station ${station} that came by way of ${ground.peer.id} is not signed by it, ` +
        'or not written as entries are'
      noteAnomaly(ground.station, 'entry-forged', `${station} by ${ground.peer.id}`, what, ground.peer)
    }
    return NOT_READ
  }
}

/** A station that is known by the word of a peer which is not believed any more, whoever brings its entries now. */
function isOfRevoked({ file, peer }: Ground, { via, voucher }: Trusted): boolean {
  if (voucher === null || via === peer.id) return false
  return isRevokedStation(file, via)
}

type Read = { entry: SignedEntry & { hash: Buffer }; trusted: Trusted } | { entry: undefined; trusted: undefined }
const NOT_READ = { entry: undefined, trusted: undefined } as const

/** Whose entry a header claims to be, read before it is known whether it is one. */
function stationIn(header: string): string | undefined {
  return /^\{"v":1,"station":"([A-Za-z0-9._-]{1,64})"/.exec(header)?.[1]
}

/** The body, if it is of use here and can be taken; if it should and cannot, that is kept in mind for the sender. */
function contentsOf(
  ground: Ground,
  entry: SignedEntry,
  sent: string | undefined,
  present: EntryRow | undefined,
): Uint8Array | undefined {
  const { file, self, peer } = ground
  const { header, hash } = entry
  if (!isForUs(file, self, header, peer.relation)) return undefined
  const { station, sequence } = header
  if (sent === undefined) {
    // A hub that does not have the contents itself will send them when it does; the station that wrote them cannot.
    // Templates that others have overtaken are not sent.
    if (station !== peer.id || header.kind === 'gallery' || header.body === undefined || present?.body != null)
      return undefined
    return declined(ground, entry, 'BODY_MISSING')
  }
  oweAnswer(ground, header, hash)
  if (present?.body != null) return undefined
  const body = Buffer.from(sent)
  const code = whyNotTaken(ground, header, body)
  if (code !== undefined) return declined(ground, entry, code)
  undecline(ground, { station, sequence, hash })
  return body
}

function declined(ground: Ground, { header, hash }: SignedEntry, code: RefusalCode): undefined {
  decline(ground, { station: header.station, sequence: header.sequence, hash }, code)
  oweAnswer(ground, header, hash)
}

/** Contents of an entry whose header has been here for a while: a refusal that was retried, or a hub that got them late. */
function takeLate(ground: Ground, row: EntryRow, body: Uint8Array, isInPlace: boolean): void {
  const { file, keys } = ground
  const { station, sequence } = row
  changeEntry(ground, row, { body: keys.seal(body, bodyContext(station, sequence)), applied: null })
  offerAgain(ground, station, sequence)
  if (isInPlace) settle(ground, entryAt(file, station, sequence)!)
}

/** Entries that follow the last one in its place get theirs, one after the other: up to MOST_AHEAD. */
function* goOn(ground: Ground, station: string): Generator<void> {
  const { file } = ground
  for (;;) {
    // Read again each time: others may have brought the same journal since the last step.
    const { through, hash } = heard(file, station)
    const row = entryAt(file, station, through + 1)
    if (row === undefined) return
    const entry = signedEntryOf(row)
    if (entry.header.previous !== hash) {
      forget(ground, row)
      fork(ground, entry)
      return
    }
    // One that has taken effect was heard of before, and never does twice.
    if (row.applied === null) settle(ground, row)
    hearThrough(file, station, row.sequence)
    yield
    yield* settleQueued(ground)
  }
}

/** An entry that was kept ahead of a gap, and does not follow what came into the gap. */
function forget({ file }: Ground, { station, sequence }: EntryRow): void {
  file.run('DELETE FROM entry_payload WHERE station = ? AND sequence = ?', station, sequence)
  file.run('DELETE FROM journal WHERE station = ? AND sequence = ?', station, sequence)
}

/**
 * Declines an entry of a revoked station, and owes the peer that brings it an answer, so that it is
 * not sent again.
 */
function revoked(ground: Ground, entry: SignedEntry): false {
  const { station, sequence } = entry.header
  if (station === ground.peer.id || sequence > heard(ground.file, station).through + MOST_AHEAD) return false
  return notKept(ground, entry, 'STATION_REVOKED')
}

/** Two forms of one entry: what came first stays, and the other one is declined. */
function fork(ground: Ground, entry: SignedEntry): false {
  const { station, sequence } = entry.header
  // Nobody is blamed for what somebody did to this file.
  for (const place of [sequence - 1, sequence]) {
    const row = entryAt(ground.file, station, place)
    if (row !== undefined) assertUnaltered(ground.file, ground.keys, row)
  }
  const what = `entry ${sequence} of station ${station} came in two forms, or does not follow the one before: its disk was cloned, or restored from an old copy`
  noteAnomaly(ground.station, 'journal-fork', `${station} by ${ground.peer.id}`, what, ground.peer)
  return notKept(ground, entry, 'JOURNAL_FORK')
}

/** Declines a form of an entry that is not kept. It costs the sender no quota, so only some of each entry are. */
function notKept(ground: Ground, entry: SignedEntry, code: RefusalCode): false {
  const { header, hash } = entry
  const { station, sequence, direction } = header
  if (direction !== 'local' && mayDeclineForm(ground, { station, sequence, hash })) declined(ground, entry, code)
  return false
}
