/** The tables of the page: by office, and by what is in stock. */
import type { PrintReport, QueueDay, StockSums } from '../types.js'
import type { Column, Table } from './table.js'
import { daysText, numberText, type Texts } from './texts.js'

type Total = { -readonly [K in Exclude<keyof StockSums, 'balances'>]: number } & { balances: boolean }

export function stockTable(report: PrintReport, texts: Texts, widthMm: number): Table {
  const totals = new Map<string, { station: string; item: string; sums: Total }>()
  for (const { station, item, period, balances } of report.reconciliation) {
    const key = `${station} ${item}`
    const total = totals.get(key) ?? { station, item, sums: { ...ZERO } }
    totals.set(key, total)
    for (const name of NUMBERS) total.sums[name] += period[name]
    total.sums.balances &&= balances
  }
  const rows = [...totals.values()].map(({ station, item, sums }) => [
    station,
    texts.items.get(item) ?? item,
    ...[sums.start, sums.received, sums.found, sums.printed, sums.used, sums.spoiled].map(n => numberText(texts, n)),
    ...[sums.returned, sums.sent, sums.missing].map(n => numberText(texts, n)),
    numberText(texts, sums.available + sums.reserved + sums.installed),
    sums.balances ? texts.yes : texts.no,
  ])
  return tableOf(texts.stockTable, texts.stockHeadings, rows, {
    widthMm,
    isOne: report.stations.length === 1,
    names: 2,
  })
}

export function queueTable(report: PrintReport, texts: Texts, widthMm: number): Table {
  const rows = report.stations.map(station => {
    const days = report.queue.filter(day => day.station === station)
    const sum = (name: keyof QueueDay) =>
      numberText(
        texts,
        days.reduce((total, day) => total + Number(day[name]), 0),
      )
    const last = days.at(-1)!
    const times = report.waiting.find(each => each.station === station)!
    const inDays = (hours: number | undefined) => (hours === undefined ? '-' : daysText(texts, hours))
    return [
      ...[station, sum('requested'), sum('printed'), sum('spoiled'), sum('handedOver'), sum('lettersIssued')],
      ...[last.waiting, last.waitingNew, last.waitingUrgent].map(n => numberText(texts, n)),
      ...[times.toPrint.medianHours, times.toPrint.p90Hours, times.oldestHours].map(inDays),
    ]
  })
  return tableOf(texts.queueTable, texts.queueHeadings, rows, {
    widthMm,
    isOne: report.stations.length === 1,
    names: 1,
  })
}

const NUMBERS = [
  ...(['start', 'received', 'found', 'cameIn', 'printed', 'used', 'spoiled', 'returned', 'sent', 'missing'] as const),
  ...(['available', 'reserved', 'installed', 'accountedFor'] as const),
]

const ZERO = {
  ...(Object.fromEntries(NUMBERS.map(name => [name, 0])) as Record<(typeof NUMBERS)[number], number>),
  balances: true,
}

/** The column of offices is of no use where there is one. */
function tableOf(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { widthMm, isOne, names }: { readonly widthMm: number; readonly isOne: boolean; readonly names: number },
): Table {
  const from = isOne ? 1 : 0
  const shown = headings.slice(from)
  const wide = names - from
  const nameMm = 22
  const numberMm = (widthMm - wide * nameMm) / (shown.length - wide)
  const columns = shown.map(
    (heading, i): Column => ({ heading, widthMm: i < wide ? nameMm : numberMm, align: i < wide ? 'left' : 'right' }),
  )
  return { title, columns, rows: rows.map(row => row.slice(from)) }
}
