/** Lists folders that a stranger may have filled, within bounds. */
import type { Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import { untilAborted } from '../until-aborted.js'
import { asFileError } from './file-layer.js'

/** Entries that the system is asked for at once. */
const AT_ONCE = 1_024

/**
 * The names in a folder, of which there may be `most`: a folder of a million names would take the
 * memory, and minutes.
 *
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read, or holds more names; the
 *   signal's reason
 */
export async function namesIn(folder: string, most: number, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const { name } of entriesOf(folder, signal)) {
      if (names.push(name) <= most) continue
      const what = `the folder ${folder} holds more than ${most} names: put what is wanted of it into one of its own`
      throw new SidikError('FILE_UNREADABLE', what)
    }
  } catch (cause) {
    throw asFileError('FILE_UNREADABLE', `the folder ${folder} cannot be read`, cause)
  }
  return names
}

/**
 * Yields the entries of a folder one by one.
 *
 * @throws the system's error; the signal's reason, also while the medium does not answer
 */
export async function* entriesOf(folder: string, signal?: AbortSignal): AsyncGenerator<Dirent> {
  signal?.throwIfAborted()
  const opening = opendir(folder, { bufferSize: AT_ONCE })
  const listing = await untilAborted(opening, signal, () => void opening.then(late => late.close()).catch(() => {}))
  try {
    for (;;) {
      signal?.throwIfAborted()
      const entry = await untilAborted(listing.read(), signal)
      if (entry === null) return
      yield entry
    }
  } finally {
    const closing = listing.close()
    if (signal?.aborted) closing.catch(() => {})
    else await closing
  }
}
