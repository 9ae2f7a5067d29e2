import { stat } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import { readRegular } from './regular-file.js'

/** Four times the largest image file that is accepted: what is larger is not a print, and is not even read. */
const MAX_PRINT_FILE_BYTES = 512 * 1024 * 1024

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
}

function unreadable(path: string, cause: unknown): SidikError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return new SidikError('FILE_UNREADABLE', `${path}: ${CAUSES[code] ?? message}`, { cause })
}

/**
 * Whether `path` is a folder (or else a file).
 *
 * @throws SidikError FILE_UNREADABLE when there is neither
 */
export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(cause => {
    throw unreadable(path, cause)
  })
  return found.isDirectory()
}

/**
 * The bytes of a print's file, as many as it has when it is opened.
 *
 * @throws SidikError FILE_UNREADABLE when it cannot be opened, is no regular file, or is far too large for a print
 */
export async function readPrintFile(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new SidikError('FILE_UNREADABLE', `${path} is a folder; name one file`)
    if (!found.isFile()) throw new SidikError('FILE_UNREADABLE', `${path} is not a regular file`)
    if (found.size > MAX_PRINT_FILE_BYTES) {
      const sizeMiB = Math.round(found.size / 1024 / 1024)
      throw new SidikError('FILE_UNREADABLE', `${path} has ${sizeMiB} MiB; a print has 512 MiB at most`)
    }
    // Another may lie there by now.
    return await readRegular(path, MAX_PRINT_FILE_BYTES, { followLinks: true })
  } catch (error) {
    throw error instanceof SidikError ? error : unreadable(path, error)
  }
}
