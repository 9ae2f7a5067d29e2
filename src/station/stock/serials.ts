/** Serials as people write them, and as callers give them. */
import { SidikError } from '../../errors.js'
import { serialRange } from '../journal/kinds-stock.js'
import { canonical, serialText } from './ranges.js'
import type { SerialRange } from './types.js'

/** Serials as callers give them: text as {@link parseSerials} reads it, or ranges. */
export type Serials = string | readonly SerialRange[]

/** Most ranges of one line. */
const MOST_RANGES = 1_000

/** Longest text of that many ranges. */
const MOST_TEXT = MOST_RANGES * 66

const MOST_PREFIX = 16

/**
 * 'AB000001-AB000500' (both ends), 'AB000007', or several of them with commas between. A serial is letters, digits and '-', 31 at most,
 * and ends in a number; both ends of a range have the same prefix and as many digits. What could be a range that was cut short
 * ('AB000001-500') is none: a serial that has a '-' after a digit is written as a range of itself.
 *
 * @throws TypeError when it is no string
 * @throws SidikError STOCK_FORMAT, saying which part of the text is none
 */
export function parseSerials(text: string): SerialRange[] {
  if (typeof text !== 'string') throw new TypeError('serials must be a string, or ranges')
  if (text.length > MOST_TEXT) throw new SidikError('STOCK_FORMAT', `serials of more than ${MOST_TEXT} characters`)
  const parts = text.split(',')
  if (parts.length > MOST_RANGES) throw new SidikError('STOCK_FORMAT', `serials in more than ${MOST_RANGES} ranges`)
  return parts.map((part, place) => rangeOf(part.trim(), place + 1))
}

/** As {@link parseSerials} reads it. @throws TypeError when it is neither a range nor a list of such */
export function formatSerials(serials: SerialRange | readonly SerialRange[]): string {
  return [serials]
    .flat()
    .map((range: unknown) => {
      if (!isRange(range)) throw new TypeError('serials must be a range of prefix, digits, first and last, or a list')
      return formatRange(range)
    })
    .join(', ')
}

function isRange(value: unknown): value is SerialRange {
  const { prefix, digits, first, last } = (value ?? {}) as Record<string, unknown>
  return typeof prefix === 'string' && [digits, first, last].every(Number.isSafeInteger)
}

function formatRange(range: SerialRange): string {
  const { prefix, digits, first, last } = canonical(range)
  const [from, to] = [serialText({ prefix, digits }, first), serialText({ prefix, digits }, last)]
  return first === last && !/\d-/.test(prefix) ? from : `${from}-${to}`
}

function rangeOf(text: string, place: number): SerialRange {
  const middle = (text.length - 1) / 2
  const [from, to] = [serialOf(text.slice(0, Math.max(0, middle))), serialOf(text.slice(middle + 1))]
  if (text[middle] === '-' && from && to && from.prefix === to.prefix && from.digits === to.digits) {
    if (from.number <= to.number)
      return { prefix: from.prefix, digits: from.digits, first: from.number, last: to.number }
    throw notSerials(place, 'ends before it begins')
  }
  const one = serialOf(text)
  if (one === undefined) throw notSerials(place, `is no serial (letters, digits and '-', a number at the end)`)
  if (/\d-/.test(one.prefix)) throw notSerials(place, 'is no range with both ends in full')
  return { prefix: one.prefix, digits: one.digits, first: one.number, last: one.number }
}

function serialOf(text: string): { prefix: string; digits: number; number: number } | undefined {
  const [, prefix, digits] = /^([A-Za-z0-9-]*?)(\d{1,15})$/.exec(text) ?? []
  if (digits === undefined || prefix.length > MOST_PREFIX) return undefined
  return { prefix, digits: digits.length, number: Number(digits) }
}

function notSerials(place: number, why: string): SidikError {
  return new SidikError('STOCK_FORMAT', `serials, part ${place}: ${why}`)
}

/**
 * What a caller gave, as ranges in their one way of writing.
 *
 * @throws TypeError when it is neither text nor a list; SidikError STOCK_FORMAT
 */
export function serialsOf(name: string, given: unknown): SerialRange[] {
  if (typeof given === 'string') return parseSerials(given)
  if (!Array.isArray(given)) throw new TypeError(`${name} must be text, or a list of ranges`)
  if (given.length === 0 || given.length > MOST_RANGES) {
    throw new SidikError('STOCK_FORMAT', `${name} has ${given.length} ranges, may have 1 to ${MOST_RANGES}`)
  }
  return given.map((range: unknown, place) => {
    const parsed = serialRange.safeParse(range)
    if (parsed.success) return canonical(parsed.data)
    const where = parsed.error.issues[0]?.path.join('.') || 'first and last'
    throw new SidikError('STOCK_FORMAT', `${name}[${place}] is no range of serials: ${where}`)
  })
}
