import { randomBytes } from 'node:crypto'
import { rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { makeFolders } from '../node/make-folders.js'
import { PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE } from '../node/modes.js'

/**
 * Writes files into the folder `path`, made where it is not there: all of them or none, for their
 * owner alone. Each is written beside its place first; files of the same names are replaced.
 *
 * @throws SidikError FILE_UNWRITABLE, and the signal's reason; then nothing of them is left
 */
export async function writeFiles(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let made: string | undefined
  const written: string[] = []
  try {
    made = await makeFolders(path, PRIVATE_FOLDER_MODE)
    const suffix = `${randomBytes(6).toString('hex')}.tmp`
    for (const [name, data] of files) {
      signal.throwIfAborted()
      written.push(join(path, `.${name}.${suffix}`))
      await writeFile(written[written.length - 1], data, { mode: PRIVATE_FILE_MODE, flag: 'wx' })
    }
    signal.throwIfAborted()
    const names = [...files.keys()]
    for (const [i, name] of names.entries()) {
      await rename(written[i], join(path, name))
      written[i] = join(path, name)
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true })
    if (made !== undefined) await rmdir(path).catch(() => {})
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new SidikError('FILE_UNWRITABLE', `${path}: ${(error as Error).message}`, { cause: error })
  }
}
