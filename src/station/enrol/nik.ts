/**
 * The NIK, the number that a resident of Indonesia keeps for life (Law 23/2006, article 13; Permendagri 40/2010, article 37):
 *
 *     digit  1  2 | 3  4      | 5  6     | 7  8       | 9 10  | 11 12 | 13 to 16
 *            province, regency  district   day of birth  month   year    serial of that day in that district
 *            or city (71 and up)           (+ 40: woman)
 *
 * It has no check digit: what can be checked is each part, and what is stated beside it. The region is that of the first registration
 * and need not be where the person lives or is enrolled.
 */
import { oneOf, readOptions } from '../../options.js'
import { isBirthDate, SEXES, type Sex } from './birth.js'
import { PROVINCES } from './provinces.js'

/** Begins what tags of a NIK are made of, so that none can be taken for the tag of something else. */
export const NIK_TAG = 'nik '

export type NikProblemCode =
  | 'not-digits'
  /** Fewer than 16 digits, or more. */
  | 'length'
  | 'province-unknown'
  | 'regency-unknown'
  | 'district-unknown'
  | 'birth-date-impossible'
  | 'serial-zero'
  /** The date in the NIK is not the one stated. */
  | 'birth-date-differs'
  | 'sex-differs'

/** One thing that is wrong, and in which digits. */
export interface NikProblem {
  readonly code: NikProblemCode
  /** In plain words; without any digit of the NIK. */
  readonly message: string
  /** The digits that it is about: from this one, counted from 0, to before that one. */
  readonly from: number
  readonly to: number
}

/** What is stated of the holder, to compare with. */
export interface NikHolder {
  /** 'YYYY-MM-DD' */
  readonly birthDate?: string
  readonly sex?: Sex
}

const DIGITS = 16

/** Added to the day of birth of women. */
const WOMEN = 40

/** Codes of cities begin behind this one, those of regencies end before it. */
const BETWEEN_REGENCIES_AND_CITIES = 70

/**
 * What is wrong with a NIK; empty: nothing that can be seen. It may be called while the NIK is typed: the parts that are there are
 * checked, and `length` says how many digits are missing.
 *
 * @throws TypeError, RangeError when an argument is not what its type says, a `birthDate` that is no date among it
 */
export function checkNik(nik: string, holder?: NikHolder): NikProblem[] {
  if (typeof nik !== 'string') throw new TypeError('nik must be a string')
  const { birthDate, sex } = readOptions('checkNik', holder, ['birthDate', 'sex'])
  if (birthDate !== undefined && !isBirthDate(birthDate)) throw new RangeError('birthDate must be a date YYYY-MM-DD')
  if (sex !== undefined) oneOf('sex', sex, SEXES)

  const strange = nik.search(/[^0-9]/)
  if (strange >= 0) return [problem('not-digits', strange, strange + 1, 'a NIK has digits only')]
  const problems: NikProblem[] = []
  const part = (from: number, to: number) => (nik.length >= to ? nik.slice(from, to) : undefined)
  const add = (code: NikProblemCode, from: number, to: number, message: string) =>
    problems.push(problem(code, from, to, message))

  const province = part(0, 2)
  if (province !== undefined && !PROVINCES.has(province)) {
    add('province-unknown', 0, 2, 'no province has the code of the first two digits')
  }
  const regency = part(2, 4)
  if (regency === '00' || Number(regency) === BETWEEN_REGENCIES_AND_CITIES) {
    add('regency-unknown', 2, 4, 'the third and fourth digit must be 01 to 69 (a regency) or 71 to 99 (a city)')
  }
  if (part(4, 6) === '00') add('district-unknown', 4, 6, 'the fifth and sixth digit are a district, which is never 00')
  const born = part(6, 12)
  if (born !== undefined) problems.push(...birthProblems(born, birthDate, sex))
  if (part(12, DIGITS) === '0000') add('serial-zero', 12, DIGITS, 'the last four digits count from 0001')
  if (nik.length !== DIGITS) {
    add('length', Math.min(nik.length, DIGITS), Math.max(nik.length, DIGITS), lengthMessage(nik.length))
  }
  return problems.sort((a, b) => a.from - b.from)
}

/** Whether it is 16 digits: all that a number needs to be one, whatever is wrong with its parts. */
export function isNikForm(nik: string): boolean {
  return /^[0-9]{16}$/.test(nik)
}

function birthProblems(digits: string, birthDate: string | undefined, sex: Sex | undefined): NikProblem[] {
  const [written, month, year] = [0, 2, 4].map(at => Number(digits.slice(at, at + 2)))
  const isWoman = written > WOMEN
  const day = isWoman ? written - WOMEN : written
  const two = (number: number) => String(number).padStart(2, '0')
  // Which century is not said: 29 February of either will do.
  if (!['19', '20'].some(century => isBirthDate(`${century}${two(year)}-${two(month)}-${two(day)}`))) {
    const message = 'the seventh to twelfth digit must be a date DDMMYY, with 40 added to the day of women'
    return [problem('birth-date-impossible', 6, 12, message)]
  }
  const problems: NikProblem[] = []
  if (sex !== undefined && (sex === 'female') !== isWoman) {
    const message = isWoman
      ? "the day of birth is a woman's (40 was added)"
      : "the day of birth is a man's (40 was not added)"
    problems.push(problem('sex-differs', 6, 8, `${message}, the stated sex is another`))
  }
  if (birthDate !== undefined && birthDate.slice(2) !== `${two(year)}-${two(month)}-${two(day)}`) {
    problems.push(problem('birth-date-differs', 6, 12, 'the date of birth in the NIK is not the one that is stated'))
  }
  return problems
}

function problem(code: NikProblemCode, from: number, to: number, message: string): NikProblem {
  return { code, message, from, to }
}

function lengthMessage(length: number): string {
  const off = Math.abs(DIGITS - length)
  return `a NIK has ${DIGITS} digits: ${off} ${off === 1 ? 'is' : 'are'} ${length < DIGITS ? 'missing' : 'too many'}`
}
