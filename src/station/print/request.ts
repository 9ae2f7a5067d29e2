/** Cards are asked for, and no longer. Nobody has two open requests, and nobody who has a card is asked a new one for. */
import { SidikError } from '../../errors.js'
import { oneOf, readOptions } from '../../options.js'
import { findRecord, heldRecord, type RecordRow } from '../enrol/held.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { stationId } from '../identity.js'
import { appendWord } from '../journal/append-word.js'
import { newRequestId } from '../journal/card-id.js'
import { mayServe } from '../project/authority.js'
import { hasManyRequests, mayCancel } from '../project/card-requests.js'
import { IS_NOT_HERE } from '../project/cards-of-nik.js'
import { MOST_CARDS } from '../project/letters.js'
import { isRevokedStation } from '../project/peers.js'
import type { Projected } from '../project/projected.js'
import { requestStands } from '../project/standing.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { routeOf } from './route.js'
import { requestOf, requestRow } from './rows.js'
import type { CardPurpose, CardRequest } from './types.js'

export interface CardRequestInput {
  /** Id of the record. */
  readonly record: string
  /** `new` unless given. */
  readonly purpose?: CardPurpose
  /** Why: a replacement needs one (lost, broken, corrected). */
  readonly reason?: string
  /** Before all others, and on whose word. */
  readonly urgent?: { readonly reason: string; readonly by: string }
  /** The station that prints: this one unless given, or the record's own, or one above that. */
  readonly at?: string
  readonly operator: string
}

export interface CardCancellation {
  readonly reason: string
  readonly operator: string
}

/**
 * Asks for a card. It is printed when the centre has cleared the record, and blanks, rules and the policy allow it: `planPrinting` says.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError RECORD_UNKNOWN, RECORD_WITHDRAWN; PRINT_REQUESTED where the NIK has an open
 *   request, or a card and `purpose` is 'new'; (a station that prints elsewhere is named, and may
 *   know more); PEER_UNKNOWN where `at` is neither the record's station nor one above it
 */
export function requestCard(station: Station, input: CardRequestInput): CardRequest {
  const parts = partsOf(station)
  const asked = readOptions('requestCard', input, ['record', 'purpose', 'reason', 'urgent', 'at', 'operator'])
  const purpose = oneOf('purpose', asked.purpose ?? 'new', ['new', 'replacement'])
  if (purpose === 'replacement' && asked.reason === undefined)
    throw new TypeError('reason must say why the card is replaced')
  const at = stationId('at', asked.at ?? station.id)
  const body = {
    request: newRequestId(station.id),
    at,
    purpose,
    ...(asked.reason !== undefined && { reason: nonEmptyText('reason', asked.reason) }),
    ...(asked.urgent !== undefined && { urgent: urgencyOf(asked.urgent) }),
    operator: personName('operator', asked.operator),
  }
  return parts.file.transaction(() => {
    const record = heldRecord(parts, asked.record)
    if (record.client_state === 'withdrawn') {
      throw new SidikError('RECORD_WITHDRAWN', `record ${record.id} was withdrawn: record the person again`)
    }
    if (!mayServe({ file: parts.file, self: station.id }, at, record.station)) {
      throw new SidikError('PEER_UNKNOWN', `station ${at} is neither that of the record nor known to be above it`)
    }
    assertFree(parts, record, purpose)
    if (hasManyRequests(parts, record.id, station.id)) {
      const what = `this station has asked for as many cards of record ${record.id} as may be asked for`
      throw new SidikError('PRINT_REQUESTED', `${what}: a station above can ask for another`)
    }
    appendWord(station, {
      kind: 'card-requested',
      ...routeOf(parts, record),
      recordVersion: record.version,
      body: purpose === 'new' ? body : { ...body, replaces: cardsOf(parts, record.id) },
    })
    return requestOf(parts.file, requestRow(parts, body.request))
  })
}

/**
 * Takes a request back before its card is begun. By the station that prints: no other knows whether
 * it has. Where that was revoked, by one above it, also after it had begun: a card that it printed
 * and did not tell of is one that nobody here knows.
 *
 * @throws TypeError, RangeError naming the argument; SidikError PRINT_UNKNOWN, PRINT_STATE
 */
