/** What a crash left behind. */
import { partsOf, type Station } from '../station.js'
import { isAtWork } from './at-work.js'
import { uncertainJobs } from './read.js'
import { write } from './reserve.js'
import { JOB_COLUMNS, type JobRow, jobOf, jobRow } from './rows.js'
import type { PrintJob } from './types.js'

export interface Recovered {
  /** Blanks that were set aside for cards that were never sent: they are available again, and the persons wait. */
  readonly released: readonly PrintJob[]
  /** Cards that were sent: somebody has to look at the tray. */
  readonly uncertain: readonly PrintJob[]
}

/**
 * To be called when a program that prints starts. What was set aside and never sent is released; what was sent stays as it is until a person
 * has said, by `resolveJob`, what became of it. Another program that is about to send such a card at this moment plans it again.
 */
export function recoverPrinting(station: Station): Recovered {
  const parts = partsOf(station)
  const { file, identity } = parts
  const released = file.transaction(() =>
    file
      .all<JobRow>(
        `SELECT ${JOB_COLUMNS} FROM print_job WHERE state = 'reserved' AND station = ? ORDER BY reserved_at, id`,
        identity.id,
      )
      .filter(({ id }) => !isAtWork(id))
      .map(row => {
        write(station, row, 'card-released', {
          job: row.id,
          code: 'never-sent',
          reason: 'the program ended before the card was sent',
        })
        return jobOf(jobRow(parts, row.id), identity.id)
      }),
  )
  return { released, uncertain: uncertainJobs(station) }
}
