/** What the values of fields look like (ANSI/NIST-ITL 1-2011, 7.7 and the tables of the record layouts). */
import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'
import { COMPRESSIONS } from './compression.js'

/** The subfields of a field, each of its items. */
type Subfields = readonly (readonly string[])[]

export interface Form {
  readonly says: string
  readonly holds: (subfields: Subfields) => boolean
}

type Test = RegExp | ((item: string) => boolean)

function passes(test: Test, item: string): boolean {
  return test instanceof RegExp ? test.test(item) : test(item)
}

/** One item. */
function one(says: string, test: Test): Form {
  return {
    says,
    holds: subfields => subfields.length === 1 && subfields[0].length === 1 && passes(test, subfields[0][0]),
  }
}

/** Any number of subfields, each of these items. */
function each(says: string, ...tests: readonly Test[]): Form {
  const holds = (items: readonly string[]) =>
    items.length === tests.length && items.every((item, i) => passes(tests[i], item))
  return { says, holds: subfields => subfields.every(holds) }
}

function isDay(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  // Years 0 to 99 are those of the last century to Date.
  return year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function isMoment(text: string): boolean {
  return /^\d{8}([01]\d|2[0-3])[0-5]\d[0-5]\dZ$/.test(text) && isDay(text.slice(0, 8))
}

function isPosition(item: string): boolean {
  return /^\d{1,2}$/.test(item) && FRICTION_RIDGE_POSITIONS.has(Number(item))
}

const FINGER = /^(0?[1-9]|10)$/
const NUMBER = /^\d{1,5}$/

export const TWO_DIGITS = one('must have one or two digits', /^\d{1,2}$/)
export const PIXELS = one('must be a whole number from 1 to 99999', item => NUMBER.test(item) && Number(item) > 0)
export const WHOLE = one('must be a whole number of up to 5 digits', NUMBER)
export const DAY = one('must be a date as YYYYMMDD', isDay)
export const MOMENT = one('must be a time as YYYYMMDDHHMMSSZ', isMoment)
export const SCALE_UNITS = one('must be 0, 1 (per inch) or 2 (per cm)', /^[012]$/)
export const COMPRESSION = one(`must be one of ${COMPRESSIONS.join(', ')}`, item =>
  COMPRESSIONS.some(name => name === item),
)
export const VERSION = one('must be a version from 0200 to 0599', /^0[2-5]\d\d$/)
export const PRIORITY = one('must be a digit from 1 to 9', /^[1-9]$/)
export const PX_PER_MM = one('must be pixels per mm as NN.NN', /^\d\d\.\d\d$/)
export const SHORT_TRANSACTION_TYPE = one('must have 3 or 4 characters before version 0500', /^.{3,4}$/)
export const TRANSACTION_TYPE = one('must have 1 to 16 characters', /^.{1,16}$/)
export const TEXT = one('must have text', item => item.length > 0)
export const POSITIONS = each('must be positions of table 8', isPosition)
export const AMPUTATIONS = each('must be pairs of a finger from 1 to 10 and XX or UP', FINGER, /^(XX|UP)$/)
export const SEGMENTS = each(
  'must be sets of five: a finger from 1 to 10, left, right, top and bottom',
  FINGER,
  NUMBER,
  NUMBER,
  NUMBER,
  NUMBER,
)
export const NIST_QUALITIES = each(
  'must be pairs of a finger from 1 to 10 and a quality of 1 to 5, 254 or 255',
  FINGER,
  /^([1-5]|25[45])$/,
)
export const MINUTIAE_FORMAT = one('must be S or U', /^[SU]$/)
export const ZERO_OR_ONE = one('must be 0 or 1', /^[01]$/)
/** Types 9.012 and 9.137: the first items of each subfield, or all. */
export const MINUTIAE: Form = {
  says: 'must be sets of an index and 11 digits (13 for palms) of x, y and angle',
  holds: subfields =>
    subfields.every(([index, place]) => /^\d{1,3}$/.test(index) && /^(\d{11}|\d{13})$/.test(place ?? '')),
}
export const M1_MINUTIAE = each(
  'must be sets of six: index, x, y, angle from 0 to 179, type 0 to 2, quality up to 100',
  NUMBER,
  NUMBER,
  NUMBER,
  item => NUMBER.test(item) && Number(item) <= 179,
  /^[012]$/,
  item => NUMBER.test(item) && Number(item) <= 100,
)
