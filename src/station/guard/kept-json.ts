/** Columns of the file that hold JSON: written by this program, or by somebody who has no key of it. */
import { z } from 'zod'
import { count } from '../journal/fields.js'
import { serialRange } from '../journal/kinds-stock.js'
import type { StationFile } from '../store/database.js'
import { altered } from './altered.js'

/**
 * @param what in words: what the column is of
 * @throws SidikError STATION_ALTERED when the text is no JSON, or of another shape
 */
export function keptJson<S extends z.ZodType>(file: StationFile, schema: S, json: string, what: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    throw altered(file, what)
  }
}

/** Lots, jobs. */
export const keptNames = z.array(z.string())

/** Lines of a shipment. */
export const keptLines = z.array(
  z.object({
    lot: z.string(),
    quantity: count,
    serials: z.array(serialRange).readonly().optional(),
    cards: z.literal(true).optional(),
  }),
)

/** Numbers and names that a discrepancy is about. */
export const keptDetail = z.record(z.string(), z.union([z.string(), z.number()]))
