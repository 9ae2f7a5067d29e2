/**
 * Checks of a record against the tables of its layout (ANSI/NIST-ITL 1-2007 and 1-2011 Update 2013): which fields are mandatory,
 * and the form of those that this library reads. Fields that are not named here may hold anything.
 */
import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'
import { checkImage } from './check-image.js'
import * as Form from './field-forms.js'
import { fieldName } from './field-names.js'
import type { Located, Source } from './source.js'
import {
  type AnsiNistRecord,
  DATA,
  type FixedImageRecord,
  fieldOf,
  IDC,
  type TaggedRecord,
  textOf,
  VER,
} from './transaction.js'

/** When a field must be there. */
type Need = 'always' | 'with an image' | 'optional'

type Rule = readonly [number: number, need: Need, form: Form.Form]

const IMAGE_SIZE: readonly Rule[] = [
  [6, 'with an image', Form.PIXELS],
  [7, 'with an image', Form.PIXELS],
  [8, 'with an image', Form.SCALE_UNITS],
  [9, 'with an image', Form.WHOLE],
  [10, 'with an image', Form.WHOLE],
  [11, 'with an image', Form.COMPRESSION],
]

/** Types 13 to 15. */
const FRICTION_RIDGE_IMAGE: readonly Rule[] = [
  [IDC, 'always', Form.TWO_DIGITS],
  [3, 'always', Form.TWO_DIGITS],
  [4, 'always', Form.TEXT],
  [5, 'always', Form.DAY],
  ...IMAGE_SIZE,
  [12, 'with an image', Form.TWO_DIGITS],
  [13, 'always', Form.POSITIONS],
]

const ANY: readonly Rule[] = [[IDC, 'always', Form.TWO_DIGITS]]

const RULES: Readonly<Record<number, readonly Rule[]>> = {
  1: [
    [2, 'always', Form.VERSION],
    [5, 'always', Form.DAY],
    [6, 'optional', Form.PRIORITY],
    [7, 'always', Form.TEXT],
    [8, 'always', Form.TEXT],
    [9, 'always', Form.TEXT],
    [11, 'always', Form.PX_PER_MM],
    [12, 'always', Form.PX_PER_MM],
    [14, 'optional', Form.MOMENT],
  ],
  9: [
    ...ANY,
    [3, 'always', Form.TWO_DIGITS],
    [4, 'always', Form.MINUTIAE_FORMAT],
    [6, 'optional', Form.POSITIONS],
    [10, 'optional', Form.WHOLE],
    [11, 'optional', Form.ZERO_OR_ONE],
    [12, 'optional', Form.MINUTIAE],
    [128, 'optional', Form.PIXELS],
    [129, 'optional', Form.PIXELS],
    [130, 'optional', Form.SCALE_UNITS],
    [131, 'optional', Form.PIXELS],
    [132, 'optional', Form.PIXELS],
    [134, 'optional', Form.POSITIONS],
    [136, 'optional', Form.WHOLE],
    [137, 'optional', Form.M1_MINUTIAE],
  ],
  10: [...ANY, [3, 'always', Form.TEXT], [4, 'always', Form.TEXT], [5, 'always', Form.DAY], ...IMAGE_SIZE],
  13: FRICTION_RIDGE_IMAGE,
  14: [
    ...FRICTION_RIDGE_IMAGE,
    [18, 'optional', Form.AMPUTATIONS],
    [21, 'optional', Form.SEGMENTS],
    [22, 'optional', Form.NIST_QUALITIES],
  ],
  15: FRICTION_RIDGE_IMAGE,
  17: [...ANY, [4, 'always', Form.TEXT], [5, 'always', Form.DAY], ...IMAGE_SIZE],
}

/** Fields that say why a record of types 10 to 17 has no image: amputation, damage, a file elsewhere. */
const WITHOUT_IMAGE = [18, 28, 994]

const COUNTS: readonly (readonly [count: number, of: number])[] = [
  [10, 12],
  [136, 137],
]

