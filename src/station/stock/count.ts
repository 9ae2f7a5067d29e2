/** What lies there, against the books; and the books put right. By two persons each. */
import { flag, readOptions } from '../../options.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { partsOf, type Station } from '../station.js'
import { checkMoves, lotUnknown } from './check.js'
import { countDifferences } from './counted.js'
import { type LineInput, linesOf, twoPersons, wordsOf } from './input.js'
import { lotOf } from './lots.js'
import { movesOf } from './moves.js'
import type { SerialRange } from './types.js'

export interface CountInput {
  /** Of each lot that was counted, what is available: not what is in a printer. 0 where nothing is left. */
  readonly lines: readonly LineInput[]
  /** The two who counted. */
  readonly operators: readonly [string, string]
}

export interface CountDifference {
  readonly lot: string
  /** Available by the books. */
  readonly booked: number
  readonly counted: number
  /** Serials of the books that were not there, and serials that were there and are not available by the books. */
  readonly missing: readonly SerialRange[]
  readonly more: readonly SerialRange[]
}

export interface CorrectionLine extends LineInput {
  /** More than the books say; else fewer. */
  readonly found: boolean
}

export interface StockCorrection {
  readonly lines: readonly CorrectionLine[]
  readonly reason: string
  readonly operators: readonly [string, string]
}

/**
 * Writes down a count. What differs is returned and stays on record; the books stay as they are until `correctStock`. Lots that are not
 * named were not counted.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_WITNESS when the two are one, STOCK_UNKNOWN for a lot that is not known, STOCK_FORMAT, STOCK_OVERLAP
 */
export function countStock(station: Station, count: CountInput): CountDifference[] {
  const { file, identity } = partsOf(station)
  const asked = readOptions('countStock', count, ['lines', 'operators'])
  const body = { lines: linesOf('countStock', asked.lines, 0), operators: twoPersons(asked.operators) }
  return file.transaction(() => {
    for (const { lot } of body.lines) if (lotOf(file, lot) === undefined) throw lotUnknown(identity.id)
    const { found } = countDifferences(file, identity.id, body.lines)
    append(station, { kind: 'stock-counted', direction: 'up', body })
    return found.map(({ lot, before, after, missing, more }) => ({
      lot,
      booked: before,
      counted: after,
      missing,
      more,
    }))
  })
}

/**
 * Takes into the books what a count showed: more (`found`) or fewer (missing) pieces of a lot. What is found of serials that were sent, were
 * returned or are missing comes from there.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError STOCK_WITNESS, STOCK_UNKNOWN, STOCK_FORMAT, STOCK_SHORT when more is missing than is available, STOCK_OVERLAP when what
 *   is found is in the books, or is printed, used or spoiled by them
 */
export function correctStock(station: Station, correction: StockCorrection): void {
  const parts = partsOf(station)
  const asked = readOptions('correctStock', correction, ['lines', 'reason', 'operators'])
  const body: BodyOf<'stock-corrected'> = {
    lines: correctionLines(asked.lines),
    reason: wordsOf('reason', asked.reason),
    operators: twoPersons(asked.operators),
  }
  parts.file.transaction(() => {
    checkMoves(parts, movesOf('stock-corrected', body))
    append(station, { kind: 'stock-corrected', direction: 'up', body })
  })
}

function correctionLines(given: unknown): BodyOf<'stock-corrected'>['lines'] {
  if (!Array.isArray(given)) throw new TypeError('lines must be a list')
  const found = given.map((line: CorrectionLine, place) => {
    if (line?.found === undefined) throw new TypeError(`lines[${place}].found must be true or false`)
    return flag(`lines[${place}].found`, line.found)
  })
  const bare = given.map(({ found: _, ...line }: CorrectionLine) => line)
  return linesOf('correctStock', bare).map((line, place) => ({ ...line, found: found[place] }))
}
