/** Arithmetic of serials: ranges of numbers below one prefix and one number of digits. */
import type { SerialRange } from './types.js'

/** Most digits of a serial's number: what a double holds exactly. */
const MOST_DIGITS = 15

export function countOf({ first, last }: SerialRange): number {
  return last - first + 1
}

export function totalOf(ranges: readonly SerialRange[]): number {
  return ranges.reduce((sum, range) => sum + countOf(range), 0)
}

/** The text of a serial, as it is printed on a piece. */
export function serialText({ prefix, digits }: Pick<SerialRange, 'prefix' | 'digits'>, number: number): string {
  return prefix + String(number).padStart(digits, '0')
}

/**
 * The one way to say these serials: digits at the end of the prefix belong to the number. Two ways of saying one serial would let it be in
 * stock twice.
 */
export function canonical({ prefix, digits, first, last }: SerialRange): SerialRange {
  const more = Math.min(/\d*$/.exec(prefix)![0].length, MOST_DIGITS - digits)
  if (more <= 0) return { prefix, digits, first, last }
  const added = Number(prefix.slice(prefix.length - more)) * 10 ** digits
  return {
    prefix: prefix.slice(0, prefix.length - more),
    digits: digits + more,
    first: first + added,
    last: last + added,
  }
}

export function isSameSeries(
  a: Pick<SerialRange, 'prefix' | 'digits'>,
  b: Pick<SerialRange, 'prefix' | 'digits'>,
): boolean {
  return a.prefix === b.prefix && a.digits === b.digits
}

/** In the order of their serials. */
export function sorted(ranges: readonly SerialRange[]): SerialRange[] {
  return [...ranges].sort(inOrder)
}

function inOrder(a: SerialRange, b: SerialRange): number {
  if (a.prefix !== b.prefix) return a.prefix < b.prefix ? -1 : 1
  return a.digits - b.digits || a.first - b.first
}

/** Two of them that share a serial. */
export function overlapIn(ranges: readonly SerialRange[]): readonly [SerialRange, SerialRange] | undefined {
  const all = sorted(ranges)
  for (let i = 1; i < all.length; i++) {
    const [before, next] = [all[i - 1], all[i]]
    if (isSameSeries(before, next) && next.first <= before.last) return [before, next]
  }
  return undefined
}

/** Sorted, and joined where one follows the other or they overlap. */
export function joined(ranges: readonly SerialRange[]): SerialRange[] {
  const all: SerialRange[] = []
  for (const range of sorted(ranges)) {
    const before = all.at(-1)
    if (before !== undefined && isSameSeries(before, range) && range.first <= before.last + 1) {
      all[all.length - 1] = { ...before, last: Math.max(before.last, range.last) }
    } else all.push(range)
  }
  return all
}

/** What is in `ranges` and not in `others`. */
export function without(ranges: readonly SerialRange[], others: readonly SerialRange[]): SerialRange[] {
  const taken = joined(others)
  const left: SerialRange[] = []
  let from = 0
  for (const range of joined(ranges)) {
    while (from < taken.length && isBefore(taken[from], range)) from++
    let { first } = range
    for (let i = from; i < taken.length && isSameSeries(taken[i], range) && taken[i].first <= range.last; i++) {
      if (taken[i].first > first) left.push({ ...range, first, last: taken[i].first - 1 })
      first = taken[i].last + 1
    }
    if (first <= range.last) left.push({ ...range, first })
  }
  return left
}

/** Whether all of `a` comes before `b` in the order of serials. */
function isBefore(a: SerialRange, b: SerialRange): boolean {
  return isSameSeries(a, b) ? a.last < b.first : inOrder(a, b) < 0
}
