/** A chart over the days of a report. Black, greys and hatching alone: it is printed by whatever printer an office has. */
import { mm } from '../../render/items.js'
import { fitText, line, path, rectangle, type SceneItem } from '../../render/scene.js'
import { type DayMark, type Plot, type Scale, scaleOf } from './scale.js'
import { numberText, type Texts } from './texts.js'

const INK = '#000000'
const GRID = '#c8c8c8'
const SIZE_PT = 7.5
/** A character of that size takes no more on the average of a word. */
const CHARACTER_MM = 1.8

/** Between lines of a hatching. */
const HATCH_MM = 0.9

/** Widest bar of a day. */
const BAR_MM = 8

export interface Chart {
  readonly title: string
  /** What the numbers count. */
  readonly unit: string
  /** In the line of the title, from the right. */
  readonly keys?: readonly Key[]
  readonly plot: Plot
  readonly first: number
  /** Numbers of days, in order. */
  readonly count: number
  /** The largest value of it. */
  readonly largest: number
  readonly marks: readonly DayMark[]
  readonly texts: Texts
}

/** A sign and what it means. */
export interface Key {
  readonly label: string
  /** `xMm`, `yMm`: upper left corner of 4 by 3 mm. */
  readonly sign: (xMm: number, yMm: number) => SceneItem[]
}

const KEY_MM = { widthMm: 4, heightMm: 3 }

/** What is drawn into a chart: `x` is where a day begins. */
export interface Drawing {
  readonly y: Scale
  readonly x: (place: number) => number
  readonly dayMm: number
}

/** Title, grid and axes; what is in the plot is drawn by `draw`. */
export function chart(given: Chart, draw: (drawing: Drawing) => SceneItem[]): SceneItem[] {
  const { title, unit, keys = [], plot, count, largest, marks, first, texts } = given
  const { leftMm, topMm, widthMm, heightMm } = plot
  const y = scaleOf(largest, plot)
  const dayMm = widthMm / count
  const x = (place: number) => leftMm + place * dayMm
  const bottomMm = topMm + heightMm
  const key = keysOf(keys, leftMm + widthMm, topMm - 7)
  const titleMm = key.leftMm - leftMm
  const heading = [
    ...fitText(title, { xMm: leftMm, yMm: topMm - 7.3, widthMm: titleMm, sizePt: 9, leastPt: 6, face: 'bold' }).items,
    ...labelOf(unit, leftMm - 15.5, topMm - 5.6, 14, 'right'),
  ]
  const rows = y.marks.flatMap(value => [
    line(leftMm, y.at(value), leftMm + widthMm, y.at(value), { stroke: GRID, widthMm: 0.15 }),
    ...labelOf(numberText(texts, value), leftMm - 15.5, y.at(value) - 1.5, 14, 'right'),
  ])
  return [
    ...heading,
    ...key.items,
    ...rows,
    ...draw({ y, x, dayMm }),
    line(leftMm, bottomMm, leftMm + widthMm, bottomMm, { stroke: INK, widthMm: 0.3 }),
    ...dayAxis(marks, place => x(place), bottomMm, first, widthMm + leftMm),
  ]
}

/** From right to left, so that all of them end where the plot does. */
function keysOf(keys: readonly Key[], rightMm: number, yMm: number): { items: SceneItem[]; leftMm: number } {
  const items: SceneItem[] = []
  let leftMm = rightMm
  for (const { label, sign } of keys.toReversed()) {
    const text = { yMm, sizePt: SIZE_PT, align: 'right' as const, widthMm: 60, xMm: leftMm - 60 }
    const { items: words } = fitText(label, text)
    items.push(...words)
    leftMm = words[0].xMm - KEY_MM.widthMm - 1.2
    items.push(...sign(leftMm, yMm))
    leftMm -= 4
  }
  return { items, leftMm }
}

function dayAxis(
  marks: readonly DayMark[],
  x: (place: number) => number,
  bottomMm: number,
  first: number,
  rightMm: number,
): SceneItem[] {
  return marks.flatMap(({ day, label }) => {
    const xMm = x(day - first)
    const tick = line(xMm, bottomMm, xMm, bottomMm + 1.2, { stroke: INK, widthMm: 0.2 })
    // The last label may have no room before the edge.
    if (label === undefined || xMm + label.length * CHARACTER_MM > rightMm) return [tick]
    return [tick, ...labelOf(label, xMm + 0.4, bottomMm + 1, 14, 'left')]
  })
}

