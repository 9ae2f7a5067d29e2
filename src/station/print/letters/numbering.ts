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
