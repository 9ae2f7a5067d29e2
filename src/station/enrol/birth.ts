/** What is stated of a person's birth, in the form that a NIK can be compared with. */

/** As the population register has it: laki-laki, perempuan. */
export type Sex = 'male' | 'female'

export const SEXES: readonly Sex[] = ['male', 'female']

/** The oldest that a living person can have. */
const FIRST_YEAR = 1850

/** Whether it is a date 'YYYY-MM-DD' of the Gregorian calendar, from 1850 on. */
export function isBirthDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false
  const [year, month, day] = text.split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= FIRST_YEAR && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0
}
