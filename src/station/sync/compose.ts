import { randomBytes } from 'node:crypto'
import { readOptions, wholeNumber } from '../../options.js'
import { timeOf } from '../clock.js'
import { entryAt } from '../journal/read.js'
import { partsOf, type Station } from '../station.js'
import { dueAnswers, MOST_ANSWERS, missingAnswers } from './answers-out.js'
import { type Ground, groundFor, keepLine, lineOf } from './ground.js'
import { heard } from './heard.js'
import { type EntryName, type Message, MOST, type SentEntry, type Want } from './message-schema.js'
import { isNamedFrom } from './naming.js'
import { noteSent } from './offer-again.js'
import { ENTRIES_AT_ONCE, rowsOfAll, sentEntryOf, unsentFor } from './outbox.js'
import { serveWants } from './payloads-out.js'
import { journalsFrom } from './trust.js'
import { wantsFrom } from './wants.js'

/** Bytes of a message unless told. */
export const DEFAULT_MESSAGE_BYTES = 1_048_576
export const LEAST_MESSAGE_BYTES = 16_384
export const MOST_MESSAGE_BYTES = 8_388_608

/** Payloads that are asked for at once: two messages' worth of small ones. */
const MOST_WANTS = 512

/** Entries of a message: each is read, opened and checked, while others wait. */
const MOST_ENTRIES = 1_024

/**
 * Of a message, what chunks leave to entries: 1 / 16, which names payloads for more than the next message (a record has 2.5 KB of entry and 150 KB of
 * payloads). Without it every third message of a backlog held little but entries.
 */
const ENTRIES_SHARE = 16

/** What an entry adds to a message beside header and body, about. */
const ENTRY_TEXT_BYTES = 160

export interface ComposeOptions {
  /** About how long the message may become; a single entry may be longer. 16 KiB to 8 MiB, 1 MiB unless given. */
  readonly maxBytes?: number
  /** The peer's last message: what it wants and where it has gaps. */
  readonly answering?: Pick<Message, 'wants' | 'gaps'>
  /** Where the message before ended, for messages that are written one after the other without an answer: what a bundle is made of. */
  readonly course?: Course
}

/**
 * How far messages have come that are written without waiting for answers. Payloads go with their entries then, as nobody can ask
 * for them; begun anew with each bundle.
 */
export class Course {
  /** Of the last of them: who answers it has taken them all. */
  readonly nonce = newNonce()
  /** The last entry that was written of each journal. */
  readonly through = new Map<string, number>()
  /** Payloads that have still to be written. */
  wants: Want[] = []
  /** Payloads that were. */
  readonly written = new Set<string>()
  /** What the peer is told of its entries, and stays due until `forgetAnswers`: a bundle that is not finished has told nothing. */
  readonly answers: EntryName[] = []
}

export interface Composed {
  readonly message: Message
  /** Whether it says anything but what is held. */
  readonly isEmpty: boolean
}

/**
 * A message to a peer: receipts and refusals that it waits for, chunks that it asked for, then entries that it lacks, until it is full.
 * `message.more` says that more could be said at once.
 *
 * @throws SidikError PEER_UNKNOWN, STATION_CLOSED
 */
export function compose(station: Station, peer: string, options?: ComposeOptions): Composed {
  const { maxBytes = DEFAULT_MESSAGE_BYTES, ...given } = readOptions('compose', options, [
    'maxBytes',
    'answering',
    'course',
  ])
  wholeNumber('maxBytes', maxBytes, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)
  const ground = groundFor(station, peer)
  return ground.file.transaction(() => composeOn(ground, maxBytes, given))
}

function composeOn(ground: Ground, maxBytes: number, options: ComposeOptions): Composed {
  const { answering, course } = options
  const wants = course?.wants ?? answering?.wants ?? []
  const { self, peer, station } = ground
  const answered = course?.nonce ?? newNonce()
  const said = {
    ...dueAnswers(ground, course?.answers),
    asks: missingAnswers(ground),
    wants: wantsFrom(ground, MOST_WANTS),
  }
  const served = serveWants(ground, wants, maxBytes - maxBytes / ENTRIES_SHARE)
  const again = entriesAgain(ground, answered, maxBytes)
  const room = maxBytes - served.bytes - again.bytes
  const more = newEntries(ground, room, 2 * maxBytes - served.leftBytes, options)
  if (course !== undefined) goOn(course, served.left, wants, [...again.payloads, ...more.payloads])
  const isMore =
    more.isMore ||
    again.isMore ||
    said.receipts.length + said.refusals.length >= MOST_ANSWERS ||
    (course === undefined ? served.left : course.wants).length > 0
  const line = lineOf(ground)
  keepLine(ground, { sent_nonce: answered })
  const message: Message = {
    v: 1,
    from: self,
    to: peer.id,
    nonce: course !== undefined && isMore ? newNonce() : answered,
    ...(isNonce(line.taken_nonce) && { inReplyTo: line.taken_nonce }),
    at: timeOf(partsOf(station).clock),
    room: maxBytes,
    ...holdsFrom(ground),
    entries: [...again.entries, ...more.entries],
    chunks: served.chunks,
    lacks: served.lacks,
    ...said,
    more: isMore,
  }
  const { entries, chunks, lacks, receipts, refusals } = message
  const isEmpty = [entries, chunks, lacks, receipts, refusals, said.asks, said.wants].every(
    ({ length }) => length === 0,
  )
  return { message, isEmpty }
}

/** Whether a kept text can be a nonce. One that cannot was edited: the message answers none then. */
function isNonce(value: string | null): value is string {
  return value !== null && /^[A-Za-z0-9_-]{22}$/.test(value)
}

