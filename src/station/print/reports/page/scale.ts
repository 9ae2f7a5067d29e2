/** From days and numbers to millimetres, and where the axes are marked. */
import { dayText } from '../period.js'
import type { Texts } from './texts.js'

/** Where a chart's plot lies. */
export interface Plot {
  readonly leftMm: number
  readonly topMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** From 0 to a round number at or above the largest value. */
export interface Scale {
  readonly most: number
  readonly marks: readonly number[]
  at(value: number): number
}

/** Most marks above 0. */
const MARKS = 4

/** Steps of whole pieces: 1, 2 or 5 of a power of ten. */
export function scaleOf(largest: number, { topMm, heightMm }: Plot): Scale {
  let step = 1
  for (let power = 1; step * MARKS < largest; power *= 10) {
    step = [1, 2, 5, 10].map(each => each * power).find(each => each * MARKS >= largest) ?? power * 10
  }
  const most = Math.max(1, Math.ceil(largest / step)) * step
  const marks = Array.from({ length: most / step + 1 }, (_, i) => i * step)
  return { most, marks, at: value => topMm + heightMm * (1 - value / most) }
}

export interface DayMark {
  readonly day: number
  /** Absent: a mark alone. */
  readonly label?: string
}

/** Days on which a mark stands: all of two weeks, Mondays of two months, the first of each month, or of each quarter with its year. */
export function dayMarks(first: number, last: number, { months }: Texts): DayMark[] {
  const count = last - first + 1
  const marks: DayMark[] = []
  for (let day = first; day <= last; day++) {
    const [year, month, ofMonth] = dayText(day).split('-').map(Number)
    // Day 0 of 1970 was a Thursday.
    const isMonday = (day + 3) % 7 === 0
    const isMarked = count <= 16 || (count <= 75 ? isMonday : ofMonth === 1 && (count <= 300 || month % 3 === 1))
    if (isMarked)
      marks.push({
        day,
        label: `${count > 300 ? '' : `${ofMonth} `}${months[month - 1]}${count > 300 ? ` ${year}` : ''}`,
      })
  }
  return marks
}
