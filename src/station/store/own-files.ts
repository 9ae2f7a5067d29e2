/**
 * The files of a station on the disk: regular ones, for their owner alone, whatever the umask and
 * whatever was there before.
 */
import { chmodSync, closeSync, lstatSync, openSync, readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../../node/file-layer.js'
import { PRIVATE_FILE_MODE } from '../../node/modes.js'
import { assertRegular } from '../../node/regular-file.js'

/** Endings of the files that SQLite and the mark put beside the station's. */
const BESIDE = ['-wal', '-shm', '-journal', '.mark']

/** Mode bits of group and others, which nobody else is to have. */
const OTHERS = 0o077

/**
 * Refuses what is no file and lies under a name that would be opened: a FIFO would hold the caller
 * for ever. A link to the station's file itself is followed, as its owner may have put it there.
 *
 * @throws SidikError FILE_UNREADABLE saying what it is
 */
export function assertOwnFiles(path: string): void {
  for (const { file, found } of ownFiles(path)) assertRegular(file, found)
}

/**
 * Checks as {@link assertOwnFiles} does, and takes away rights of others that an older version or a
 * copy left. Makes the station's file where it is missing and `create` says so: SQLite gives its
 * log and its index the mode that the file has.
 *
 * @throws as {@link assertOwnFiles}
 */
export function tightenOwnFiles(path: string, create: boolean): void {
  const present = ownFiles(path)
  for (const { file, found } of present) assertRegular(file, found)
  for (const { file, found } of [...present, ...keptLogs(path)]) {
    if ((found.mode & OTHERS) !== 0) ifAllowed(() => chmodSync(file, PRIVATE_FILE_MODE))
  }
  if (!create || present.some(({ file }) => file === path)) return
  // SQLite reports in its own words why a file cannot be made.
  ifAllowed(() => closeSync(openSync(path, 'wx', PRIVATE_FILE_MODE)))
}

function ownFiles(path: string): { readonly file: string; readonly found: Stats }[] {
  const beside = BESIDE.map(end => ({ file: path + end, found: lstatSync(path + end, { throwIfNoEntry: false }) }))
  const all = [{ file: path, found: statSync(path, { throwIfNoEntry: false }) }, ...beside]
  return all.flatMap(({ file, found }) => (found === undefined ? [] : [{ file, found }]))
}

/** Copies of damaged logs (wal.ts). */
function keptLogs(path: string): { readonly file: string; readonly found: Stats }[] {
  const start = `${basename(path)}-wal.damaged-`
  let names: string[] = []
  ifAllowed(() => {
    names = readdirSync(dirname(path)).filter(name => name.startsWith(start))
  })
  const files = names.map(name => join(dirname(path), name))
  return files.flatMap(file => {
    const found = lstatSync(file, { throwIfNoEntry: false })
    return found?.isFile() ? [{ file, found }] : []
  })
}

/** Another owner's file, or a file system without modes, stays as it is. */
function ifAllowed(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (systemCode(error) === undefined) throw error
  }
}
