/** The days of a report: whole ones, as an office's clock has them. */
import { wholeNumber } from '../../../options.js'
import type { Clock } from '../../clock.js'
import type { ReportOptions } from './types.js'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Three years. */
const MOST_DAYS = 1_100

const DAYS = 30

/** UTC-12 to UTC+14: what is in use. */
const OFFSETS_MINUTES = [-720, 840] as const

export interface Period {
  /** Numbers of days since 1970, by the office's clock. */
  readonly first: number
  readonly last: number
  readonly utcOffsetMinutes: number
}

/** @throws TypeError, RangeError naming the option */
export function readPeriod({ from, to, utcOffsetMinutes }: ReportOptions, clock: Clock): Period {
  const now = clock()
  const ahead = utcOffsetMinutes ?? -new Date(now).getTimezoneOffset()
  const offset = wholeNumber('utcOffsetMinutes', ahead, ...OFFSETS_MINUTES)
  const last = to === undefined ? dayOf(now, offset) : readDay('to', to)
  const first = from === undefined ? last - DAYS + 1 : readDay('from', from)
  if (first > last) throw new RangeError('from is after to')
  if (last - first >= MOST_DAYS) {
    throw new RangeError(`from and to are ${last - first + 1} days, may be ${MOST_DAYS}`)
  }
  return { first, last, utcOffsetMinutes: offset }
}

/** The number of the day on which a moment is. */
export function dayOf(ms: number, utcOffsetMinutes: number): number {
  return Math.floor((ms + utcOffsetMinutes * MINUTE_MS) / DAY_MS)
}

/** '2017-04-10'. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The first millisecond after a day. */
export function endOfDay(day: number, utcOffsetMinutes: number): number {
  return (day + 1) * DAY_MS - utcOffsetMinutes * MINUTE_MS
}

export function daysOf({ first, last }: Period): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

function readDay(name: string, text: unknown): number {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a day as text, as '2017-04-10'`)
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  // 30 February is read as a day of March by some and as none by others.
  if (Number.isNaN(ms) || dayText(ms / DAY_MS) !== text)
    throw new RangeError(`${name} is no day, as '2017-04-10' is one`)
  return ms / DAY_MS
}
