/** The tables of a report as CSV (RFC 4180): a line of headings, lines that end with CR LF, quotes where a cell needs them. */
import { oneOf } from '../../../options.js'
import { givenReport } from './given-report.js'
import type { PrintReport, Reconciliation, StockSums, WaitingTimes } from './types.js'

export const REPORT_TABLES = ['stock', 'queue', 'reconciliation', 'waiting'] as const

export type ReportTable = (typeof REPORT_TABLES)[number]

/** Dropped by spreadsheets on import, before what they read: white space, invisible characters, quotes. */
const DROPPED = String.raw`\p{White_Space}\p{Cf}\p{Cc}"'\u2018-\u201f\uff02\uff07`

/**
 * Signs with which a formula begins, full-width forms too, and minus signs outside ASCII, which
 * become one where numbers are read.
 */
const SIGNS = String.raw`=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212`

/** Tab, CR and LF at the beginning move what follows into a cell of its own. */
const FORMULA = new RegExp(String.raw`^[${DROPPED}]*[${SIGNS}]|^[\p{Cc}\p{Cf}\u2028\u2029]`, 'u')

/** The same behind what separates cells for a spreadsheet of another language. */
const FORMULA_BEHIND = new RegExp(String.raw`(?<=[;\t])(?=[${DROPPED}]*[${SIGNS}])`, 'gu')

type Cell = string | number | boolean | undefined

/** Headings are those of the JSON, and stay: columns may be added behind the last. */
const STOCK = [
  ...['day', 'station', 'item', 'available', 'reserved', 'installed', 'received', 'found'],
  ...['printed', 'used', 'spoiled', 'returned', 'sent', 'missing'],
]

const QUEUE = [
  ...['day', 'station', 'waiting', 'waitingNew', 'waitingReplacement', 'waitingUrgent', 'waitingWithoutBlanks'],
  ...['requested', 'cancelled', 'printed', 'spoiled', 'handedOver', 'lettersIssued', 'lettersRevoked'],
]

const SUMS: readonly (keyof StockSums)[] = [
  ...(['start', 'received', 'found', 'cameIn', 'printed', 'used', 'spoiled', 'returned', 'sent', 'missing'] as const),
  ...(['available', 'reserved', 'installed', 'accountedFor', 'balances'] as const),
]

const RECONCILIATION = ['over', 'station', 'lot', 'item', ...SUMS, 'differences']

const WAITING = [
  ...['station', 'printed', 'toPrintMedianHours', 'toPrintP90Hours'],
  ...['handedOver', 'toHandOverMedianHours', 'toHandOverP90Hours', 'waiting', 'oldestRequestedAt', 'oldestHours'],
]

/**
 * One table of the report.
 *
 * - `stock`, `queue`: as in the JSON.
 * - `reconciliation`: two lines for each lot, `over` the 'period' and the 'total'; `differences`: how many there are.
 * - `waiting`: a line for each station, and one without a station for all together.
 *
 * Text that a spreadsheet would take for a formula begins with an apostrophe: it begins with =, +,
 * - or @, also in full width, or with a character that no eye sees, also behind spaces and quotes.
 *
 * @throws TypeError for another table, and for what is no report
 */
export function reportCsv(report: PrintReport, table: ReportTable): string {
  const name = oneOf('table', table, REPORT_TABLES)
  const [headings, rows] = tableOf(givenReport(report, [name]), name)
  return [headings, ...rows].map(row => `${row.map(cellText).join(',')}\r\n`).join('')
}

function tableOf(report: PrintReport, table: ReportTable): [headings: readonly string[], rows: readonly Cell[][]] {
  if (table === 'stock') return [STOCK, report.stock.map(row => pick(row, STOCK))]
  if (table === 'queue') return [QUEUE, report.queue.map(row => pick(row, QUEUE))]
  if (table === 'waiting') return [WAITING, report.waiting.map(waitingRow)]
  return [RECONCILIATION, report.reconciliation.flatMap(row => [sumsRow(row, 'period'), sumsRow(row, 'total')])]
}

function sumsRow(row: Reconciliation, over: 'period' | 'total'): Cell[] {
  return [over, row.station, row.lot, row.item, ...pick(row[over], SUMS), row.differences.length]
}

function waitingRow({ station, toPrint, toHandOver, waiting, oldestRequestedAt, oldestHours }: WaitingTimes): Cell[] {
  const cells = [toPrint, toHandOver].flatMap(({ count, medianHours, p90Hours }) => [count, medianHours, p90Hours])
  return [station, ...cells, waiting, oldestRequestedAt, oldestHours]
}

function pick(row: object, names: readonly string[]): Cell[] {
  return names.map(name => (row as Readonly<Record<string, Cell>>)[name])
}

function cellText(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell)
  const inside = cell.replaceAll(FORMULA_BEHIND, `'`)
  const safe = FORMULA.test(inside) ? `'${inside}` : inside
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
