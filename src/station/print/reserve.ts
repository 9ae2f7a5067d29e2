/** The steps of a card before it is printed. Each is a transaction that looks again at what the one before went by: others write meanwhile. */
import { checksRecords, isCheckProven } from '../check/unchecked.js'
import { isReady } from '../enrol/states.js'
import { altered } from '../guard/altered.js'
import type { EntryHeader } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { IS_DOUBTED, UNCHECKED } from '../project/standing.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { appendCard } from '../stock/append-card.js'
import { pickBlank } from '../stock/available.js'
import { checkMoves } from '../stock/check.js'
import { movesOf } from '../stock/moves.js'
import type { SerialRange } from '../stock/types.js'
import { chooseLot, isWhy } from './blanks.js'
import { inPrinter, whyPrinterCannot } from './consumables.js'
import { othersOf } from './others.js'
import type { PlannedCard } from './plan.js'
import { routeOf } from './route.js'
import { type JobRow, jobRow } from './rows.js'
import { blankLots } from './stock.js'
import type { Printer } from './types.js'
import { candidateOf, type WaitingRow, type Why, waitingRow, whyNot } from './waiting.js'

/** What a card was planned by is not so any more: another program was faster, a message came, the record was corrected. */
export type Overtaken = Why | { readonly code: 'changed'; readonly message: string }

export const CHANGED: Overtaken = {
  code: 'changed',
  message: 'the request, its record or the next blank is not what it was when the card was made ready',
}

const UNPROVEN: Overtaken = {
  code: 'unchecked',
  message: 'what this station knows of the check is not of the fingers that were signed: look at verifyStation',
}

/** The request as it waits now, if its card may still be printed; or why not. */
export function waitingNow(parts: StationParts, request: string): WaitingRow | Overtaken {
  const row = waitingRow(parts, request)
  if (row === undefined) return CHANGED
  const why = whyNot(row, othersOf(parts, request).get(request))
  if (why !== undefined) return why
  return isCheckProven(parts, row.record, row.station) ? row : UNPROVEN
}

/** What a card was rendered by. */
export interface Rendered {
  /** Number of the entry that made the record what the card shows. */
  readonly sequence: number
  /** That it will be printed on; undefined for a lot without serials. */
  readonly blank: SerialRange | undefined
}

/** Sets the blank aside. */
export function reserve(
  station: Station,
  { request, lot: planned }: PlannedCard,
  { job, printer, sequence, blank }: Rendered & { job: string; printer: Pick<Printer, 'name' | 'needs'> },
): Overtaken | undefined {
  const parts = partsOf(station)
  const { file, identity, clock } = parts
  return file.transaction(() => {
    const row = waitingNow(parts, request)
    if ('code' in row) return row
    if (row.sequence !== sequence) return CHANGED
    const installed = inPrinter(parts, printer)
    const cannot = whyPrinterCannot(installed, 0)
    if (cannot !== undefined) return cannot
    const lots = blankLots(parts).filter(({ lot }) => lot === planned)
    const lot = chooseLot(lots, candidateOf(row), new Date(clock()).toISOString())
    if (isWhy(lot)) return lot
    const next = pickBlank(file, identity.id, planned)
    if (next?.prefix !== blank?.prefix || next?.digits !== blank?.digits || next?.first !== blank?.first) return CHANGED
    const body: BodyOf<'card-reserved'> = {
      request,
      job,
      lot: planned,
      ...(blank && { serial: { prefix: blank.prefix, digits: blank.digits, number: blank.first } }),
      printer: printer.name,
      consumables: [...installed.lots],
    }
    checkMoves(parts, movesOf('card-reserved', body))
    appendCard(station, {
      kind: 'card-reserved',
      ...routeOf(parts, { id: row.record, station: row.station }),
      recordVersion: row.version,
      body,
    })
    return undefined
  })
}

/** Written before the printer is called. Where the record has changed, or another program has released the blank, nothing is sent. */
export function send(station: Station, job: string, sequence: number, { hasChip = false } = {}): Overtaken | undefined {
  const parts = partsOf(station)
  return parts.file.transaction(() => {
    const row = jobRow(parts, job)
    if (row.state !== 'reserved') return CHANGED
    const record = recordNow(parts, row)
    const { client_state, centre_state, doubted, unchecked } = record
    const isInDoubt = doubted === 1 || unchecked !== null
    if (record.sequence !== sequence || client_state === 'withdrawn' || !isReady(centre_state) || isInDoubt) {
      write(station, row, 'card-released', { job, code: 'changed', reason: CHANGED.message })
      return CHANGED
    }
    write(station, row, 'card-sent', { job, ...(hasChip && { chip: true }) })
    return undefined
  })
}

type JobKind =
  | 'card-sent'
  | 'card-personalising'
  | 'card-printed'
  | 'card-uncertain'
  | 'card-resolved'
  | 'card-spoiled'
  | 'card-released'
  | 'card-handed-over'
  | 'card-passed-on'
  | 'card-arrived'

/** Writes an entry about a job of this station. To be called in a transaction, when it is known that the entry can follow. */
export function write<K extends JobKind>(station: Station, row: JobRow, kind: K, body: BodyOf<K>): EntryHeader {
  const parts = partsOf(station)
  const { station: of } = recordNow(parts, row)
  return appendCard(station, {
    kind,
    ...routeOf(parts, { id: row.record, station: of }),
    ...(row.version !== null && { recordVersion: row.version }),
    body,
  })
}

interface RecordNow {
  readonly station: string
  readonly sequence: number
  readonly version: number
  readonly client_state: string
  readonly centre_state: string | null
  /** A case is open about it. */
  readonly doubted: number
  /** It has still to be compared with all others; NULL where it has not. */
  readonly unchecked: 'nothing' | 'here' | 'above' | null
}

export function recordNow(parts: StationParts, { record, request }: Pick<JobRow, 'record' | 'request'>): RecordNow {
  const { file } = parts
  const sql = `SELECT station, sequence, version, client_state, centre_state, ${IS_DOUBTED} AS doubted,
      ${UNCHECKED} AS unchecked
    FROM record r WHERE id = ?`
  const row = file.get<RecordNow>(sql, Number(checksRecords(parts)), record)
  const isAskedFor = file.get('SELECT 1 FROM card_request WHERE id = ? AND record = ?', request, record) !== undefined
  if (row === undefined || !isAskedFor) throw altered(file, `record ${record}, or its card,`)
  return row
}
