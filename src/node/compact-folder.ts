import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { GenerationSeal } from '../gallery/cipher.js'
import type { TailPoint } from '../gallery/tail-length.js'
import type { ChangeQueue } from './change-queue.js'
import { asFileError, type FileLayer, systemCode } from './file-layer.js'
import { beginTail, markedGeneration, removeLeftOvers, writeMarkerFile } from './gallery-folder.js'
import { asideName, lengthName, snapshotName, tailName } from './gallery-names.js'
import type { TailFile } from './tail-file.js'

/** Writes a snapshot at a path of what is held when it is called, sealed where there is a seal. */
export type Save = (path: string, seal: GenerationSeal | undefined) => Promise<void>

/** What is compacted, and how. */
export interface Compaction {
  readonly folder: string
  readonly queue: ChangeQueue
  readonly save: Save
  readonly galleryId: bigint
  /** The next generation's key; without one it is not sealed. */
  readonly key: Uint8Array | undefined
  readonly damagedFiles: readonly string[]
}

/**
 * Takes a folder to its next generation. The order of what is written is what makes a crash harmless at every step:
 *
 *   1. the snapshot of what is held at one point of the old tail; changes go on into the old tail meanwhile
 *   2. the new tail, with the changes since that point, while still more come
 *   3. with changes held up: the rest of them; links that keep damaged files; how far the new tail goes; then the
 *      marker, which is the moment at which the new generation counts, with all that was acknowledged
 *   4. changes go on into the new tail; the old files are removed
 *
 * Until the marker is in place a crash, or an error, leaves the old generation as it was.
 *
 * @throws SidikError FILE_UNWRITABLE, GALLERY_CORRUPT; what `save` throws
 */
export async function compactFolder(
  { folder, queue, save, galleryId, key, damagedFiles }: Compaction,
  files: FileLayer,
): Promise<void> {
  const old = queue.tail
  old.assertUsable()
  const generation = old.generation + 1
  const seal = key && new GenerationSeal(key, galleryId, generation)
  let next: TailFile | undefined
  let named = false
  try {
    const { point, saved } = await queue.alone(async () => {
      return beginSave(old, () => save(join(folder, snapshotName(generation)), seal))
    })
    await saved
    let copied = point
    const copyRest = async (tail: TailFile) => {
      const { end } = old
      await old.copy(copied, end, tail)
      copied = end
    }
    const tail = await beginTail(folder, { generation, galleryId }, seal, files, copyRest)
    next = tail
    await queue.alone(async () => {
      await copyRest(tail)
      for (const name of damagedFiles) await keepAside(folder, name, files)
      await tail.settleLength()
      named = true
      await writeMarkerFile(folder, { generation, galleryId }, files)
      queue.continueIn(tail)
    })
  } catch (cause) {
    const error = asFileError('FILE_UNWRITABLE', `${folder} was not compacted`, cause)
    if (named && (await markedGeneration(folder, files).catch(() => undefined)) !== old.generation) {
      // The marker is renamed, and whether that is on the disk is not known: a change could be lost in either tail.
      const message = `${folder} takes no more changes after a failure: close the gallery and open it again`
      old.fail(new SidikError('FILE_UNWRITABLE', message, { cause }))
    } else {
      for (const name of [snapshotName(generation), tailName(generation), lengthName(generation)]) {
        await files.rm(join(folder, name), { force: true }).catch(() => {})
      }
    }
    await next?.close()
    throw error
  }
  // The new generation counts, whatever becomes of the old one's files.
  await old.close().catch(() => {})
  await removeLeftOvers(folder, generation, files)
}

/** The point of the tail at which the holder is saved. The promise is in an object so that it is not waited for here. */
function beginSave(tail: TailFile, save: () => Promise<void>): { point: TailPoint; saved: Promise<void> } {
  const saved = save()
  // It is waited for later, and must not count as unhandled until then.
  saved.catch(() => {})
  return { point: tail.end, saved }
}

/** Gives a file a second name under which it stays. */
async function keepAside(folder: string, name: string, files: FileLayer): Promise<void> {
  try {
    await files.link(join(folder, name), join(folder, asideName(name)))
  } catch (cause) {
    // A missing file leaves nothing to keep; an earlier attempt has kept it already.
    if (systemCode(cause) !== 'ENOENT' && systemCode(cause) !== 'EEXIST') throw cause
  }
}
