/** What a printer said, written down. */
import { partsOf, type Station } from '../station.js'
import { checkMoves } from '../stock/check.js'
import { blankOf } from '../stock/lying.js'
import { movesOf } from '../stock/moves.js'
import { write } from './reserve.js'
import { type JobRow, jobRow } from './rows.js'
import type { PrintOutcome } from './types.js'

/**
 * Ends a job as the printer said, unless a person was faster: then nothing changes, and a printer that says otherwise is noted.
 *
 * @returns the job as it stands
 */
export function confirm(station: Station, job: string, outcome: PrintOutcome): JobRow {
  const parts = partsOf(station)
  const { file, identity } = parts
  return file.transaction(() => {
    const row = jobRow(parts, job)
    const isOpen = row.state === 'sent'
    if (outcome.outcome === 'printed') {
      if (isOpen) checkMoves(parts, movesOf('card-printed', { job }, blankOf(file, identity.id, job)))
      if (isOpen || row.state === 'spoiled' || row.state === 'released') write(station, row, 'card-printed', { job })
    } else if (isOpen) {
      const kind = outcome.outcome === 'uncertain' ? 'card-uncertain' : 'card-released'
      write(station, row, kind, { job, code: outcome.problem, reason: outcome.message })
    }
    return jobRow(parts, job)
  })
}
