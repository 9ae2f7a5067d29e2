/** Numbers and dates of letters. */

/** Gives a letter's number. `sequence`: from 1 at each station, never the same twice. The number is stored in the clear: nothing personal belongs into it. */
export type LetterNumbering = (
  sequence: number,
  letter: { readonly station: string; readonly issuedAt: string },
) => string

const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']

/** '471.13/12/3276-01/XI/2026': 471.13 is what the register's letters are filed under. */
export const defaultNumbering: LetterNumbering = (sequence, { station, issuedAt }) => {
  const [year, month] = issuedAt.split('-')
  return `471.13/${sequence}/${station}/${ROMAN[Number(month) - 1]}/${year}`
}

/** That many months later to the day, or the last day of that month where it has no such day. Dates as 'YYYY-MM-DD'. */
export function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

/** Most months that a letter is valid, to the day. */
const VALID_MONTHS = 6

/** The last day that a letter issued on a day can be valid. */
export function latestUntil(issued: string): string {
  return monthsLater(issued, VALID_MONTHS)
}

/** The last day of a letter that says until when it is valid: no later than letters are valid. */
export function boundedUntil(issued: string, until: string): string {
  const latest = latestUntil(issued)
  // Years of more than four digits sort before all others.
  return until > latest && !latest.startsWith('+') ? latest : until
}

/** The first day on which a letter can have been issued that is valid on a day. */
export function earliestIssued(day: string): string {
  const issued = monthsLater(day, -VALID_MONTHS)
  return latestUntil(issued) >= day ? issued : daysLater(issued, 1)
}

const DAY_MS = 86_400_000

export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Whether the text is a date that exists, 'YYYY-MM-DD'. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && monthsLater(text, 0) === text
}
