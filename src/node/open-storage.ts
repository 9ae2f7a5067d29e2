import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { newGalleryId } from '../gallery/cipher.js'
import type { Damage } from '../gallery/damage.js'
import { ChangeQueue } from './change-queue.js'
import type { Save } from './compact-folder.js'
import { asFileError, DISK, type FileLayer } from './file-layer.js'
import {
  createGeneration,
  currentGeneration,
  findFolder,
  type Generation,
  markedGeneration,
  removeLeftOvers,
  writeMarkerFile,
} from './gallery-folder.js'
import { lockFolder } from './gallery-lock.js'
import { tailName } from './gallery-names.js'
import { GalleryStorage } from './gallery-storage.js'
import type { GivenKey } from './generation-heads.js'
import { type GenerationFiles, loadGeneration, openGeneration, type Receive, type Report } from './generation-load.js'
import { syncFolder } from './replace-file.js'
import { TailFile } from './tail-file.js'
import { TailLengthFile } from './tail-length-file.js'

export interface StorageOptions extends GivenKey {
  readonly create?: boolean
  readonly readOnly?: boolean
  readonly damaged?: 'refuse' | 'skip'
  readonly files?: FileLayer
}

/** Who holds the templates: what a storage reads goes there, and what a change depends on is asked there. */
export interface Holder {
  readonly receive: Receive
  readonly has: (id: string) => boolean
  /**
   * Writes what is held: a writer that skips damage begins a new generation when it is the head or
   * the end of the tail that is damaged.
   */
  readonly save?: Save
}

/** A reader that a writer's compactions overtake looks anew; so often, and something else is wrong. */
const MOST_TRIES = 20

/**
 * Opens the folder of a durable gallery and gives all its templates to `holder`, each once. A writer first takes the
 * lock, begins a gallery where there is none, and clears away what a crash left; a reader writes nothing.
 *
 * A writer that skips damage to the head or the end of the tail begins a new generation before it
 * returns. Records behind such a head read only as long as marker and snapshot say what it said, and
 * a record behind such an end may complete the one that was cut.
 *
 * @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE, GALLERY_FORMAT, GALLERY_VERSION,
 *   GALLERY_CORRUPT, GALLERY_LOCKED, GALLERY_KEY
 */
export async function openStorage(
  folder: string,
  holder: Holder,
  { create = false, readOnly = false, damaged = 'refuse', files = DISK, key, isUnopened }: StorageOptions = {},
): Promise<GalleryStorage> {
  const damage: Damage[] = []
  const report = (found: Damage) => {
    if (damaged === 'refuse') throw refused(folder, found)
    damage.push(found)
  }
  await findFolder(folder, create, files)
  // Before a lock is put there, because the folder may be of anyone.
  await currentGeneration(folder, create, files)
  if (readOnly) {
    const isOpened = await read(folder, { key, isUnopened }, holder.receive, report, files)
    return new GalleryStorage(folder, { damage, isOpened }, files, undefined)
  }
  const unlock = await lockFolder(folder, files)
  let storage: GalleryStorage
  let isTailLeft: boolean
  try {
    if ((await currentGeneration(folder, create, files)) === undefined) await createGeneration(folder, key, files)
    const read = await readToContinue(folder, key, holder.receive, report, files)
    isTailLeft = read.isTailLeft
    const writer = { queue: new ChangeQueue(read.tail, holder.has), galleryId: read.galleryId, key, unlock }
    storage = new GalleryStorage(folder, { damage, isOpened: true }, files, writer)
  } catch (error) {
    await unlock()
    throw error
  }
  try {
    if (isTailLeft) {
      if (!holder.save) throw new TypeError('a holder without save cannot skip a damaged tail')
      await storage.compact(holder.save)
    }
    return storage
  } catch (error) {
    await storage.close()
    throw error
  }
}

/**
 * Clears away what a crash left, and makes the names last that it left: one between the renaming of the marker and the
 * wait for the folder would else let a later power failure take the old generation back.
 */
