import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bytes that are free for this user on the disk of a file. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}
