import { join } from 'node:path'
import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import { ChangeQueue } from './change-queue.js'
import { asFileError, DISK, type FileLayer } from './file-layer.js'
import { createGeneration, currentGeneration, findFolder, readMarkerFile, removeLeftOvers } from './gallery-folder.js'
import { lockFolder } from './gallery-lock.js'
import { tailName } from './gallery-names.js'
import { GalleryStorage } from './gallery-storage.js'
import { type GenerationFiles, loadGeneration, openGeneration, type Receive, type Report } from './generation-load.js'
import { syncFolder } from './replace-file.js'
import { TailFile } from './tail-file.js'

export interface StorageOptions {
  readonly create?: boolean
  readonly readOnly?: boolean
  readonly damaged?: 'refuse' | 'skip'
  readonly files?: FileLayer
}

/** Who holds the templates: what a storage reads goes there, and what a change depends on is asked there. */
export interface Holder {
  readonly receive: Receive
  readonly has: (id: string) => boolean
}

/** A reader that a writer's compactions overtake looks anew; so often, and something else is wrong. */
const MOST_TRIES = 20

/**
 * Opens the folder of a durable gallery and gives all its templates to `holder`, each once. A writer first takes the
 * lock, begins a gallery where there is none, and clears away what a crash left; a reader writes nothing.
 *
 * @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE, GALLERY_FORMAT, GALLERY_VERSION, GALLERY_CORRUPT, GALLERY_LOCKED
 */
export async function openStorage(
  folder: string,
  holder: Holder,
  { create = false, readOnly = false, damaged = 'refuse', files = DISK }: StorageOptions = {},
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
    await read(folder, holder.receive, report, files)
    return new GalleryStorage(folder, damage, files, undefined)
  }
  const unlock = await lockFolder(folder, files)
  try {
    if ((await currentGeneration(folder, create, files)) === undefined) await createGeneration(folder, files)
    const tail = await readToContinue(folder, holder.receive, report, files)
    return new GalleryStorage(folder, damage, files, { queue: new ChangeQueue(tail, holder.has), unlock })
  } catch (error) {
    await unlock()
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

async function readToContinue(folder: string, receive: Receive, report: Report, files: FileLayer): Promise<TailFile> {
  const generation = (await currentGeneration(folder, false, files, report))!
  const opened = await openGeneration(folder, generation, true, files)
  const { snapshot, tail } = opened
  try {
    const found = await loadGeneration(folder, generation, opened, receive, report)
    if (!tail || !found) {
      const message = `${folder} lacks ${tailName(generation)}: open it readOnly to have the rest`
      throw new SidikError('GALLERY_CORRUPT', message)
    }
    const continued = await TailFile.continue(join(folder, tailName(generation)), tail, generation, found)
    await settleFolder(folder, generation, files)
    return continued
  } catch (error) {
    await tail?.close()
    throw error
  } finally {
    await snapshot?.close()
  }
}

async function read(folder: string, receive: Receive, report: Report, files: FileLayer): Promise<void> {
  for (let tries = 1; ; tries++) {
    const generation = (await currentGeneration(folder, false, files, tries === 1 ? report : undefined))!
    const opened = await openGeneration(folder, generation, false, files)
    try {
      if (tries < MOST_TRIES && (await isOvertaken(folder, generation, opened, files))) continue
      await loadGeneration(folder, generation, opened, receive, report)
      return
    } finally {
      await opened.snapshot?.close()
      await opened.tail?.close()
    }
  }
}

/** Whether files are missing because a compaction has named others meanwhile. */
async function isOvertaken(
  folder: string,
  generation: number,
  { snapshot, tail }: GenerationFiles,
  files: FileLayer,
): Promise<boolean> {
  if (snapshot && tail) return false
  const marker = await readMarkerFile(folder, files)
  return typeof marker === 'number' && marker !== generation
}

function refused(folder: string, { file, offsetBytes, bytes, reason }: Damage): SidikError {
  const where = `${join(folder, file)} is damaged at byte ${offsetBytes}, ${bytes} bytes`
  return new SidikError('GALLERY_CORRUPT', `${where}: ${reason}; use a copy, or open it with damaged: 'skip'`)
}
