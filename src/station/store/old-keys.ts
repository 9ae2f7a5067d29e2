/**
 * Drops sealed keys that are of no use any more, but could still be opened by somebody with an old
 * key of the host. They lie in the write-ahead log until it is written into the file and emptied,
 * and in damaged logs that were kept (wal.ts).
 */
import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { StationFile } from './database.js'
import { walPathOf } from './wal.js'

/** Name of the row in `meta` which says that old keys may be left. */
const PENDING = 'old keys'

/**
 * Notes that old keys will be left. To be called in the transaction that gives the keys their new
 * seals: after a kill, the next opening drops the old ones.
 */
export function noteOldKeys(file: StationFile): void {
  file.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', PENDING, 'in the log')
}

/**
 * Overwrites what is left of old keys, if there is any.
 *
 * @param sealed as they lay in the file: they are taken out of kept logs. Where they are not known
 *   any more, those logs are removed
 * @returns whether nothing is left; false while another process reads the file, or a kept log
 *   cannot be written
 */
export function dropOldKeys(file: StationFile, sealed?: readonly Uint8Array[]): boolean {
  const isPending = () => file.get('SELECT 1 FROM meta WHERE name = ?', PENDING) !== undefined
  if (!isPending()) return true
  const isDone = dropFromLogs(file.path, sealed) && file.truncateLog()
  if (isDone) file.run('DELETE FROM meta WHERE name = ?', PENDING)
  return isDone
}

function dropFromLogs(path: string, sealed: readonly Uint8Array[] | undefined): boolean {
  try {
    const start = `${basename(walPathOf(path))}.damaged-`
    for (const name of readdirSync(dirname(path)).filter(name => name.startsWith(start))) {
      const log = join(dirname(path), name)
      // A FIFO or device that somebody put there under such a name could be read for ever.
      if (!lstatSync(log).isFile()) continue
      if (sealed === undefined) rmSync(log)
      else overwrite(log, sealed)
    }
    return true
  } catch {
    return false
  }
}

function overwrite(log: string, sealed: readonly Uint8Array[]): void {
  const bytes = readFileSync(log)
  let isChanged = false
  for (const key of sealed) {
    for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at)) {
      bytes.fill(0, at, at + key.length)
      isChanged = true
    }
  }
  if (isChanged) writeFileSync(log, bytes)
}