/** Reports what of a record deviates. */
export function checkRecord(source: Source, located: Located<AnsiNistRecord>, typeOne: TaggedRecord): void {
  const { record } = located
  if (record.kind === 'tagged') {
    checkTagged(source, located as Located<TaggedRecord>, typeOne)
  } else if (record.kind === 'fixed-image') {
    checkFixedImage(source, located as Located<FixedImageRecord>, typeOne)
  }
}

function checkTagged({ reader }: Source, located: Located<TaggedRecord>, typeOne: TaggedRecord): void {
  const { record, start, fieldOffsets } = located
  const isOld = (textOf(typeOne, VER) ?? '') < '0500'
  const { type, fields } = record
  const hasImage = fieldOf(record, DATA) !== undefined
  const transactionType: Rule = [4, 'always', isOld ? Form.SHORT_TRANSACTION_TYPE : Form.TRANSACTION_TYPE]
  const rules = [...(RULES[type] ?? ANY), ...(type === 1 ? [transactionType] : [])]
  const seen = new Set<number>()
  fields.forEach((field, i) => {
    if (field.foreignType !== undefined) return
    const name = fieldName(type, field.number)
    if (seen.has(field.number)) reader.deviation(name, fieldOffsets[i], 'is there a second time')
    seen.add(field.number)
    const rule = rules.find(([number]) => number === field.number)
    if (rule && !('subfields' in field && rule[2].holds(field.subfields))) {
      reader.deviation(name, fieldOffsets[i], rule[2].says)
    }
  })
  for (const [number, need] of rules) {
    if (seen.has(number) || need === 'optional' || (need === 'with an image' && !hasImage)) continue
    reader.deviation(fieldName(type, number), start, 'is missing, and mandatory')
  }
  if (seen.has(IDC) && fields[1] !== fieldOf(record, IDC)) {
    reader.deviation(fieldName(type, IDC), start, 'is not the second field')
  }
  if (type === 9) checkCounts({ reader }, { record, start, fieldOffsets })
  if (!HAS_IMAGE.has(type)) return
  if (!hasImage && !WITHOUT_IMAGE.some(number => seen.has(number))) {
    reader.deviation(fieldName(type, DATA), start, 'is missing, and nothing says why')
  }
  checkImage(reader, record, start, fieldOffsets, typeOne)
}

const HAS_IMAGE: ReadonlySet<number> = new Set([10, 13, 14, 15, 16, 17])

function checkCounts({ reader }: Pick<Source, 'reader'>, located: Omit<Located<TaggedRecord>, 'end'>): void {
  const { record, fieldOffsets } = located
  for (const [count, of] of COUNTS) {
    const stated = textOf(record, count)
    const field = fieldOf(record, of)
    const counting = fieldOf(record, count)
    if (counting === undefined || stated === undefined || !/^\d{1,5}$/.test(stated)) continue
    const found = field !== undefined && 'subfields' in field ? field.subfields.length : 0
    if (Number(stated) === found) continue
    const at = fieldOffsets[record.fields.indexOf(counting)]
    reader.deviation(fieldName(9, count), at, `counts ${stated} minutiae, ${fieldName(9, of)} has ${found}`)
  }
}

function checkFixedImage({ reader }: Source, located: Located<FixedImageRecord>, typeOne: TaggedRecord): void {
  const { record, start, fieldOffsets } = located
  const { type, positions, impression, scanningResolution } = record
  const deviation = (number: number, message: string) =>
    reader.deviation(fieldName(type, number), fieldOffsets[number - 1], message)
  if (impression > 29) deviation(3, `is ${impression}, above 29`)
  const unknown = positions.filter(code => !FRICTION_RIDGE_POSITIONS.has(code))
  if (positions.length === 0) deviation(4, 'has no position')
  if (unknown.length > 0) deviation(4, `has ${unknown.join(', ')}, which are no positions of table 8`)
  if (scanningResolution > 1) deviation(5, `is ${scanningResolution}, must be 0 or 1`)
  if (record.widthPx === 0) deviation(6, 'is 0')
  if (record.heightPx === 0) deviation(7, 'is 0')
  checkImage(reader, record, start, fieldOffsets, typeOne)
}
