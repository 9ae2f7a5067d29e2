/** The report as a page that an office can print and put up: figures, charts, tables. */
import { oneOf, readOptions } from '../../../../options.js'
import { fitText, rectangle, type Scene, type SceneItem, sceneDocument } from '../../render/scene.js'
import type { PrintDocument } from '../../types.js'
import { givenReport } from '../given-report.js'
import { dayOf } from '../period.js'
import type { PrintReport } from '../types.js'
import { dayCharts } from './charts.js'
import { statements } from './statements.js'
import { type DaySums, daySums } from './sums.js'
import { LEAST_TABLE_MM, type Table, tablePart } from './table.js'
import { queueTable, stockTable } from './tables.js'
import {
  dateText,
  daysText,
  filled,
  numberText,
  REPORT_LANGUAGES,
  type ReportLanguage,
  TEXTS,
  type Texts,
  zoneText,
} from './texts.js'

export interface ReportDocumentOptions {
  /** 'en' unless given. */
  readonly language?: ReportLanguage
}

/** A4. */
const PAGE_MM = { widthMm: 210, heightMm: 297 }
const MARGIN_MM = 15
const WIDTH_MM = PAGE_MM.widthMm - 2 * MARGIN_MM
const BOTTOM_MM = PAGE_MM.heightMm - 17
const FIGURES_MM = 18
const BETWEEN_MM = 5

const LISTS = ['stations', 'stock', 'queue', 'reconciliation', 'waiting', 'reasons'] as const

/** Ids of offices that are listed; the tables have all of them. */
const MOST_OFFICES = 12

/**
 * The report on sheets of A4, in black and grey: the last day in figures; stock, queue and cards day by day over all stations of the report; what
 * came in and went out, and how long people waited, by office. Titles and texts are English or Indonesian. No personal data.
 *
 * @throws TypeError for another language, and for what is no report
 */
export function reportDocument(report: PrintReport, options?: ReportDocumentOptions): PrintDocument {
  const { language = 'en' } = readOptions('reportDocument', options, ['language'])
  const texts = TEXTS[oneOf('language', language, REPORT_LANGUAGES)]
  const days = daySums(givenReport(report, LISTS))
  const charts = dayCharts(days, daysOf(report), texts, { leftMm: MARGIN_MM, topMm: 56, widthMm: WIDTH_MM })
  const pages: SceneItem[][] = [[...heading(report, texts), ...figures(report, days, texts), ...charts.items]]
  let yMm = charts.endMm + 2
  const nextPage = () => {
    pages.push([])
    yMm = MARGIN_MM
  }
  for (const text of statements(report, texts)) {
    const box = { xMm: MARGIN_MM, yMm, widthMm: WIDTH_MM, sizePt: 8.5, leastPt: 7, lines: 3 }
    const { items, bottomMm } = fitText(text, box)
    pages.at(-1)!.push(...items)
    yMm = bottomMm + 0.6
  }
  for (const whole of [stockTable(report, texts, WIDTH_MM), queueTable(report, texts, WIDTH_MM)]) {
    yMm += BETWEEN_MM
    let table: Table | undefined = whole
    while (table !== undefined) {
      if (yMm + LEAST_TABLE_MM > BOTTOM_MM) nextPage()
      const part = tablePart(table, { leftMm: MARGIN_MM, topMm: yMm, bottomMm: BOTTOM_MM })
      pages.at(-1)!.push(...part.items)
      yMm = part.endMm
      table = part.rest
    }
  }
  const scenes = pages.map(
    (items, i): Scene => ({ ...PAGE_MM, items: [...items, ...footer(report, texts, i + 1, pages.length)] }),
  )
  return sceneDocument(texts.title, scenes)
}

function daysOf({ from, to }: PrintReport): { first: number; last: number } {
  return { first: dayOf(Date.parse(from), 0), last: dayOf(Date.parse(to), 0) }
}

function heading({ stations, from, to, utcOffsetMinutes }: PrintReport, texts: Texts): SceneItem[] {
  const listed = stations.slice(0, MOST_OFFICES).join(', ')
  const more = stations.length - MOST_OFFICES
  const offices = filled(texts.offices, more > 0 ? filled(texts.moreOffices, listed, more) : listed)
  const period = filled(texts.period, dateText(texts, from), dateText(texts, to), zoneText(utcOffsetMinutes))
  const at = (yMm: number) => ({ xMm: MARGIN_MM, yMm, widthMm: WIDTH_MM })
  return [
    ...fitText(texts.title, { ...at(13), sizePt: 17, leastPt: 12, face: 'bold' }).items,
    ...fitText(offices, { ...at(22), sizePt: 10, leastPt: 7 }).items,
    ...fitText(period, { ...at(27), sizePt: 10 }).items,
  ]
}

/** The end of the period in five numbers. */
function figures(report: PrintReport, days: readonly DaySums[], texts: Texts): SceneItem[] {
  const last = days.at(-1)!
  const all = report.waiting.at(-1)!
  const inDays = (hours: number | undefined) => (hours === undefined ? '-' : daysText(texts, hours))
  const shown: [figure: string, what: string][] = [
    [numberText(texts, last.blanks), texts.figures.blanks],
    [numberText(texts, last.waiting), texts.figures.waiting],
    [
      numberText(
        texts,
        days.reduce((sum, { printed }) => sum + printed, 0),
      ),
      texts.figures.printed,
    ],
    [inDays(all.toPrint.medianHours), texts.figures.median],
    [inDays(all.oldestHours), texts.figures.oldest],
  ]
  const widthMm = (WIDTH_MM - (shown.length - 1) * 3) / shown.length
  return shown.flatMap(([figure, what], i) => {
    const xMm = MARGIN_MM + i * (widthMm + 3)
    const inner = { xMm: xMm + 1, widthMm: widthMm - 2, align: 'center' as const }
    return [
      rectangle(xMm, 34, widthMm, FIGURES_MM, { stroke: '#000000', widthMm: 0.3 }),
      ...fitText(figure, { ...inner, yMm: 35.3, sizePt: 19, leastPt: 9, face: 'bold' }).items,
      ...fitText(what, { ...inner, yMm: 44.3, sizePt: 7.5, leastPt: 7.5, lines: 2 }).items,
    ]
  })
}

function footer({ madeBy, madeAt }: PrintReport, texts: Texts, page: number, pages: number): SceneItem[] {
  const at = { yMm: PAGE_MM.heightMm - 13, sizePt: 7, leastPt: 6 }
  const made = filled(texts.footer, madeBy, `${madeAt.slice(0, 16).replace('T', ' ')} UTC`)
  return [
    ...fitText(made, { ...at, xMm: MARGIN_MM, widthMm: WIDTH_MM - 30 }).items,
    ...fitText(filled(texts.page, page, pages), { ...at, xMm: MARGIN_MM + WIDTH_MM - 30, widthMm: 30, align: 'right' })
      .items,
  ]
}
