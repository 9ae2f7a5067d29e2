import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'

/**
 * Finger positions of ISO/IEC 19794-2:2011 and of ANSI INCITS 378-2009 with its amendment 1: one finger (0 to 10), or several
 * in one image (13 to 15 and 40 to 50).
 */

const isPosition = (code: number) => code <= 10 || (code >= 13 && code <= 15) || (code >= 40 && code <= 50)

const MOST_POSITION = 50

export function readFingerPosition(fields: FieldReader): number {
  const offset = fields.offset
  const code = fields.u8('finger position')
  if (isPosition(code)) return code
  const name = FRICTION_RIDGE_POSITIONS.get(code)?.name ?? 'unknown'
  fields.damage('finger position', offset, `is ${code} (${name}), not 0 to 10, 13 to 15 or 40 to 50`)
  return code
}

export function writeFingerPosition(out: FieldWriter, field: string, code: number): void {
  if (!isPosition(code)) throw new RangeError(`${field} is ${code}, must be 0 to 10, 13 to 15 or 40 to 50`)
  out.u8(field, code, 0, MOST_POSITION)
}
