/** The parts of a bundle, read chunk by chunk, each compared with the hash that the manifest states. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { SidikError } from '../../errors.js'
import { systemCode } from '../../node/file-layer.js'
import { closeFile, openRegular, readInto } from '../../node/regular-file.js'
import { chunkHash, type Manifest, type ManifestPart, type Stretch } from './manifest.js'

export interface Chunk {
  readonly offset: number
  /** As they are in the file, also where they are damaged; fewer or none where it ends early or cannot be read. */
  readonly data: Uint8Array
  /** Absent where they are as they were written. */
  readonly damage?: Stretch
}

/**
 * The chunks of the part in `path`, in order, and last what does not belong there.
 *
 * @throws SidikError FILE_UNREADABLE when it is no regular file or cannot be opened; a place that
 *   cannot be read is damage. The signal's
 *   reason
 */
export async function* readChunks(
  path: string,
  part: ManifestPart,
  chunkBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Chunk> {
  const regular = await openRegular(path, { signal })
  try {
    const { file } = regular
    const sha256 = createHash('sha256')
    let isSound = true
    for (let chunk = 0; chunk * chunkBytes < part.sizeBytes; chunk++) {
      const read = await readChunk(file, part, chunk, chunkBytes, signal)
      if (read.damage !== undefined) isSound = false
      sha256.update(read.data)
      yield read
    }
    if (isSound && !sha256.digest().equals(part.sha256))
      yield behind(0, part.sizeBytes, 'is not what the manifest states')
    const { size } = await file.stat()
    if (size > part.sizeBytes) yield behind(part.sizeBytes, size - part.sizeBytes, 'does not belong there')
  } finally {
    await closeFile(regular, signal)
  }
}

/**
 * All bytes of a bundle whose parts are in `paths`, in order.
 *
 * @throws SidikError BUNDLE_CORRUPT at the first that is not what the manifest states,
 *   FILE_UNREADABLE; the signal's reason
 */
export async function* readBundle(
  paths: readonly string[],
  { parts, chunkBytes }: Manifest,
  onRead: (bytes: number) => void = () => {},
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const [i, part] of parts.entries()) {
    for await (const { data, damage } of readChunks(paths[i], part, chunkBytes, signal)) {
      if (damage !== undefined) throw new SidikError('BUNDLE_CORRUPT', damageText(paths[i], damage))
      onRead(data.length)
      yield data
    }
  }
}

/** 'k3m7q2xdwhz5ab6t.2of3.sidik, bytes 262144 to 524287: was altered' */
export function damageText(path: string, { offset, bytes, what }: Stretch): string {
  const where = bytes > 0 ? `bytes ${offset} to ${offset + bytes - 1}` : `at byte ${offset}`
  return `${basename(path)}, ${where}: ${what}`
}

async function readChunk(
  file: FileHandle,
  part: ManifestPart,
  chunk: number,
  chunkBytes: number,
  signal: AbortSignal | undefined,
): Promise<Chunk> {
  const offset = chunk * chunkBytes
  const wanted = Buffer.alloc(Math.min(chunkBytes, part.sizeBytes - offset))
  let filled = 0
  let what = 'was altered'
  try {
    filled = await readInto(file, wanted, offset, signal)
  } catch (cause) {
    const code = systemCode(cause)
    if (code === undefined) throw cause
    what = `cannot be read (${code})`
  }
  const data = wanted.subarray(0, filled)
  if (createHash('sha256').update(data).digest().equals(chunkHash(part, chunk))) return { offset, data }
  if (filled < wanted.length && what === 'was altered') what = 'is missing: the file is cut short'
  return { offset, data, damage: { offset, bytes: wanted.length, what } }
}

function behind(offset: number, bytes: number, what: string): Chunk {
  return { offset, data: new Uint8Array(0), damage: { offset, bytes, what } }
}
