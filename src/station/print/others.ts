/**
 * Other cards of the same person that stand against a request. Each person's requests are looked at
 * once, so that many for one person take no longer than as many for others.
 */
import { keptJson, keptNames } from '../guard/kept-json.js'
import { IS_NOT_HERE } from '../project/cards-of-nik.js'
import { requestStands } from '../project/standing.js'
import type { StationParts } from '../station.js'
import type { CardPurpose, RequestState } from './types.js'

const PRINTING = 'a card for the same NIK is being printed'
const WAITS = 'another request for the same NIK comes first'
const NAMES_NONE = 'a card for the same NIK was printed'
const TOLD_OF = `${NAMES_NONE} at another station, for another record: ask for a replacement, and say why`
const NAMES_OTHERS = `${NAMES_NONE} that this replacement does not name: cancel it, ask again where it is known`

interface AskedRow {
  readonly id: string
  readonly record: string
  readonly nik_tag: Uint8Array | null
  readonly state: RequestState
  readonly purpose: CardPurpose
  /** The cards that it replaces, if it is a replacement, are named: not where a version before 0.2.0 wrote it. */
  readonly names: number
  readonly requested_at: string
  readonly prints: string
  /** Its record stands; 0 where it fell, NULL where it is not here. */
  readonly stands: 0 | 1 | null
}

/** A card of another record that is not here, of which a station above has told. */
interface ToldCard {
  readonly record: string
  readonly job: string
  readonly fell: 0 | 1
}

interface CardRow {
  readonly id: string
  readonly request: string
  readonly reserved_at: string
}

/** Requests by one record, or for one NIK. */
interface Group {
  isPrinting: boolean
  /** Place of the request that goes first among those that wait. */
  first: number
  /** Number of printed cards, and that of each request. */
  all: number
  readonly cardsOf: Map<string, number>
  /** Those that stand against a replacement, as their records did not fall: their requests, by job. */
  readonly cards: Map<string, string>
  /** The card that was reserved last, and the last one of another request. */
  last: CardRow | undefined
  lastOfAnother: CardRow | undefined
}

/**
 * Says in words what stands against the requests that wait here, by request: a printed card before
 * one that is being printed, and that before another request.
 *
 * @param request looks at this one alone
 */
export function othersOf({ file, identity }: StationParts, request?: string): Map<string, string> {
  const values = request === undefined ? [identity.id] : [identity.id, request]
  const asked = `WITH mine AS MATERIALIZED (SELECT record, nik_tag FROM card_request
      WHERE state = 'waiting' AND prints = ? ${request === undefined ? '' : 'AND id = ?'}),
    asked AS MATERIALIZED (SELECT id FROM card_request WHERE record IN (SELECT record FROM mine)
      UNION SELECT id FROM card_request WHERE nik_tag IN (SELECT nik_tag FROM mine))`
  // All stations let the same one of two that wait go first, whatever their clocks: by the names
  // of their stations.
  const rows = file.all<AskedRow>(
    `${asked} SELECT c.id, c.record, c.nik_tag, c.state, c.prints, c.purpose, c.replaces IS NOT NULL AS names,
       c.requested_at,
       ${requestStands('c')} AS stands
     FROM asked JOIN card_request c ON c.id = asked.id ORDER BY c.station, c.id`,
    ...values,
  )
  const cards = file.all<CardRow>(
    `${asked} SELECT j.id, j.request, j.reserved_at FROM asked JOIN print_job j ON j.request = asked.id
     WHERE j.state IN ('printed', 'handed-over')`,
    ...values,
  )
  const told = file.all<ToldCard>(
    `${asked} SELECT t.record, t.job, min(t.fell) AS fell FROM card_of_nik t
     WHERE t.record IN (SELECT record FROM mine) AND ${IS_NOT_HERE} GROUP BY t.record, t.job`,
    ...values,
  )
  const toldOf = new Map<string, ToldCard[]>(told.map(({ record }) => [record, []]))
  for (const card of told) toldOf.get(card.record)!.push(card)
  const groupsOf = grouped(rows, cards, identity.id)
  // Names of the request at hand alone, and only beside a card: those of all do not lie in memory at once.
  const namedBy = ({ id }: AskedRow) => {
    const { replaces } = file.get<{ replaces: string }>('SELECT replaces FROM card_request WHERE id = ?', id)!
    return new Set(keptJson(file, keptNames, replaces, `what is kept of request ${id}`))
  }
  const others = new Map<string, string>()
  for (const [place, row] of rows.entries()) {
    if (row.state !== 'waiting' || row.prints !== identity.id || (request ?? row.id) !== row.id) continue
    const groups = groupsOf(row)
    if (groups.some(group => hasOneTooMany(group, row, namedBy))) {
      others.set(row.id, row.purpose === 'new' ? NAMES_NONE : NAMES_OTHERS)
    } else if (isToldOfOneTooMany(toldOf.get(row.record) ?? [], row, namedBy)) {
      others.set(row.id, row.purpose === 'new' ? TOLD_OF : NAMES_OTHERS)
    } else if (groups.some(({ isPrinting }) => isPrinting)) others.set(row.id, PRINTING)
    else if (groups.some(({ first }) => first < place)) others.set(row.id, WAITS)
  }
  return others
}

