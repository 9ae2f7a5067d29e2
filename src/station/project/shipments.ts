/** What was announced, sent and received under one note, and whether it is the same. */
import { keptJson, keptLines } from '../guard/kept-json.js'
import type { EntryHeader } from '../journal/entry.js'
import { rangesIn } from '../journal/kinds-stock.js'
import { type Difference, differences, inShort, type NotedLine } from '../stock/differences.js'
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
  /** The other end, where it is a station. */
  readonly other: string | undefined
  readonly lines: readonly NotedLine[]
  /** For printed cards, not for blanks. */
  readonly isOfCards?: boolean
}

interface NoteRow {
  readonly id: string
  readonly station: string
  readonly way: Way
  readonly other: string | null
  readonly lines: string
}

/**
 * Keeps a note, and compares it with what is known of the other end: what was received with what was sent, or else announced. Whichever
 * comes second shows what differs.
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
    other ?? null,
    header.at,
    textOf(lines, isOfCards),
  )
  if (way === 'received') {
    const sent = noteFor(known, station, by => mayDefine(to, by))
    if (before !== undefined && isOfCards) cameLater(file, header, id, { sent, before, lines })
    else if (sent !== undefined) compare(file, header, id, linesOf(file, sent), lines)
    return
  }
  // Of an announcement that only passes on what was sent, nothing new can be said.
  if (way === 'announced' && known.some(note => note.way === 'sent')) return
  const received = known.find(note => note.way === 'received' && note.station === other)
  if (received !== undefined) compare(file, header, id, lines, linesOf(file, received))
}

function notesOf(file: StationFile, id: string): NoteRow[] {
  return file.all<NoteRow>('SELECT id, station, way, other, lines FROM shipment WHERE id = ? ORDER BY way, station', id)
}

/**
 * The note of what a station is to receive: that of this station or one above it before any other's,
 * and what was sent rather than what was announced.
 */
export function noteFor<N extends Pick<NoteRow, 'station' | 'way' | 'other'>>(
  known: readonly N[],
  receiver: string,
  isAbove: (station: string) => boolean,
): N | undefined {
  const notes = known.filter(({ way, other }) => way !== 'received' && other === receiver)
  const own = notes.filter(({ station }) => isAbove(station))
  return [own, notes].flatMap(some => some.find(({ way }) => way === 'sent') ?? some[0] ?? [])[0]
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