export function labelOf(
  text: string,
  xMm: number,
  yMm: number,
  widthMm: number,
  align: 'left' | 'right' | 'center',
): SceneItem[] {
  return [...fitText(text, { xMm, yMm, widthMm, sizePt: SIZE_PT, leastPt: 5, align }).items]
}

/** A value a day as steps, filled down to 0. */
export function steps(values: readonly number[], { x, y }: Drawing, fill: string): SceneItem[] {
  const base = y.at(0)
  const top = values.map((value, i) => `L${mm(x(i))} ${mm(y.at(value))}H${mm(x(i + 1))}`).join('')
  const outline = `M${mm(x(0))} ${mm(y.at(values[0]))}${top.slice(top.indexOf('H'))}`
  return [path(`M${mm(x(0))} ${mm(base)}${top}V${mm(base)}Z`, { fill }), path(outline, { stroke: INK, widthMm: 0.45 })]
}

/** What lies between two steps, hatched by upright lines. */
export function hatched(lower: readonly number[], upper: readonly number[], { x, y }: Drawing): SceneItem[] {
  const [left, right] = [x(0), x(upper.length)]
  let d = ''
  for (let xMm = left + HATCH_MM / 2; xMm < right; xMm += HATCH_MM) {
    const place = Math.min(upper.length - 1, Math.floor(((xMm - left) / (right - left)) * upper.length))
    if (upper[place] > lower[place]) d += `M${mm(xMm)} ${mm(y.at(lower[place]))}V${mm(y.at(upper[place]))}`
  }
  return d === '' ? [] : [path(d, { stroke: INK, widthMm: 0.25 })]
}

export function bars(values: readonly number[], { x, y, dayMm }: Drawing): SceneItem[] {
  const widthMm = Math.min(BAR_MM, dayMm * 0.75)
  const d = values
    .map((value, i) => {
      if (value <= 0) return ''
      const heightMm = y.at(0) - y.at(value)
      return `M${mm(x(i) + (dayMm - widthMm) / 2)} ${mm(y.at(0))}v${mm(-heightMm)}h${mm(widthMm)}v${mm(heightMm)}Z`
    })
    .join('')
  return d === '' ? [] : [path(d, { fill: '#404040' })]
}

/** Runs of days of which something is true, as black strips on the axis. */
export function strips(isTrue: readonly boolean[], { x, y }: Drawing): SceneItem[] {
  const items: SceneItem[] = []
  for (let i = 0; i < isTrue.length; i++) {
    const start = i
    while (i < isTrue.length && isTrue[i]) i++
    if (i > start) items.push(rectangle(x(start), y.at(0) - 1.2, x(i) - x(start), 1.2, { fill: INK }))
  }
  return items
}

/** Arrows down onto what came, with the number where there is room for it. */
export function arrivals(
  arrived: readonly number[],
  atEnd: readonly number[],
  drawing: Drawing,
  texts: Texts,
): SceneItem[] {
  const { x, y, dayMm } = drawing
  let freeFromMm = Number.NEGATIVE_INFINITY
  return arrived.flatMap((quantity, i) => {
    if (quantity <= 0) return []
    const xMm = x(i) + dayMm / 2
    const tip = y.at(atEnd[i]) - 0.6
    const arrow = arrowTo(xMm, tip)
    if (xMm - 8 < freeFromMm) return [arrow]
    freeFromMm = xMm + 8
    return [arrow, ...labelOf(`+${numberText(texts, quantity)}`, xMm - 8, tip - 5.4, 16, 'center')]
  })
}

function arrowTo(xMm: number, yMm: number): SceneItem {
  return path(`M${mm(xMm)} ${mm(yMm)}l-1.1 -2h2.2Z`, { fill: INK })
}

/** The signs of keys. */
export const SIGNS = {
  box: (fill: string) => (xMm: number, yMm: number) => [
    rectangle(xMm, yMm, KEY_MM.widthMm, KEY_MM.heightMm, { fill, stroke: INK, widthMm: 0.2 }),
  ],
  hatched: (xMm: number, yMm: number) => {
    const { widthMm, heightMm } = KEY_MM
    const x = (place: number) => xMm + place * widthMm
    const y = { most: 1, marks: [], at: (value: number) => yMm + heightMm * (1 - value) }
    return [...SIGNS.box('#ffffff')(xMm, yMm), ...hatched([0], [1], { x, y, dayMm: widthMm })]
  },
  strip: (xMm: number, yMm: number) => [rectangle(xMm, yMm + 0.9, KEY_MM.widthMm, 1.2, { fill: INK })],
  arrow: (xMm: number, yMm: number) => [arrowTo(xMm + KEY_MM.widthMm - 1.1, yMm + 2.5)],
}
