import { readOptions } from '../../../options.js'
import { partsOf, type Station } from '../../station.js'
import { readBooks } from './books.js'
import { wantedCards } from './cards.js'
import { cardsOnTheirWay, reportedDiscrepancies, uncertainCards, waitingReasons } from './now.js'
import { dayText, readPeriod } from './period.js'
import { QueueTally } from './queue-days.js'
import { reconcile } from './reconcile.js'
import { reportedStations } from './reported-stations.js'
import { stockDays } from './stock-days.js'
import type { PrintReport, ReportOptions } from './types.js'
import { WaitingTally } from './waiting.js'

const BLANK = 'blank'

/**
 * Stock and queue day by day, whether the books add up, how long people waited, and what does not agree: of this station, and of those below as
 * far as their entries have come. A time that a wrong clock gave counts on the day that it names. No personal data.
 *
 * @throws TypeError, RangeError naming the option; SidikError PEER_UNKNOWN, STATION_CLOSED
 */
export function printReport(station: Station, options?: ReportOptions): PrintReport {
  const parts = partsOf(station)
  const asked = readOptions('printReport', options, ['from', 'to', 'stations', 'utcOffsetMinutes'])
  const period = readPeriod(asked, parts.clock)
  const { file } = parts
  const nowMs = parts.clock()
  // One moment of the file, so that figures counted in two ways count the same entries while others
  // write. It keeps nobody from writing.
  return file.moment(() => {
    const stations = reportedStations(parts, asked.stations)
    const books = readBooks(file, stations, period.utcOffsetMinutes)
    const stock = stockDays(books, period)
    const withBlanks = new Set(
      stock
        .filter(({ item, available }) => item === BLANK && available > 0)
        .map(({ station, day }) => `${station} ${day}`),
    )
    const queue = new QueueTally(period)
    const waiting = new WaitingTally(period)
    for (const card of wantedCards(file, stations)) {
      queue.take(card)
      waiting.take(card)
    }
    queue.takeLetters(file, stations)
    const reconciliation = reconcile(file, stations, books, period)
    return {
      madeBy: station.id,
      madeAt: new Date(nowMs).toISOString(),
      from: dayText(period.first),
      to: dayText(period.last),
      utcOffsetMinutes: period.utcOffsetMinutes,
      stations,
      stock,
      queue: queue.rows(stations, (of, day) => withBlanks.has(`${of} ${day}`)),
      reconciliation,
      waiting: waiting.rows(stations, nowMs),
      reasons: waitingReasons(parts, stations),
      uncertain: uncertainCards(file, stations),
      onTheirWay: cardsOnTheirWay(file, stations),
      discrepancies: reportedDiscrepancies(file, stations, period),
      balances: reconciliation.every(({ balances }) => balances),
    }
  })
}
