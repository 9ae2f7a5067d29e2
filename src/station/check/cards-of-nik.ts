/**
 * Tells the station of a record which cards of others bear its NIK: it would print a second one under
 * that number, as they were printed elsewhere and their records are no case with it any more. They
 * have another NIK by now, were withdrawn, or the centre let them fall.
 */
import { append } from '../journal/append.js'
import { MOST_CARDS } from '../project/letters.js'
import { requestStands } from '../project/standing.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { type CaseRecord, readerOf, stands } from './cases.js'

interface CardOfNik {
  readonly job: string
  readonly fell: number
}

/**
 * Words about one record after which cards are no more taken back: a station can say of its card again and again that
 * it is there, and that it is not. A replacement, which names them, is the way out then.
 */
const MOST_WORDS = 32

/**
 * To be called in a transaction, of a record that alone stands under its NIK. Writes nothing where
 * its station has been told the same before, so that it costs a card no more than one entry.
 */
export function tellCardsOfNik(station: Station, row: CaseRecord): void {
  const parts = partsOf(station)
  const { file, identity } = parts
  if (row.station === identity.id || row.nik_tag === null || !stands(row)) return
  const told = file.all<CardOfNik>(
    'SELECT job, fell FROM card_of_nik WHERE record = ? AND word_of = ? ORDER BY fell, job',
    row.id,
    identity.id,
  )
  const there = cardsElsewhere(parts, row)
  const isTold = (cards: readonly CardOfNik[]) => JSON.stringify(cards) === JSON.stringify(told)
  if (isTold(there)) return
  const words = `SELECT count(*) AS n FROM journal WHERE record = ? AND kind = 'cards-of-nik' AND station = ?`
  const isLast = file.get<{ n: number }>(words, row.id, identity.id)!.n >= MOST_WORDS
  const more = there.filter(({ job }) => !told.some(card => card.job === job))
  const now = isLast ? [...told, ...more].slice(0, MOST_CARDS) : there
  if (isTold(now)) return
  // No card is taken back by rows that somebody wrote.
  file.watcher?.assure(row.id)
  const cards = now.map(({ job, fell }) => ({ job, ...(fell === 1 && { fell: true as const }) }))
  append(station, { kind: 'cards-of-nik', record: row.id, body: { cards }, ...readerOf(identity.id, row.station) })
}

/**
 * Cards of other stations' records, and those in a printer of one that stands, which may be cards; those that a
 * replacement has to name first, as there may be too many.
 */
function cardsElsewhere({ file }: StationParts, { id, station, nik_tag }: CaseRecord): CardOfNik[] {
  return file.all<CardOfNik>(
    `SELECT j.id AS job, 1 - ifnull(${requestStands('c')}, 1) AS fell
     FROM card_request c JOIN print_job j ON j.request = c.id LEFT JOIN record o ON o.id = c.record
     WHERE c.nik_tag = ? AND c.record <> ? AND ifnull(o.station, c.station) <> ?
       AND (j.state IN ('printed', 'handed-over') OR (j.state IN ('sent', 'uncertain') AND ${requestStands('c')}))
     ORDER BY fell, job LIMIT ${MOST_CARDS}`,
    nik_tag,
    id,
    station,
  )
}
