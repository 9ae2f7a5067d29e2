/** The three charts of the page: stock, queue and cards over the days. */
import type { SceneItem } from '../../render/scene.js'
import type { Period } from '../period.js'
import { arrivals, bars, type Chart, chart, hatched, SIGNS, steps, strips } from './chart.js'
import { dayMarks } from './scale.js'
import type { DaySums } from './sums.js'
import type { Texts } from './texts.js'

const BLANKS_MM = 44
const QUEUE_MM = 38
const PRINTED_MM = 20

/** From the bottom of a plot to the top of the next one: labels of days, a title. */
const BETWEEN_MM = 14

/** Left of the plots: numbers. */
const NUMBERS_MM = 16

const LIGHT = '#d0d0d0'
const MIDDLE = '#8c8c8c'

export function dayCharts(
  days: readonly DaySums[],
  { first, last }: Pick<Period, 'first' | 'last'>,
  texts: Texts,
  { leftMm, topMm, widthMm }: { readonly leftMm: number; readonly topMm: number; readonly widthMm: number },
): { readonly items: SceneItem[]; readonly endMm: number } {
  const marks = dayMarks(first, last, texts)
  const place = { leftMm: leftMm + NUMBERS_MM, widthMm: widthMm - NUMBERS_MM }
  const common = { first, count: days.length, marks, texts }
  const of = (name: 'blanks' | 'waiting' | 'waitingNew' | 'received' | 'printed') => days.map(day => day[name])
  const blanks: Chart = {
    ...common,
    title: texts.blanksChart,
    unit: texts.cards,
    keys: [
      { label: texts.received, sign: SIGNS.arrow },
      { label: texts.noBlanks, sign: SIGNS.strip },
    ],
    plot: { ...place, topMm: topMm + 8, heightMm: BLANKS_MM },
    // Room for the arrows and their numbers.
    largest: Math.max(...of('blanks')) * 1.12,
  }
  const queue: Chart = {
    ...common,
    title: texts.queueChart,
    unit: texts.people,
    keys: [
      { label: texts.newCard, sign: SIGNS.box(MIDDLE) },
      { label: texts.replacement, sign: SIGNS.hatched },
    ],
    plot: { ...place, topMm: blanks.plot.topMm + BLANKS_MM + BETWEEN_MM, heightMm: QUEUE_MM },
    largest: Math.max(...of('waiting')),
  }
  const printed: Chart = {
    ...common,
    title: texts.printedChart,
    unit: texts.cards,
    plot: { ...place, topMm: queue.plot.topMm + QUEUE_MM + BETWEEN_MM, heightMm: PRINTED_MM },
    largest: Math.max(...of('printed')),
  }
  const items = [
    ...chart(blanks, drawing => [
      ...steps(of('blanks'), drawing, LIGHT),
      ...strips(
        days.map(day => day.blanks === 0),
        drawing,
      ),
      ...arrivals(of('received'), of('blanks'), drawing, texts),
    ]),
    ...chart(queue, drawing => [
      ...steps(of('waiting'), drawing, '#ffffff'),
      ...hatched(of('waitingNew'), of('waiting'), drawing),
      ...steps(of('waitingNew'), drawing, MIDDLE),
    ]),
    ...chart(printed, drawing => bars(of('printed'), drawing)),
  ]
  return { items, endMm: printed.plot.topMm + PRINTED_MM + 6 }
}
