/** What was announced, sent and received under one note, and whether it is the same. */
import { keptJson, keptLines } from '../guard/kept-json.js'
import { isStationId } from '../identity.js'
import type { EntryHeader } from '../journal/entry.js'
import { rangesIn } from '../journal/kinds-stock.js'
import { type Difference, differences, inShort, type NotedLine } from '../stock/differences.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { mayDefine } from './authority.js'
import { noteDiscrepancy } from './discrepancies.js'
import type { Projected } from './projected.js'

type Way = 'announced' | 'sent' | 'received'

interface Note {
  readonly id: string
  /** The station whose note it is, if not the one that writes of it. */
  readonly station?: string
  readonly way: Way
  /** The other end, where it is a station; of what was received, who sent it by the receiver's words. */
  readonly other: string | null
  readonly lines: readonly NotedLine[]
  /** For printed cards, not for blanks. */
  readonly isOfCards?: boolean
}

interface NoteRow {
  readonly id: string
  readonly station: string
  readonly way: Way
  /** The station that it is for; of what was received {@link senderTag} of who sent it, or NULL. */
  readonly other: string | null
  readonly lines: string
}

/**
 * Stands for a station that a receipt says sent it: a receiver's words, which may be the name of a person, are not kept
 * where they can be read. NULL where they are no station's id.
 */
export function senderTag(keys: DataKeys, words: string): string | null {
  if (!isStationId(words)) return null
  return keys.tag(`sender ${words.toLowerCase()}`).toString('hex').slice(0, TAG_DIGITS)
}

/** Digits of a tag that are enough to tell two stations apart. */
const TAG_DIGITS = 32

/**
 * Keeps a note, and compares it with what is known of the other end: what was received with what was sent, or else announced. Whichever
 * comes second shows what differs. Two stations may use one number: a receipt that names the one is not compared with
 * the other's note.
 */
export function projectNote(to: Projected, header: EntryHeader, note: Note): void {
  const { id, station = header.station, way, other, lines, isOfCards = false } = note
  const { file } = to
  const known = notesOf(file, id)
  const before = known.find(row => row.station === station && row.way === way)
  file.run(
    'INSERT INTO shipment (id, station, way, other, at, lines) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    id,
    station,
    way,
    other,
    header.at,
    textOf(lines, isOfCards),
  )
  const now = { id, station, way, other, lines: '' }
  if (way === 'received') {
    const sent = noteFor(to, known, before ?? now)
    if (before !== undefined && isOfCards) cameLater(file, header, id, { sent, before, lines })
    else if (sent !== undefined) compare(file, header, id, linesOf(file, sent), lines)
    return
  }
  // Of an announcement that only passes on what was sent, nothing new can be said.
  if (way === 'announced' && known.some(note => note.way === 'sent' && note.station === station)) return
  const received = known.find(note => note.way === 'received' && note.station === other)
  if (received === undefined || noteFor(to, [now, ...known], received)?.station !== station) return
  compare(file, header, id, lines, linesOf(file, received))
}

function notesOf(file: StationFile, id: string): NoteRow[] {
  return file.all<NoteRow>('SELECT id, station, way, other, lines FROM shipment WHERE id = ? ORDER BY way, station', id)
}

type OfNote = Pick<NoteRow, 'station' | 'way' | 'other'>

/**
 * The note of what a station received: that of this station or one above it, which no word of the
 * receiver puts aside, before that of another which the receipt names, or any where it names none. And what
 * was sent rather than what was announced.
 */
export function noteFor<N extends OfNote>(
  to: Pick<Projected, 'file' | 'self' | 'keys'>,
  known: readonly N[],
  receipt: Pick<OfNote, 'station' | 'other'>,
): N | undefined {
  const notes = known.filter(({ way, other }) => way !== 'received' && other === receipt.station)
  const own = notes.filter(({ station }) => mayDefine(to, station))
  const named = notes.filter(({ station }) => [null, senderTag(to.keys, station)].includes(receipt.other))
  return [own, named].flatMap(some => some.find(({ way }) => way === 'sent') ?? some[0] ?? [])[0]
}

/** Lines of the note that a receipt under the number from `from` would be compared with; undefined without one. */
export function noteOf(
  to: Pick<Projected, 'file' | 'self' | 'keys'>,
  id: string,
  from: string,
): NotedLine[] | undefined {
  const receipt = { station: to.self, other: senderTag(to.keys, from) }
  const note = noteFor(to, notesOf(to.file, id), receipt)
  return note && linesOf(to.file, note)
}

function textOf(lines: readonly NotedLine[], isOfCards: boolean): string {
  const bare = lines.map(({ lot, quantity, serials }) => ({
    lot,
    quantity,
    serials,
    ...(isOfCards && { cards: true }),
  }))
  return JSON.stringify(bare)
}

/**
 * Most lines and ranges of serials that are kept of what came under one number, which is written anew
 * each time. A note has 500 cards.
 */
const MOST_CAME = 2_000

const sizeOf = (lines: readonly NotedLine[]) => lines.length + rangesIn({ lines })

/**
 * Adds cards that came after the others of their note; shows those that are not on it. More than
 * anybody sends under one number is put on record, and not kept.
 */
function cameLater(
  file: StationFile,
  header: EntryHeader,
  id: string,
  { sent, before, lines }: { sent: NoteRow | undefined; before: NoteRow; lines: readonly NotedLine[] },
): void {
  const kept = linesOf(file, before)
  if (sizeOf(kept) + sizeOf(lines) > MOST_CAME) {
    const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0)
    noteDiscrepancy(file, header, 'shipment-differs', { shipment: id, notKept: pieces })
  } else if (lines.length > 0) {
    const sql = `UPDATE shipment SET lines = ? WHERE id = ? AND station = ? AND way = 'received'`
    file.run(sql, textOf([...kept, ...lines], true), id, header.station)
  }
  if (sent === undefined) return
  for (const difference of differences(linesOf(file, sent), lines)) {
    if (difference.more.length > 0) {
      noteDiscrepancy(file, header, 'shipment-differs', { shipment: id, ...inNumbers({ ...difference, missing: [] }) })
    }
  }
}

/** @throws SidikError STATION_ALTERED where they are no list */
export function linesOf(file: StationFile, { id, lines }: Pick<NoteRow, 'id' | 'lines'>): NotedLine[] {
  return keptJson(file, keptLines, lines, `what is noted of shipment ${id}`)
}

function compare(
  file: StationFile,
  header: EntryHeader,
  shipment: string,
  sent: readonly NotedLine[],
  received: readonly NotedLine[],
): void {
  for (const difference of differences(sent, received)) {
    noteDiscrepancy(file, header, 'shipment-differs', { shipment, ...inNumbers(difference) })
  }
}

function inNumbers({ lot, before, after, missing, more }: Difference) {
  return {
    lot,
    sent: before,
    received: after,
    ...(missing.length > 0 && { missing: inShort(missing) }),
    ...(more.length > 0 && { more: inShort(more) }),
  }
}
