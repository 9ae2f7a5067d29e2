import * as files from 'node:fs/promises'
import { SidikError } from '../errors.js'

/** What a durable gallery calls of node:fs/promises. Tests give one that fails where a disk can fail. */
export type FileLayer = Pick<
  typeof files,
  'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'stat' | 'writeFile'
>

/** The disk itself. */
export const DISK: FileLayer = files

/** Of an error of the system: ENOENT, ENOSPC and so on. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined
}

/** An error of the system as one of ours, with `what` in front; any other as it is. */
export function asFileError(code: 'FILE_UNREADABLE' | 'FILE_UNWRITABLE', what: string, cause: unknown): unknown {
  if (systemCode(cause) === undefined) return cause
  return new SidikError(code, `${what}: ${(cause as Error).message}`, { cause })
}
