/** Folders that a program keeps files in, and in which a stranger may have put something else. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from './file-layer.js'
import { strangeKind } from './regular-file.js'

/**
 * Looks for what no program of ours puts into a folder: a link in its place, a FIFO that holds up
 * whoever opens it, a device, more bytes than there can be. Folders in it and sockets are let pass.
 *
 * @param mostBytes of all files together
 * @returns in words; undefined where there is nothing of the kind, or no folder
 */
export async function strangeIn(folder: string, mostBytes: number): Promise<string | undefined> {
  try {
    const found = await lstat(folder)
    if (found.isSymbolicLink()) return `${folder} is a symbolic link`
    if (!found.isDirectory()) return undefined
    let bytes = 0
    for (const name of await readdir(folder)) {
      const path = join(folder, name)
      const each = await lstat(path).catch(() => undefined)
      // It was removed meanwhile.
      if (each === undefined || each.isDirectory() || each.isSocket()) continue
      const kind = strangeKind(each)
      if (kind !== undefined) return `${path} is ${kind}, not a regular file`
      bytes += each.size
      if (bytes > mostBytes) return `${folder} holds more than ${mostBytes} bytes`
    }
    return undefined
  } catch (error) {
    // Whoever opens it says so.
    if (systemCode(error) !== undefined) return undefined
    throw error
  }
}
