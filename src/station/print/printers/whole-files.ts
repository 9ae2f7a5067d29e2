import { join } from 'node:path'
import { DISK, type FileLayer, systemCode } from '../../../node/file-layer.js'
import { PRIVATE_FILE_MODE } from '../../../node/modes.js'
import { syncFolder, temporaryName } from '../../../node/replace-file.js'

export interface NotWritten {
  readonly cause: unknown
  /** Whether one of the files has, or had, its name: who watches the folder may have taken it. */
  readonly isNamed: boolean
}

/**
 * Puts new files into a folder: all are through to the disk before the first gets its name, and
 * none is written over; for their owner alone.
 *
 * @returns what went wrong, if something did; what was written under temporary names is removed then
 */
export async function writeWhole(
  folder: string,
  contents: ReadonlyMap<string, Uint8Array>,
  files: FileLayer = DISK,
): Promise<NotWritten | undefined> {
  const temporary = new Map<string, string>()
  let isNamed = false
  try {
    for (const name of contents.keys()) await assertAbsent(join(folder, name), files)
    for (const [name, bytes] of contents) {
      const beside = join(folder, temporaryName(name))
      const file = await files.open(beside, 'wx', PRIVATE_FILE_MODE)
      temporary.set(name, beside)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    }
    for (const [name, beside] of temporary) {
      await giveName(beside, join(folder, name), files)
      isNamed = true
    }
    await syncFolder(folder, files)
  } catch (cause) {
    return { cause, isNamed }
  } finally {
    for (const beside of temporary.values()) await files.rm(beside, { force: true }).catch(() => undefined)
  }
}

/** By a link, which fails where the name is taken; by moving it where the file system (a stick's FAT) knows no links. */
async function giveName(beside: string, path: string, files: FileLayer): Promise<void> {
  try {
    await files.link(beside, path)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemCode(error) ?? '')) throw error
    await assertAbsent(path, files)
    await files.rename(beside, path)
  }
}

/** @throws an error of the system, EEXIST, where there is something of this name */
async function assertAbsent(path: string, files: FileLayer): Promise<void> {
  try {
    await files.stat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    throw error
  }
  throw Object.assign(new Error('the name is taken'), { code: 'EEXIST', syscall: 'stat' })
}
