/**
 * How much of the books one entry may have looked at, which is taken in one step. What an office does
 * finds each range that it names in one range of its books. A kiosk could make a hundred thousand, and
 * name all of them by one range, five hundred times.
 */
import type { StationFile } from '../store/database.js'
import { lotAt } from './lots.js'

/** Most ranges of the books that are moved by an entry, beyond one for each range that it names. */
export const MOST_SPLITS = 250

/** Most ranges of the books, of all stations, that an entry's ranges are compared with. */
const MOST_ROWS = 40_000

/** Rows that one look at what a lot is counts for. */
const ROWS_OF_A_LOT = 20

export class Work {
  /** Left of {@link MOST_SPLITS}. */
  splits: number
  /** Left of {@link MOST_ROWS}. */
  rows: number
  readonly #items = new Map<string, string | undefined>()

  constructor({ splits = MOST_SPLITS, rows = MOST_ROWS } = {}) {
    this.splits = splits
    this.rows = rows
  }

  /** What the lot is at the station; undefined where nobody says so, and where all that may be asked was. */
  itemOf(file: StationFile, station: string, lot: string): string | undefined {
    const name = `${station} ${lot}`
    if (!this.#items.has(name)) {
      if (this.rows < ROWS_OF_A_LOT) return undefined
      this.rows -= ROWS_OF_A_LOT
      this.#items.set(name, lotAt(file, station, lot)?.item)
    }
    return this.#items.get(name)
  }
}

/** For an entry of this station's own, before it is written. */
export function anyWork(): Work {
  return new Work({ splits: Number.MAX_SAFE_INTEGER - 2, rows: Number.MAX_SAFE_INTEGER })
}