/** Puts each request and card into the groups of its record and its NIK. */
function grouped(
  rows: readonly AskedRow[],
  cards: readonly CardRow[],
  self: string,
): (row: AskedRow) => readonly Group[] {
  const groups = new Map<string, Group>()
  const byRequest = new Map<string, readonly Group[]>()
  const fell = new Set<string>()
  const groupOf = (key: string) => {
    const known = groups.get(key)
    if (known !== undefined) return known
    const made: Group = {
      isPrinting: false,
      first: Number.POSITIVE_INFINITY,
      all: 0,
      cardsOf: new Map(),
      cards: new Map(),
      last: undefined,
      lastOfAnother: undefined,
    }
    groups.set(key, made)
    return made
  }
  for (const [place, { id, record, nik_tag, state, prints, stands }] of rows.entries()) {
    const of = [groupOf(`record ${record}`)]
    if (nik_tag !== null) of.push(groupOf(`nik ${Buffer.from(nik_tag).toString('hex')}`))
    byRequest.set(id, of)
    if (stands === 0) fell.add(id)
    for (const group of of) {
      // A card in the printer here is ended by a person here, whatever became of its record.
      group.isPrinting ||= state === 'printing' && (stands !== 0 || prints === self)
      if (state === 'waiting' && stands === 1) group.first = Math.min(group.first, place)
    }
  }
  for (const card of cards) {
    for (const group of byRequest.get(card.request)!) addCard(group, card, fell.has(card.request))
  }
  return ({ id }) => byRequest.get(id)!
}

function addCard(group: Group, card: CardRow, isOfFallen: boolean): void {
  const { last, lastOfAnother } = group
  group.all++
  group.cardsOf.set(card.request, (group.cardsOf.get(card.request) ?? 0) + 1)
  if (isOfFallen) return
  group.cards.set(card.id, card.request)
  if (last === undefined || card.reserved_at > last.reserved_at) {
    if (last?.request !== card.request) group.lastOfAnother = last
    group.last = card
  } else if (card.request !== last.request && card.reserved_at > (lastOfAnother?.reserved_at ?? '')) {
    group.lastOfAnother = card
  }
}

/**
 * Holds where ONE_TOO_MANY (project/printed-twice.ts) does for a card of another request in the group. A card
 * of a record that fell stands against a new one alone, as it may be there: to ask for a replacement
 * all the same, and say why, is a person's word that it is not in the way. Whoever claims cards by
 * hand could claim another after each replacement otherwise.
 */
function hasOneTooMany(group: Group, row: AskedRow, namedBy: (row: AskedRow) => ReadonlySet<string>): boolean {
  const { id, purpose, names, requested_at, stands } = row
  const own = group.cardsOf.get(id) ?? 0
  if (purpose === 'new') return group.all > own
  if (names === 0) {
    const last = group.last?.request === id ? group.lastOfAnother : group.last
    return last !== undefined && last.reserved_at > requested_at
  }
  const cards = group.cards.size - (stands === 0 ? 0 : own)
  if (cards === 0) return false
  let replaced = 0
  for (const job of namedBy(row)) {
    const of = group.cards.get(job)
    if (of !== undefined && of !== id) replaced++
  }
  return cards > replaced
}

/**
 * The same for cards that are not known here but by the word of a station above. One that names none,
 * as a version before 0.2.0 wrote it, was asked for before any station told of cards.
 */
function isToldOfOneTooMany(told: readonly ToldCard[], row: AskedRow, namedBy: (row: AskedRow) => ReadonlySet<string>) {
  if (row.purpose === 'new') return told.length > 0
  const others = told.filter(({ fell }) => fell === 0)
  if (others.length === 0 || row.names === 0) return false
  const named = namedBy(row)
  return others.some(({ job }) => !named.has(job))
}
