/**
 * Entries at which this program fails when they are to take effect: a defect of it, not of the entry.
 * Such an entry is declined, so that it stops neither its station's journal nor the others that come
 * with it. The error goes to the channel `sidik:entry-defect` of `node:diagnostics_channel`.
 */
import { channel } from 'node:diagnostics_channel'
import { SidikError } from '../../errors.js'
import type { EntryRow } from '../journal/read.js'
import type { Ground } from './ground.js'
import { noteAnomaly } from './noted.js'
import type { RefusalCode } from './refusal-codes.js'
import { inSlices, type OnSlice, type Steps } from './slices.js'

type Place = Pick<EntryRow, 'station' | 'sequence'>

const DEFECTS = channel('sidik:entry-defect')

const nameOf = ({ station, sequence }: Place) => `${station} ${sequence}`

/** Ends the slice, of which nothing stays: what was half done is in the file and in memory. */
class EntryDefect extends Error {
  constructor(
    readonly place: Place,
    cause: unknown,
  ) {
    super(`entry ${place.sequence} of station ${place.station} cannot take effect`, { cause })
  }
}

/** Lets an entry take effect, and says at which one it was that this program failed. */
export function takingEffect<T>({ station, sequence }: EntryRow, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SidikError) throw error
    throw new EntryDefect({ station, sequence }, error)
  }
}

/** Declines an entry at which this program has failed since the message came, and notes it. */
export function whyDefect(ground: Ground, row: EntryRow): RefusalCode | undefined {
  if (!ground.defects.has(nameOf(row))) return undefined
  const what =
    `the program fails at entry ${row.sequence} of station ${row.station}, which was declined: ` +
    'report it with the error in the log, and have the entry sent once more when the program was renewed'
  noteAnomaly(ground.station, 'entry-defect', nameOf(row), what, ground.peer)
  return 'ENTRY_DEFECT'
}

/** Goes through the steps of taking a message, once more without each entry at which this program fails. */
export async function inSlicesPastDefects<T>(ground: Ground, steps: () => Steps<T>, onSlice?: OnSlice): Promise<T> {
  for (;;) {
    try {
      return await inSlices(ground.file, steps(), onSlice)
    } catch (error) {
      // Fails also without its contents: that is no defect of one entry.
      if (!(error instanceof EntryDefect) || ground.defects.has(nameOf(error.place))) throw error
      ground.defects.add(nameOf(error.place))
      DEFECTS.publish({ ...error.place, error: error.cause })
    }
  }
}
