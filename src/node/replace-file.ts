import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { DISK, type FileLayer } from './file-layer.js'
import { PRIVATE_FILE_MODE } from './modes.js'

/**
 * Writes a file so that at every moment `path` is the old file or the new one, whole: into a file
 * beside it, through to the disk, then renamed; for its owner alone, whatever was there before.
 * After an error of the system, which is thrown as it is, nothing is left behind, and `path` is the
 * old file unless only the folder could not be synced.
 */
export async function replaceFile(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  files: FileLayer = DISK,
): Promise<void> {
  const beside = join(dirname(path), temporaryName(basename(path)))
  try {
    const file = await files.open(beside, 'wx', PRIVATE_FILE_MODE)
    try {
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(beside, path)
    await syncFolder(dirname(path), files)
  } catch (cause) {
    await files.rm(beside, { force: true })
    throw cause
  }
}

/** The name under which a file is written before it gets its own. */
export function temporaryName(name: string): string {
  return `.${name}.${randomUUID()}.tmp`
}

/** Whether {@link temporaryName} gave this name: then a crash left the file. */
export function isTemporary(name: string): boolean {
  return /^\..+\.[0-9a-f-]{36}\.tmp$/.test(name)
}

/**
 * Makes new, renamed and removed names in a folder last. Where folders cannot be opened (Windows) there is no way, and
 * the file system's own order has to do.
 */
export async function syncFolder(path: string, files: FileLayer = DISK): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await files.open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
