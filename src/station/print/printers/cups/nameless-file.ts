import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file without a name that holds these bytes, to be read from its start: gone when the last program that has it open ends, so that no card
 * stays on the disk after a crash. A pipe would do without a disk, but `lp` prints what it got when the pipe's writer dies: half a card.
 */
export async function namelessFile(bytes: Uint8Array): Promise<FileHandle> {
  const path = join(tmpdir(), `.sidik-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    // At a stated place, so that the descriptor's own stays at the start.
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}