function newNonce(): string {
  return randomBytes(16).toString('base64url')
}

/** What is held of the journals that come from the peer, and which parts are missing before later ones. */
function holdsFrom({ file, peer }: Ground): Pick<Message, 'holds' | 'gaps'> {
  const holds: Message['holds'] = []
  const gaps: Message['gaps'] = []
  for (const station of journalsFrom(file, peer).slice(0, MOST.holds)) {
    const { through, hash } = heard(file, station)
    if (through > 0) holds.push({ station, through, hash })
    if (gaps.length >= MOST.gaps) continue
    const next = file.get<{ sequence: number }>(
      'SELECT sequence FROM journal WHERE station = ? AND sequence > ? AND applied IS NULL ORDER BY sequence LIMIT 1',
      station,
      through,
    )
    // One that follows at once is no gap: it was held, and has its turn when it is sent again.
    if (next !== undefined && next.sequence > through + 1) {
      gaps.push({ station, from: through + 1, to: next.sequence - 1 })
    }
  }
  return { holds, gaps }
}

interface EntriesAgain {
  readonly entries: SentEntry[]
  /** Payloads that the entries name. */
  readonly payloads: string[]
  readonly bytes: number
  readonly isMore: boolean
}

/** Entries that the peer has, and shall have again: with contents that were refused, or that came late. */
function entriesAgain(ground: Ground, nonce: string, maxBytes: number): EntriesAgain {
  const { file, peer } = ground
  const rows = file.all<{ station: string; sequence: number }>(
    `SELECT again.station, again.sequence FROM again LEFT JOIN journal j USING (station, sequence)
     WHERE peer = ? AND nonce IS NULL ORDER BY j.applied, again.station, again.sequence LIMIT ?`,
    peer.id,
    ENTRIES_AT_ONCE,
  )
  const entries: SentEntry[] = []
  const payloads: string[] = []
  let bytes = 0
  let isMore = rows.length >= ENTRIES_AT_ONCE
  for (const { station, sequence } of rows) {
    if (bytes > maxBytes) {
      isMore = true
      break
    }
    file.run(
      'UPDATE again SET nonce = ? WHERE peer = ? AND station = ? AND sequence = ?',
      nonce,
      peer.id,
      station,
      sequence,
    )
    const row = entryAt(file, station, sequence)
    if (row === undefined) continue
    const { sent, header, isUseful } = sentEntryOf(ground, row)
    entries.push(sent)
    if (isUseful) payloads.push(...header.payloads.map(({ hash }) => hash))
    bytes += bytesOf(sent)
  }
  return { entries, payloads, bytes, isMore }
}

interface NewEntries {
  readonly entries: SentEntry[]
  /** Payloads that the entries name. */
  readonly payloads: string[]
  readonly isMore: boolean
}

/** Entries for `room` bytes, or until the payloads that they bring with them would be more than `payloadRoom`. */
function newEntries(ground: Ground, room: number, payloadRoom: number, options: ComposeOptions): NewEntries {
  const last = new Map<string, number>()
  const more = entriesAfter(ground, room, payloadRoom, options, last)
  for (const [station, sequence] of last) noteSent(ground, station, sequence)
  return more
}

/** @param last of each journal's entries, to be filled */
function entriesAfter(
  ground: Ground,
  room: number,
  payloadRoom: number,
  options: ComposeOptions,
  last: Map<string, number>,
): NewEntries {
  const { answering, course } = options
  const entries: SentEntry[] = []
  const payloads: string[] = []
  let [left, payloadsLeft] = [room, payloadRoom]
  const parts = unsentFor(ground, course?.through).map(part => {
    // What the peer holds behind a gap is not sent again.
    const gap = answering?.gaps.find(({ station }) => station === part.station)
    return { ...part, to: Math.min(part.to, gap?.to ?? part.to) }
  })
  for (const row of rowsOfAll(ground, parts)) {
    if (left <= 0 || payloadsLeft <= 0 || entries.length >= MOST_ENTRIES) return { entries, payloads, isMore: true }
    const { sent, header, isUseful } = sentEntryOf(ground, row)
    entries.push(sent)
    left -= bytesOf(sent)
    for (const { hash, size } of isUseful ? header.payloads : []) {
      if (cameFrom(ground, hash)) continue
      payloads.push(hash)
      payloadsLeft -= size
    }
    course?.through.set(row.station, row.sequence)
    last.set(row.station, row.sequence)
  }
  return { entries, payloads, isMore: false }
}

/**
 * Whether a peer below, or a station beyond it, has sent an entry with this payload: the templates of its own records need not go back to it.
 * Those above may have been restored from an old copy, and need again what they once named themselves.
 */
function cameFrom({ file, peer }: Ground, hash: string): boolean {
  if (peer.relation === 'upstream') return false
  return isNamedFrom(file, Buffer.from(hash, 'hex'), peer.id)
}

function bytesOf({ header, body }: SentEntry): number {
  return header.length + (body?.length ?? 0) + ENTRY_TEXT_BYTES
}

/** Payloads of the entries follow in this message's successors. */
function goOn(course: Course, left: readonly Want[], wants: readonly Want[], payloads: readonly string[]): void {
  for (const { hash } of wants) course.written.add(hash)
  const fresh = [...new Set(payloads)].filter(
    hash => !course.written.has(hash) && !left.some(want => want.hash === hash),
  )
  course.wants = [...left, ...fresh.map(hash => ({ hash, offset: 0 }))]
}
