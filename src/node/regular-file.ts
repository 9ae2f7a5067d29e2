/**
 * Files that a stranger may have put there: opened without waiting for anybody, and read no further
 * than is wanted.
 */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, stat } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import { untilAborted } from '../until-aborted.js'
import { asFileError, systemCode } from './file-layer.js'

/** Bytes read at once: between two such pieces a signal is looked at. */
const PIECE_BYTES = 2 ** 20

/** Windows has neither of the two flags, and no FIFOs among its files. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants

export interface RegularFile {
  readonly file: FileHandle
  /** Size when the file was opened. */
  readonly sizeBytes: number
}

export interface OpenRegularOptions {
  /** Follow a symbolic link, where the operator may have put one; refused unless given. */
  readonly followLinks?: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a regular file to be read. What else has the name (FIFO, device, socket, folder, symbolic
 * link) is not opened at all, and one that takes the file's place meanwhile neither holds up the
 * call nor is read.
 *
 * @throws SidikError FILE_UNREADABLE saying what it is; the signal's reason
 */
export async function openRegular(path: string, options: OpenRegularOptions = {}): Promise<RegularFile> {
  const { followLinks = false, signal } = options
  signal?.throwIfAborted()
  return untilAborted(opened(path, followLinks, signal), signal)
}

async function opened(path: string, followLinks: boolean, signal: AbortSignal | undefined): Promise<RegularFile> {
  try {
    assertRegular(path, await (followLinks ? stat(path) : lstat(path)))
    const file = await open(path, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW))
    try {
      const found = await file.stat()
      assertRegular(path, found)
      // Nobody waits for it any more.
      signal?.throwIfAborted()
      return { file, sizeBytes: found.size }
    } catch (error) {
      await file.close()
      throw error
    }
  } catch (cause) {
    throw asFileError('FILE_UNREADABLE', `${path} cannot be opened`, cause)
  }
}

/** Names the kind of a file that is not a regular one; undefined for a regular one. */
export function strangeKind(found: Stats): string | undefined {
  if (found.isFile()) return undefined
  if (found.isFIFO()) return 'a FIFO'
  if (found.isSocket()) return 'a socket'
  if (found.isDirectory()) return 'a folder'
  return found.isSymbolicLink() ? 'a symbolic link' : 'a device'
}

/** @throws SidikError FILE_UNREADABLE */
export function assertRegular(path: string, found: Stats): void {
  const kind = strangeKind(found)
  if (kind !== undefined) throw new SidikError('FILE_UNREADABLE', `${path} is ${kind}, not a regular file`)
}

/**
 * Up to `wanted.length` bytes from `offset` on, into `wanted`; how many there were. A file that
 * grows meanwhile is read no further.
 *
 * @throws the system's error; the signal's reason, also while the medium does not answer
 */
export async function readInto(
  file: FileHandle,
  wanted: Uint8Array,
  offset: number,
  signal?: AbortSignal,
): Promise<number> {
  let filled = 0
  while (filled < wanted.length) {
    signal?.throwIfAborted()
    const bytes = Math.min(PIECE_BYTES, wanted.length - filled)
    const { bytesRead } = await untilAborted(file.read(wanted, filled, bytes, offset + filled), signal)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/** Closes a file; after an abort nobody waits for a medium that does not answer. */
export async function closeFile({ file }: RegularFile, signal?: AbortSignal): Promise<void> {
  const closing = file.close()
  if (signal?.aborted) closing.catch(() => {})
  else await closing
}

/**
 * All bytes of a regular file, of which there may be `mostBytes`.
 *
 * @throws as {@link openRegular}; SidikError FILE_UNREADABLE for one that is larger
 */
export async function readRegular(
  path: string,
  mostBytes: number,
  options: OpenRegularOptions = {},
): Promise<Uint8Array> {
  const regular = await openRegular(path, options)
  try {
    const { file, sizeBytes } = regular
    if (sizeBytes > mostBytes) {
      throw new SidikError('FILE_UNREADABLE', `${path} has ${sizeBytes} bytes, ${mostBytes} are the most that is read`)
    }
    const bytes = new Uint8Array(sizeBytes)
    return bytes.subarray(0, await readInto(file, bytes, 0, options.signal))
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    throw asFileError('FILE_UNREADABLE', `${path} cannot be read`, cause)
  } finally {
    await closeFile(regular, options.signal)
  }
}