export function cancelCard(station: Station, request: string, cancellation: CardCancellation): void {
  const parts = partsOf(station)
  const why = readOptions('cancelCard', cancellation, ['reason', 'operator'])
  const body = { request, reason: nonEmptyText('reason', why.reason), operator: personName('operator', why.operator) }
  parts.file.transaction(() => {
    const row = requestRow(parts, request)
    if (!mayCancel({ file: parts.file, self: station.id }, station.id, row.prints)) {
      throw new SidikError(
        'PRINT_STATE',
        `the card is printed at station ${row.prints}, which alone can take the request back`,
      )
    }
    const isLost = row.state === 'printing' && row.prints !== station.id
    if (row.state !== 'waiting' && !isLost) {
      throw new SidikError('PRINT_STATE', `the request is not waiting any more: it is ${row.state}`)
    }
    // The record may not have come: then it is of the station that asked.
    const record = findRecord(parts, row.record) ?? { id: row.record, station: row.station }
    appendWord(station, { kind: 'card-cancelled', ...routeOf(parts, record), body })
  })
}

function urgencyOf(given: NonNullable<CardRequestInput['urgent']>): { reason: string; by: string } {
  const { reason, by } = readOptions('urgent', given, ['reason', 'by'])
  return { reason: nonEmptyText('urgent.reason', reason), by: personName('urgent.by', by) }
}

/**
 * Requests for another record that fell keep nobody from a card: whoever knows the NIK would do so
 * for ever. What was printed for it may be a card: the person asks for a replacement, which names it.
 */
function assertFree({ file, identity }: StationParts, record: RecordRow, purpose: CardPurpose): void {
  const others = file.all<{ state: string; prints: string }>(
    `SELECT c.state, c.prints FROM record mine JOIN card_request c ON c.record = mine.id OR c.nik_tag = mine.nik_tag
     WHERE mine.id = ? AND (c.state IN ('printed', 'handed-over') OR c.state = 'printing' AND c.prints = ?
       OR c.state IN ('waiting', 'printing') AND (c.record = mine.id OR ${requestStands('c')}))`,
    record.id,
    identity.id,
  )
  const open = others.filter(({ state }) => state === 'waiting' || state === 'printing')
  if (open.length > 0) throw new SidikError('PRINT_REQUESTED', whyOpen({ file, self: identity.id }, open))
  const told = file.get(`SELECT 1 FROM card_of_nik t WHERE t.record = ? AND ${IS_NOT_HERE}`, record.id) !== undefined
  if (purpose === 'new' && (others.length > 0 || told || hasCardElsewhere(record))) {
    throw new SidikError('PRINT_REQUESTED', 'a card for this NIK was printed: ask for a replacement, and say why')
  }
}

/**
 * Jobs of the cards that the person has had, as far as is known here: a replacement is printed
 * beside no others. Those of other records that fell are named as far as there is place, as they
 * stand against no replacement.
 */
function cardsOf({ file }: StationParts, record: string): string[] {
  const rows = file.all<{ id: string; counts: 0 | 1 }>(
    `SELECT j.id AS id, o.record = mine.id OR ifnull(${requestStands('o')}, TRUE) AS counts
     FROM record mine JOIN card_request o ON o.record = mine.id OR o.nik_tag = mine.nik_tag
     JOIN print_job j ON j.request = o.id
     WHERE mine.id = ? AND j.state IN ('printed', 'handed-over')
     UNION SELECT t.job, 1 - min(t.fell) FROM card_of_nik t WHERE t.record = ? AND ${IS_NOT_HERE} GROUP BY t.job
     ORDER BY counts DESC, id LIMIT ${MOST_CARDS + 1}`,
    record,
    record,
  )
  if (rows[MOST_CARDS]?.counts === 1) {
    const what = `the person has more than ${MOST_CARDS} cards, which no replacement can name`
    throw new SidikError('PRINT_REQUESTED', `${what}: spoil those that are there no more`)
  }
  return rows.slice(0, MOST_CARDS).map(({ id }) => id)
}

/** Another station may have printed the card since it was last heard of: its person may have it, and have lost it. */
function whyOpen(here: Pick<Projected, 'file' | 'self'>, open: readonly { readonly prints: string }[]): string {
  const { file, self } = here
  if (open.some(({ prints }) => prints === self)) {
    return 'a card for this NIK is on its way: it is waiting, or being printed'
  }
  const [{ prints }] = open
  if (isRevokedStation(file, prints)) {
    const back = mayCancel(here, self, prints) ? 'take that request back (cancelCard)' : 'one above it takes it back'
    return `station ${prints}, which was revoked, was to print a card for this NIK: ${back}`
  }
  const state = `station ${prints} prints a card for this NIK, and has not said here that it is done`
  return `${state}: synchronise, or ask there`
}

/** The centre knows of a card. */
function hasCardElsewhere({ centre_state }: RecordRow): boolean {
  return centre_state === 'CARD_PRINTED' || centre_state === 'CARD_ISSUED'
}
