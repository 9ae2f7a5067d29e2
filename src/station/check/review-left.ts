/** Reviews in the background the cases that a call or a process has left: record by record, with turns between. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { partsOf, type Station } from '../station.js'
import { leaveLostToReview, recordToReview, reviewLeft } from './review-cases.js'

/** Begins, and goes on while the station is open. */
export function reviewInBackground(station: Station): void {
  const parts = partsOf(station)
  const { file } = parts
  file.transaction(() => leaveLostToReview(parts))
  let isRunning = false
  const run = async () => {
    let after = ''
    for (;;) {
      await nextTurn()
      const record = file.isOpen ? recordToReview(file, after) : undefined
      if (record === undefined) return
      try {
        file.transaction(() => reviewLeft(station, record))
      } catch {
        // Met again after the next change: one that was altered, or a full disk, holds up no other.
        after = record
      }
    }
  }
  const wake = () => {
    if (isRunning) return
    isRunning = true
    // A file that cannot be read now is read again after the next change.
    run()
      .catch(() => {})
      .finally(() => {
        isRunning = false
      })
  }
  station.onClose(file.onCommit(wake))
  wake()
}
