import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SidikError } from '../errors.js'
import type { SnapshotEntry } from '../gallery/snapshot.js'
import { SnapshotReader, surplus } from '../gallery/snapshot-read.js'
import { encodeSnapshot } from '../gallery/snapshot-write.js'

/**
 * Writes a gallery file so that at every moment `path` is the old file or the new one, whole: into a file beside it,
 * through to the disk, then renamed.
 *
 * @throws SidikError FILE_UNWRITABLE; nothing is left behind
 */
export async function writeGalleryFile(path: string, entries: Iterable<SnapshotEntry>, count: number): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  try {
    const file = await open(beside, 'wx')
    try {
      for (const piece of encodeSnapshot(entries, count)) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await rm(beside, { force: true })
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new SidikError('FILE_UNWRITABLE', `the gallery was not saved to ${path}: ${cause.message}`, { cause })
  }
}

/** The rename itself is on the disk only when its folder is. Where folders cannot be opened (Windows) there is no way. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * The entries of a gallery file, a block at a time; the bytes are the caller's.
 *
 * @throws SidikError FILE_UNREADABLE, and what {@link SnapshotReader} throws
 */
export async function* readGalleryFile(path: string): AsyncGenerator<SnapshotEntry[]> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    throw unreadable(path, cause)
  }
  try {
    const reader = new SnapshotReader()
    let at = 0
    while (reader.nextBytes > 0) {
      const bytes = await readUpTo(file, reader.nextBytes, path)
      at += bytes.length
      yield reader.accept(bytes)
    }
    if ((await readUpTo(file, 1, path)).length > 0) throw surplus(at)
  } finally {
    await file.close()
  }
}

/** So many bytes, or what is left of the file. */
async function readUpTo(file: FileHandle, count: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(count)
  let filled = 0
  while (filled < count) {
    const { bytesRead } = await file.read(bytes, filled, count - filled).catch(cause => {
      throw unreadable(path, cause)
    })
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

function unreadable(path: string, cause: unknown): SidikError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SidikError('FILE_UNREADABLE', `the gallery ${path} cannot be read: ${why}`, { cause })
}
