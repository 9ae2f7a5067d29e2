/** How things stand when a report is made: why who waits does so, and cards of which nobody knows. */

import { checksRecords } from '../../check/unchecked.js'
import { READY_STATES } from '../../enrol/states.js'
import { IS_DOUBTED, UNCHECKED } from '../../project/standing.js'
import type { StationParts } from '../../station.js'
import { openedDiscrepancy } from '../../stock/discrepancies.js'
import { lotField } from '../../stock/lots.js'
import type { DiscrepancyCode } from '../../stock/types.js'
import type { StationFile } from '../../store/database.js'
import { isAtWork } from '../at-work.js'
import { dayOf, type Period } from './period.js'
import type { CardsOnTheirWay, ReportedDiscrepancy, UncertainCard, WaitingReasons } from './types.js'

interface ReasonRow {
  readonly station: string
  readonly client_state: string | null
  readonly centre_state: string | null
  readonly doubted: number
  readonly unchecked: string | null
  readonly is_uncertain: number
  readonly is_in_hand: number
  readonly count: number
}

export function waitingReasons(parts: StationParts, stations: readonly string[]): WaitingReasons[] {
  const { file } = parts
  const asked = JSON.stringify(stations)
  const rows = file.all<ReasonRow>(
    `WITH open AS (SELECT request, max(state <> 'reserved') AS uncertain FROM print_job
       WHERE state IN ('reserved', 'sent', 'uncertain') GROUP BY request)
     SELECT c.prints AS station, r.client_state, r.centre_state, ${IS_DOUBTED} AS doubted, ${UNCHECKED} AS unchecked,
       coalesce(open.uncertain, 0) AS is_uncertain, open.request IS NOT NULL AS is_in_hand, count(*) AS count
     FROM card_request c LEFT JOIN record r ON r.id = c.record LEFT JOIN open ON open.request = c.id
     WHERE c.state IN ('waiting', 'printing') AND c.prints IN (SELECT value FROM json_each(?))
     GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    Number(checksRecords(parts)),
    asked,
  )
  const withBlanks = new Set(
    file
      .all<{ station: string }>(
        `SELECT DISTINCT stock_balance.station FROM stock_balance
         WHERE account = 'available' AND quantity > 0
           AND ${lotField('item', 'stock_balance.lot', 'stock_balance.station')} = 'blank'
           AND stock_balance.station IN (SELECT value FROM json_each(?))`,
        asked,
      )
      .map(({ station }) => station),
  )
  return stations.map(station => {
    const reasons = { withdrawn: 0, toDecide: 0, unchecked: 0, inHand: 0, uncertain: 0, noBlank: 0, ready: 0 }
    const notReady = new Map<string, number>()
    for (const row of rows) {
      if (row.station !== station) continue
      const { count } = row
      if (row.is_uncertain === 1) reasons.uncertain += count
      else if (row.is_in_hand === 1) reasons.inHand += count
      else if (row.client_state === 'withdrawn') reasons.withdrawn += count
      else if (row.doubted === 1) reasons.toDecide += count
      else if (row.unchecked !== null) reasons.unchecked += count
      else if (row.centre_state === null || !READY_STATES.includes(row.centre_state)) {
        const state = row.centre_state ?? '-'
        notReady.set(state, (notReady.get(state) ?? 0) + count)
      } else if (withBlanks.has(station)) reasons.ready += count
      else reasons.noBlank += count
    }
    // Another program's state may be '__proto__'.
    return { station, notReady: Object.fromEntries(notReady), ...reasons }
  })
}

export function uncertainCards(file: StationFile, stations: readonly string[]): UncertainCard[] {
  const sent = file.all<UncertainCard>(
    `SELECT station, id AS job, printer, lot, changed_at AS since FROM print_job
     WHERE state IN ('sent', 'uncertain') AND station IN (SELECT value FROM json_each(?)) ORDER BY station, changed_at, id`,
    JSON.stringify(stations),
  )
  return sent.filter(({ job }) => !isAtWork(job))
}

export function cardsOnTheirWay(file: StationFile, stations: readonly string[]): CardsOnTheirWay[] {
  const asked = JSON.stringify(stations)
  return file.all<CardsOnTheirWay>(
    `SELECT iif(leg = 'out', station, sent_to) AS "from", iif(leg = 'out', sent_to, station) AS "to", shipment,
       count(*) AS cards, min(changed_at) AS since
     FROM print_job WHERE leg IN ('out', 'back') AND state = 'printed'
       AND (station IN (SELECT value FROM json_each(?)) OR sent_to IN (SELECT value FROM json_each(?)))
     GROUP BY 1, 2, 3 ORDER BY since, 1, 2, 3`,
    asked,
    asked,
  )
}

interface DiscrepancyRow {
  readonly station: string
  readonly sequence: number
  readonly code: DiscrepancyCode
  readonly at: string
  readonly detail: string
}

/** Shown in the period, in the order of the stations' journals. */
export function reportedDiscrepancies(
  file: StationFile,
  stations: readonly string[],
  { first, last, utcOffsetMinutes }: Period,
): ReportedDiscrepancy[] {
  const rows = file.all<DiscrepancyRow>(
    `SELECT station, sequence, code, at, detail FROM discrepancy
     WHERE station IN (SELECT value FROM json_each(?)) ORDER BY station, sequence, place`,
    JSON.stringify(stations),
  )
  return rows
    .filter(({ at }) => {
      const day = dayOf(Date.parse(at), utcOffsetMinutes)
      return day >= first && day <= last
    })
    .map(row => openedDiscrepancy(file, row))
}
