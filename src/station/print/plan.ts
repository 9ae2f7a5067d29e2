/** What would be printed now, what would not, and why. */
import { readOptions, wholeNumber } from '../../options.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { type BlankLot, chooseLot, isWhy, lotsInOrder } from './blanks.js'
import { type InPrinter, inPrinter, type PrinterName, printerOf, whyPrinterCannot } from './consumables.js'
import { othersOf } from './others.js'
import { type CardCandidate, dayAround, type PrintPolicy, type ReadPolicy, readPolicy } from './policy.js'
import { blankLots } from './stock.js'
import type { CardPurpose } from './types.js'
import {
  candidateOf,
  notToBePlanned,
  type WaitCode,
  type WaitingCard,
  type Why,
  waitingRows,
  whyNot,
} from './waiting.js'

export interface PlanOptions {
  readonly policy?: PrintPolicy
  /** Most cards, from 0. */
  readonly limit?: number
  /** Its name, or itself: then what is installed in it bounds the plan. */
  readonly printer?: PrinterName
}

export interface PlannedCard {
  readonly request: string
  readonly record: string
  /** That gives the blank. */
  readonly lot: string
  readonly purpose: CardPurpose
}

export interface PrintPlan {
  /** In the order in which they would be printed. */
  readonly prints: readonly PlannedCard[]
  readonly waits: readonly WaitingCard[]
  /** Of `waits`, by code. */
  readonly counts: Readonly<Partial<Record<WaitCode, number>>>
}

const MOST_CARDS = 100_000_000

/**
 * What `printCards` would print now, in its order, and why each of the others waits. Changes nothing.
 *
 * @throws TypeError, RangeError naming the argument; what `policy.accepts` and `policy.compare` throw
 */
export function planPrinting(station: Station, options?: PlanOptions): PrintPlan {
  const parts = partsOf(station)
  const asked = readOptions('planPrinting', options, ['policy', 'limit', 'printer'])
  const printer = asked.printer === undefined ? undefined : printerOf(asked.printer)
  return planFor(parts, {
    policy: readPolicy(asked.policy),
    limit: wholeNumber('limit', asked.limit ?? MOST_CARDS, 0, MOST_CARDS),
    printer: printer && inPrinter(parts, printer),
    except: new Set(),
  })
}

export interface Planning {
  readonly policy: ReadPolicy
  readonly limit: number
  readonly printer: InPrinter | undefined
  /** Requests that are not to be looked at. */
  readonly except: ReadonlySet<string>
}

/** @internal As {@link planPrinting}, of one moment. */
export function planFor(parts: StationParts, planning: Planning): PrintPlan {
  const prints: PlannedCard[] = []
  const waits: WaitingCard[] = []
  // One moment of the file: others may write meanwhile.
  parts.file.transaction(() => {
    const others = othersOf(parts)
    const candidates: CardCandidate[] = []
    for (const row of waitingRows(parts)) {
      if (planning.except.has(row.request)) continue
      const why = whyNot(row, others.get(row.request))
      if (why !== undefined) waits.push({ request: row.request, record: row.record, ...why })
      else candidates.push(candidateOf(row))
    }
    candidates.sort(planning.policy.compare)
    const allot = allotment(parts, planning)
    for (const candidate of candidates) {
      const { request, record, purpose } = candidate
      const found = allot(candidate)
      if (isWhy(found)) waits.push({ request, record, ...found })
      else prints.push({ request, record, lot: found.lot, purpose })
    }
    waits.push(...notToBePlanned(parts))
  })
  const counts: Partial<Record<WaitCode, number>> = {}
  for (const { code } of waits) counts[code] = (counts[code] ?? 0) + 1
  return { prints, waits, counts }
}

/** Gives the candidates, one after the other, what there is. */
function allotment(
  parts: StationParts,
  { policy, limit, printer }: Planning,
): (candidate: CardCandidate) => BlankLot | Why {
  const { clock } = parts
  const lots = lotsInOrder(blankLots(parts))
  const now = new Date(clock()).toISOString()
  const today = begunOn(parts, dayAround(clock(), policy.utcOffsetMs))
  let given = 0
  return candidate => {
    const { purpose } = candidate
    const accepted = policy.accepts?.(candidate) ?? true
    if (accepted !== true) return { code: 'policy', message: String(accepted) }
    const quota = policy.quota[purpose]
    if (quota !== undefined && today[purpose] >= quota) {
      return { code: 'quota', message: `the ${quota} cards of today for this purpose are taken` }
    }
    const lot = chooseLot(lots, candidate, now)
    if (isWhy(lot)) return lot
    const printers = whyPrinterCannot(printer, given)
    if (printers !== undefined) return printers
    if (given >= limit) return { code: 'limit', message: `comes after the ${limit} cards that were asked for` }
    given++
    today[purpose]++
    lot.available--
    lot.cards[purpose]++
    return lot
  }
}

/**
 * Cards that were begun in that time, and may be cards now. An end bounds it: the clock may have
 * been ahead.
 */
function begunOn(
  { file, identity }: StationParts,
  [from, until]: readonly [string, string],
): Record<CardPurpose, number> {
  const begun = { new: 0, replacement: 0 }
  const rows = file.all<{ purpose: CardPurpose; cards: number }>(
    `SELECT c.purpose, count(*) AS cards FROM print_job j JOIN card_request c ON c.id = j.request
     WHERE j.station = ? AND j.reserved_at >= ? AND j.reserved_at < ? AND j.state NOT IN ('released', 'spoiled')
     GROUP BY c.purpose`,
    identity.id,
    from,
    until,
  )
  for (const { purpose, cards } of rows) begun[purpose] = cards
  return begun
}