async function settleFolder(folder: string, generation: number, files: FileLayer): Promise<void> {
  try {
    await syncFolder(folder, files)
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `the folder ${folder} cannot be written`, cause)
  }
  await removeLeftOvers(folder, generation, files)
}

/** Makes a folder of version 1 one of version 2. */
async function migrate(folder: string, generation: Generation, files: FileLayer): Promise<void> {
  try {
    await writeMarkerFile(folder, generation, files)
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `the folder ${folder} cannot be written`, cause)
  }
}

async function readToContinue(
  folder: string,
  key: Uint8Array | undefined,
  receive: Receive,
  report: Report,
  files: FileLayer,
): Promise<{ tail: TailFile; galleryId: bigint; isTailLeft: boolean }> {
  const current = (await currentGeneration(folder, false, files, report))!
  const { generation } = current
  const opened = await openGeneration(folder, generation, true, files)
  const { snapshot, tail, length } = opened
  let continued: TailFile | undefined
  try {
    const loaded = await loadGeneration({ folder, ...current }, opened, { key }, receive, report)
    if (!tail || !loaded.scan) {
      const message = `${folder} lacks ${tailName(generation)}: open it readOnly to have the rest`
      throw new SidikError('GALLERY_CORRUPT', message)
    }
    const { scan, form, galleryId = newGalleryId() } = loaded
    const path = join(folder, tailName(generation))
    const isTailLeft = loaded.heads.tail === undefined || scan.isEndDamaged
    if (isTailLeft) {
      await length?.close()
      continued = TailFile.leave(path, tail, { generation, form }, scan)
    } else {
      continued = await TailFile.continue(path, tail, { generation, form }, scan)
      const stated = { generation, galleryId, cipher: loaded.heads.seal?.cipherOf('length') }
      const place = { folder, tail: stated, files }
      if (length && loaded.length) {
        continued.keepLengthIn(TailLengthFile.continue(place, length, loaded.length.settled))
      } else {
        await length?.close()
        await continued.beginLength(end => TailLengthFile.create(place, end))
      }
      // Only now, because a marker of this version promises the file before it.
      if (current.isMarked && current.galleryId === undefined) await migrate(folder, { generation, galleryId }, files)
    }
    await settleFolder(folder, generation, files)
    return { tail: continued, galleryId, isTailLeft }
  } catch (error) {
    await continued?.close()
    for (const file of [tail, length]) await file?.close()
    throw error
  } finally {
    await snapshot?.close()
  }
}

/** Returns whether ids and templates were read. */
async function read(
  folder: string,
  given: GivenKey,
  receive: Receive,
  report: Report,
  files: FileLayer,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const current = (await currentGeneration(folder, false, files, tries === 1 ? report : undefined))!
    const opened = await openGeneration(folder, current.generation, false, files)
    try {
      if (tries < MOST_TRIES && (await isOvertaken(folder, current.generation, opened, files))) continue
      const { heads } = await loadGeneration({ folder, ...current }, opened, given, receive, report)
      return !heads.isSealed || heads.seal !== undefined
    } finally {
      for (const file of Object.values(opened)) await file?.close()
    }
  }
}

/** Whether files are missing because a compaction has named others meanwhile. */
async function isOvertaken(
  folder: string,
  generation: number,
  { snapshot, tail, length }: GenerationFiles,
  files: FileLayer,
): Promise<boolean> {
  if (snapshot && tail && length) return false
  const marked = await markedGeneration(folder, files)
  return marked !== undefined && marked !== generation
}

function refused(folder: string, { file, offsetBytes, bytes, reason }: Damage): SidikError {
  const where = `${join(folder, file)} is damaged at byte ${offsetBytes}, ${bytes} bytes`
  return new SidikError('GALLERY_CORRUPT', `${where}: ${reason}; use a copy, or open it with damaged: 'skip'`)
}
