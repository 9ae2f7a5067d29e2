import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SidikError } from '../errors.js'
import { makeFolders } from '../node/make-folders.js'
import { PRIVATE_FILE_MODE } from '../node/modes.js'

/**
 * Says early that `path` cannot be written, before any long work for it.
 *
 * @throws SidikError FILE_UNWRITABLE
 */
export async function checkWritable(path: string | undefined): Promise<void> {
  if (path === undefined) return
  const folder = dirname(path)
  const folderStat = await stat(folder).catch(() => undefined)
  if (!folderStat?.isDirectory()) {
    throw new SidikError('FILE_UNWRITABLE', `${path}: there is no folder ${folder}; make it first`)
  }
  const target = await stat(path).catch(() => undefined)
  if (target?.isDirectory()) {
    throw new SidikError('FILE_UNWRITABLE', `${path} is a folder; name a file in it`)
  }
  await access(folder, constants.W_OK).catch(cause => {
    throw new SidikError('FILE_UNWRITABLE', `${path}: the folder ${folder} cannot be written to`, { cause })
  })
}

/**
 * Lets `write` make a file beside `path`, then puts it in its place: `path` holds all of it or what it held before.
 *
 * @throws SidikError FILE_UNWRITABLE
 */
export async function replaceFile(path: string, write: (temporaryPath: string) => Promise<void>): Promise<void> {
  await checkWritable(path)
  const temporaryPath = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await write(temporaryPath)
    await rename(temporaryPath, path)
  } catch (error) {
    await rm(temporaryPath, { force: true })
    if (error instanceof SidikError || (error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new SidikError('FILE_UNWRITABLE', `${path}: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Writes `data` to `path`, all or nothing, for its owner alone unless `mode` says otherwise:
 * prints, templates and what says who has them. See {@link replaceFile}.
 */
export function writeOutput(path: string, data: Uint8Array | string, mode = PRIVATE_FILE_MODE): Promise<void> {
  return replaceFile(path, temporaryPath => writeFile(temporaryPath, data, { mode, flag: 'wx' }))
}

/**
 * Makes the folder `path` and those above it, unless they are there.
 *
 * @throws SidikError FILE_UNWRITABLE
 */
export async function makeFolder(path: string): Promise<void> {
  await makeFolders(path).catch(cause => {
    throw new SidikError('FILE_UNWRITABLE', `${path}: the folder cannot be made (${cause.message})`, { cause })
  })
}
