/** Two cards for one person, or one blank for two: found whichever of the two is heard of first. */
import { keptJson, keptNames } from '../guard/kept-json.js'
import type { EntryHeader } from '../journal/entry.js'
import { noteDiscrepancy } from './discrepancies.js'
import { MOST_CARDS } from './letters.js'
import type { Projected } from './projected.js'

/** A row of print_job, of which this asks. */
interface Card {
  readonly id: string
  readonly request: string
  readonly record: string
}

const CARD = 'SELECT id, request, record FROM print_job'

/** Puts on record beside which other card one that was printed is one too many, as the entry shows it. */
export function notePrintedTwice(to: Projected, header: EntryHeader, card: Card): void {
  const twice = (what: string, other: { id: string } | undefined) => {
    if (other !== undefined) noteDiscrepancy(to.file, header, 'printed-twice', { what, job: card.id, other: other.id })
  }
  twice('person', otherCardOf(to, card))
  twice('blank', otherOnBlank(to, card))
}

/** Cards of a record at which it is looked when their NIK is heard of last: nobody but by crafting has more. */
const MOST_LOOKED_AT = 4

/** The same of a record's cards whose NIK is heard of after them, unless it is on record already. */
export function noteTwiceOfNik(to: Projected, header: EntryHeader, record: string): void {
  const sql = `${CARD} WHERE record = ? AND state IN ('printed', 'handed-over') ORDER BY id LIMIT ${MOST_LOOKED_AT}`
  for (const card of to.file.all<Card>(sql, record)) {
    const other = otherCardOf(to, card)?.id
    if (other === undefined || isNoted(to, card.id, other)) continue
    noteDiscrepancy(to.file, header, 'printed-twice', { what: 'person', job: card.id, other })
  }
}

function isNoted({ file }: Projected, one: string, other: string): boolean {
  const sql = `SELECT 1 FROM discrepancy WHERE code = 'printed-twice'
    AND (detail ->> 'job', detail ->> 'other') IN (VALUES (?, ?), (?, ?))`
  return file.get(sql, one, other, other, one) !== undefined
}

/** Finds another card of the same person, or on the same blank, for one that was put on record for it. */
export function otherThan(to: Projected, id: string, what: 'person' | 'blank'): string | undefined {
  const card = to.file.get<Card>(`${CARD} WHERE id = ?`, id)
  return card && (what === 'person' ? otherCardOf(to, card) : otherOnBlank(to, card))?.id
}

/**
 * Holds where the request `mine` replaces the card `j`: it names it. A card that the asking station
 * did not know of is not replaced, whenever it was made: nobody has said that it was lost. Clocks
 * of two stations cannot tell which came first. They have to where a version before 0.2.0 wrote the
 * request, which names no card.
 */
const REPLACES = `mine.purpose = 'replacement' AND CASE
  WHEN mine.replaces IS NULL THEN j.reserved_at <= mine.requested_at
  ELSE j.id IN (SELECT value FROM json_each(mine.replaces)) END`

/**
 * Holds for a card `j` of the request `o` beside which one of the request `mine`, for the same
 * person, is one too many.
 */
export const ONE_TOO_MANY = `j.state IN ('printed', 'handed-over') AND (o.id = mine.id OR NOT (${REPLACES}))`

/**
 * A card of the same person that this one does not name as replaced, and that does not name this
 * one: either may come first. The times of a request that names none let it be printed, and nothing
 * more: whoever leaves the names out does not keep the second card off the list.
 */
function otherCardOf({ file }: Projected, { id, request, record }: Card): { id: string } | undefined {
  const others = file.all<{ id: string; mine: string | null; replaces: string | null }>(
    `SELECT DISTINCT j.id, mine.replaces AS mine, o.replaces
     FROM card_request mine JOIN card_request o ON (o.record = ? OR o.nik_tag = mine.nik_tag)
     JOIN print_job j ON j.request = o.id AND j.id <> ? WHERE mine.id = ? AND j.state IN ('printed', 'handed-over')
     ORDER BY j.id LIMIT ${MOST_CARDS + 1}`,
    record,
    id,
    request,
  )
  const named = (replaces: string | null, job: string) =>
    replaces !== null && keptJson(file, keptNames, replaces, 'what a request replaces').includes(job)
  const isApart = (other: (typeof others)[number]) => !named(other.mine, other.id) && !named(other.replaces, id)
  return others.find(isApart) ?? others[MOST_CARDS]
}

function otherOnBlank({ file }: Projected, { id }: Card): { id: string } | undefined {
  return file.get<{ id: string }>(
    `SELECT o.id FROM print_job mine
     JOIN print_job o ON o.lot = mine.lot AND o.prefix = mine.prefix AND o.digits = mine.digits
       AND o.number = mine.number AND o.id <> mine.id AND o.state NOT IN ('reserved', 'released')
     WHERE mine.id = ? AND mine.number IS NOT NULL ORDER BY o.id LIMIT 1`,
    id,
  )
}
