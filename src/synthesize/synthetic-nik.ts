import { oneOf, readOptions } from '../options.js'
import { isBirthDate, SEXES, type Sex } from '../station/enrol/birth.js'
import { PROVINCES } from '../station/enrol/provinces.js'

export interface SyntheticNikOptions {
  /** 'YYYY-MM-DD'; drawn between 1940 and 2008 unless given. */
  readonly birthDate?: string
  readonly sex?: Sex
  /** Two digits; drawn unless given. */
  readonly province?: string
}

/** Serials that no district comes to in one day: so the number is nobody's. */
const FIRST_SERIAL = 9000
const SERIALS = 1000

const DAY_MS = 86_400_000
const FIRST_BIRTH_MS = Date.UTC(1940, 0, 1)
const BIRTHS_DAYS = (Date.UTC(2009, 0, 1) - FIRST_BIRTH_MS) / DAY_MS

/**
 * A NIK of the right form that is nobody's, and whose it would be.
 *
 * @param random `below(count)`: a whole number from 0 to before `count`
 * @throws TypeError, RangeError naming the option
 */
export function syntheticNik(
  random: { below(count: number): number },
  options?: SyntheticNikOptions,
): { readonly nik: string; readonly birthDate: string; readonly sex: Sex } {
  const asked = readOptions('syntheticNik', options, ['birthDate', 'sex', 'province'])
  if (asked.province !== undefined && !PROVINCES.has(asked.province)) {
    throw new RangeError('province must be the two digits of a province')
  }
  if (asked.birthDate !== undefined && !isBirthDate(asked.birthDate)) {
    throw new RangeError('birthDate must be a date YYYY-MM-DD')
  }
  const sex = asked.sex === undefined ? SEXES[random.below(2)] : oneOf('sex', asked.sex, SEXES)
  const birthDate =
    asked.birthDate ?? new Date(FIRST_BIRTH_MS + random.below(BIRTHS_DAYS) * DAY_MS).toISOString().slice(0, 10)
  const province = asked.province ?? [...PROVINCES.keys()][random.below(PROVINCES.size)]
  // A regency in three of four, a city in the fourth: about their true shares.
  const regency = random.below(4) < 3 ? 1 + random.below(29) : 71 + random.below(9)
  const [year, month, day] = birthDate.split('-').map(Number)
  const digits = [regency, 1 + random.below(30), sex === 'female' ? day + 40 : day, month, year % 100]
  const serial = FIRST_SERIAL + random.below(SERIALS)
  return { nik: `${province}${digits.map(part => String(part).padStart(2, '0')).join('')}${serial}`, birthDate, sex }
}
