import { type FileHandle, open } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import type { GenerationSeal } from '../gallery/cipher.js'
import type { SnapshotEntry } from '../gallery/snapshot.js'
import { SnapshotReader, surplus } from '../gallery/snapshot-read.js'
import { assembleSnapshot, encodeSnapshot } from '../gallery/snapshot-write.js'
import { asFileError } from './file-layer.js'
import { ReadAhead } from './read-ahead.js'
import { replaceFile } from './replace-file.js'

/**
 * Writes a gallery file so that at every moment `path` is the old file or the new one, whole (see {@link replaceFile}).
 *
 * @param seal of a durable gallery's generation whose snapshot is sealed
 * @throws SidikError FILE_UNWRITABLE; nothing is left behind
 */
export function writeGalleryFile(
  path: string,
  entries: Iterable<SnapshotEntry>,
  count: number,
  seal?: GenerationSeal,
): Promise<void> {
  return write(path, encodeSnapshot(entries, count, seal))
}

/** The same of blocks that were encoded elsewhere (see {@link assembleSnapshot}). Throws what they throw. */
export function writeGalleryBlocks(path: string, blocks: AsyncIterable<Uint8Array>, count: number): Promise<void> {
  return write(path, assembleSnapshot(blocks, count))
}

async function write(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await replaceFile(path, pieces)
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `the gallery was not saved to ${path}`, cause)
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
  const ahead = new ReadAhead(file)
  const take = (count: number) =>
    ahead.take(count).catch(cause => {
      throw unreadable(path, cause)
    })
  try {
    const reader = new SnapshotReader()
    let at = 0
    while (reader.nextBytes > 0) {
      const bytes = await take(reader.nextBytes)
      at += bytes.length
      yield reader.accept(bytes)
    }
    if ((await take(1)).length > 0) throw surplus(at)
  } finally {
    await ahead.settle()
    await file.close()
  }
}

function unreadable(path: string, cause: unknown): SidikError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SidikError('FILE_UNREADABLE', `the gallery ${path} cannot be read: ${why}`, { cause })
}
