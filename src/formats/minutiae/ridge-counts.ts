import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import type { ExtensionContext } from './extension-context.js'

/**
 * Ridges counted between minutiae, extension 1 (ISO/IEC 19794-2:2005, 7.5, and :2011; ANSI INCITS 378).
 *
 *     offset  bytes  field
 *          0      1  method by which minutiae were paired
 *          1     3k  first minutia, second minutia, count of ridges between them
 */

export interface RidgeCount {
  /** Position of a minutia in the view, from 0. */
  readonly first: number
  /** Likewise; 255 in ISO/IEC 19794-2:2011 where no minutia was found in a sector, and then so is `count`. */
  readonly second: number
  readonly count: number
}

export interface RidgeCountExtension {
  readonly kind: 'ridge-counts'
  /** 0 of the vendor's own, 1 nearest neighbour in each of 4 sectors, 2 in each of 8. */
  readonly method: number
  readonly counts: readonly RidgeCount[]
}

const MOST_METHOD = 2
const BYTES_OF_COUNT = 3
/** Where a second minutia or its count is none. */
const NONE = 255

export function readRidgeCounts(fields: FieldReader, context: ExtensionContext): RidgeCountExtension {
  const method = fields.u8('ridge count method', 0, MOST_METHOD)
  const counts: RidgeCount[] = []
  while (fields.leftBytes > 0) {
    const offset = fields.offset
    const part = fields.part('ridge count', BYTES_OF_COUNT)
    const count = { first: part.u8('first minutia'), second: part.u8('second minutia'), count: part.u8('count') }
    if (!namesMinutiae(count, context)) {
      const problem = `is between minutiae ${count.first} and ${count.second}, the view has ${context.minutiaCount}`
      throw fields.corrupt('ridge count', offset, problem)
    }
    counts.push(count)
  }
  return { kind: 'ridge-counts', method, counts }
}

export function writeRidgeCounts(
  out: FieldWriter,
  { method, counts }: RidgeCountExtension,
  path: string,
  context: ExtensionContext,
): void {
  out.u8(`${path}.method`, method, 0, MOST_METHOD)
  counts.forEach((count, i) => {
    const most = namesMinutiae(count, context) ? 0xff : context.minutiaCount - 1
    out.u8(`${path}.counts[${i}].first`, count.first, 0, most)
    out.u8(`${path}.counts[${i}].second`, count.second, 0, most)
    out.u8(`${path}.counts[${i}].count`, count.count)
  })
}

function namesMinutiae({ first, second, count }: RidgeCount, { standard, minutiaCount }: ExtensionContext): boolean {
  if (first >= minutiaCount) return false
  return second < minutiaCount || (standard === 'iso-19794-2-2011' && second === NONE && count === NONE)
}
