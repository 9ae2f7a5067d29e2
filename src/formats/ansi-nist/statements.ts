import { fieldName } from './field-names.js'
import { type AnsiNistRecord, type TaggedField, textOf } from './transaction.js'

/** Statements of a record besides an image or minutiae. */
export interface RecordStatements {
  readonly impression: number | undefined
  /** Codes of `FRICTION_RIDGE_POSITIONS`, the likeliest first. */
  readonly positions: readonly number[]
  /** Text of the other fields by their names, '14.005 FCD'; of a second of that number, '14.005 FCD (2)'. */
  readonly others: ReadonlyMap<string, string>
}

/**
 * Fields of length, IDC, impression, size, resolution, compression and data, which an image has
 * itself.
 */
const OF_AN_IMAGE = [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 999]

/** The same of minutiae in Type 9: their counts, blocks, positions, sizes and resolutions. */
const OF_MINUTIAE = [1, 2, 3, 4, 6, 10, 128, 129, 130, 131, 132, 134, 136]
const STANDARD_BLOCK = 12
const M1_BLOCK = 137

/** Fields of a record in which no image and no minutia is. */
export function contentsOfRecord(record: AnsiNistRecord): RecordStatements {
  if (record.kind !== 'tagged') {
    const isImage = record.kind === 'fixed-image'
    return {
      impression: isImage ? record.impression : undefined,
      positions: isImage ? record.positions : [],
      others: new Map(),
    }
  }
  const { type, fields } = record
  const impression = Number(textOf(record, 3))
  const isNine = type === 9
  const hasM1 = fields.some(({ number }) => number === M1_BLOCK)
  // The block that minutiae are not read from is lost with all that it says.
  const left = isNine ? [...OF_MINUTIAE, hasM1 ? M1_BLOCK : STANDARD_BLOCK] : OF_AN_IMAGE
  const positionField = isNine ? (hasM1 ? 134 : 6) : 13
  const found = fields.find(({ number }) => number === positionField)
  return {
    impression: Number.isInteger(impression) ? impression : undefined,
    positions: found && 'subfields' in found ? found.subfields.map(([item]) => Number(item)) : [],
    others: new Map(fields.flatMap(othersOf(type, left))),
  }
}

/**
 * Gives each field by its name, a second of one number as 'name (2)'. Those to be left out are left
 * out once: of what is there again the first is used.
 */
function othersOf(type: number, left: readonly number[]): (field: TaggedField) => [string, string][] {
  const times = new Map<string, number>()
  return field => {
    const { number, foreignType } = field
    const name = fieldName(foreignType ?? type, number)
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    if (time === 1 && foreignType === undefined && left.includes(number)) return []
    return [[time === 1 ? name : `${name} (${time})`, contentOf(field)]]
  }
}

function contentOf(field: TaggedField): string {
  if ('data' in field) return `${field.data.length} bytes`
  return field.subfields.map(items => items.join(' ')).join('; ')
}
