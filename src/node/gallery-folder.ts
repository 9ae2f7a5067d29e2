import { dirname, join, resolve } from 'node:path'
import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import { encodeMarker, readMarker } from '../gallery/marker.js'
import { TRAILER_BYTES } from '../gallery/snapshot.js'
import { PartFault, readTrailer } from '../gallery/snapshot-parts.js'
import { encodeSnapshot } from '../gallery/snapshot-write.js'
import { TAIL_HEADER_BYTES } from '../gallery/tail.js'
import { asFileError, DISK, type FileLayer, systemCode } from './file-layer.js'
import { generationOf, isLeftOver, isOurs, MARKER_NAME, snapshotName, tailName } from './gallery-names.js'
import { PRIVATE_FOLDER_MODE } from './modes.js'
import { replaceFile, syncFolder } from './replace-file.js'
import { TailFile } from './tail-file.js'

/** The folder of a durable gallery: whether there is one, which generation is current, how the next one comes to be. */

/**
 * Makes the folder if it is missing and may be made; the one above it has to be there.
 *
 * @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE; GALLERY_FORMAT when it is no folder
 */
export async function findFolder(folder: string, create: boolean, files: FileLayer): Promise<void> {
  const found = await files.stat(folder).catch(cause => {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw asFileError('FILE_UNREADABLE', `the gallery ${folder} cannot be opened`, cause)
  })
  if (found?.isDirectory()) return
  if (found !== undefined) {
    throw new SidikError(
      'GALLERY_FORMAT',
      `${folder} is a file: a durable gallery is a folder; openGallery reads files`,
    )
  }
  if (!create) {
    throw new SidikError('FILE_UNREADABLE', `there is no gallery ${folder}: open it with create to begin one`)
  }
  try {
    await files.mkdir(folder, { mode: PRIVATE_FOLDER_MODE })
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `the folder ${folder} cannot be made`, cause)
  }
}

/** What the marker says. Undefined when there is none. Throws SidikError GALLERY_VERSION, FILE_UNREADABLE. */
export async function readMarkerFile(folder: string, files: FileLayer): Promise<number | PartFault | undefined> {
  const path = join(folder, MARKER_NAME)
  try {
    return readMarker(await files.readFile(path))
  } catch (cause) {
    if (cause instanceof PartFault) return cause
    if (systemCode(cause) === 'ENOENT') return undefined
    throw asFileError('FILE_UNREADABLE', `the gallery's ${path} cannot be read`, cause)
  }
}

/**
 * The current generation. Undefined when there is no gallery yet, and one may be begun.
 *
 * @throws SidikError GALLERY_VERSION, FILE_UNREADABLE; GALLERY_FORMAT when there is none, or it cannot be begun between
 *   files of others; GALLERY_CORRUPT when the marker is damaged, `report` does not mind, and it cannot be told which
 *   generation was current
 */
export async function currentGeneration(
  folder: string,
  create: boolean,
  files: FileLayer,
  report: (damage: Damage) => void = () => {},
): Promise<number | undefined> {
  const marker = await readMarkerFile(folder, files)
  if (typeof marker === 'number') return marker
  const { generations, isEmpty, others } = await withoutMarker(folder, files)
  if (marker === undefined && isEmpty) {
    if (!create)
      throw new SidikError('GALLERY_FORMAT', `${folder} holds no durable gallery: create one, or name another`)
    if (others.length === 0) return undefined
    const message = `${folder} holds other files (${others[0]}): a durable gallery needs a folder of its own`
    throw new SidikError('GALLERY_FORMAT', message)
  }
  const reason = marker === undefined ? 'the file that names the current generation is missing' : marker.message
  report({ file: MARKER_NAME, offsetBytes: 0, bytes: 0, reason })
  if (generations.length === 1) return generations[0]
  const message = `${join(folder, MARKER_NAME)} is damaged, and there are files of ${generations.length} generations`
  throw new SidikError('GALLERY_CORRUPT', `${message}: restore it from a copy`)
}

/** A folder without a marker: an interrupted creation leaves empty files of the first generation. */
async function withoutMarker(
  folder: string,
  files: FileLayer,
): Promise<{ generations: number[]; isEmpty: boolean; others: string[] }> {
  const emptyBytes = [...encodeSnapshot([], 0)].reduce((sum, { length }) => sum + length, TAIL_HEADER_BYTES)
  const generations = new Set<number>()
  const others: string[] = []
  let bytes = 0
  for (const name of await files.readdir(folder)) {
    const generation = generationOf(name)
    if (generation !== undefined) {
      generations.add(generation)
      bytes += (await files.stat(join(folder, name))).size
    } else if (!isOurs(name) && name !== 'lost+found' && !name.startsWith('.')) others.push(name)
  }
  return { generations: [...generations], isEmpty: bytes <= emptyBytes, others }
}

/**
 * Writes the tail of a generation whose snapshot is there, and what `fill` puts into it; then makes both names last.
 * Nothing of them counts until the marker names them.
 */
export async function beginTail(
  folder: string,
  generation: number,
  files: FileLayer,
  fill?: (tail: TailFile) => Promise<void>,
): Promise<TailFile> {
  const snapshotCrc = await trailerCrc(join(folder, snapshotName(generation)), files)
  const tail = await TailFile.create(join(folder, tailName(generation)), { generation, snapshotCrc }, files)
  try {
    await fill?.(tail)
    await syncFolder(folder, files)
    return tail
  } catch (cause) {
    await tail.close()
    throw cause
  }
}

/** The moment at which a generation takes effect. */
export async function writeMarkerFile(folder: string, generation: number, files: FileLayer): Promise<void> {
  await replaceFile(join(folder, MARKER_NAME), [encodeMarker(generation)], files)
}

/** The first generation: empty. */
export async function createGeneration(folder: string, files: FileLayer): Promise<void> {
  try {
    await syncFolder(dirname(resolve(folder)), files).catch(cause => {
      // A folder that may be entered but not read cannot be synced; it is there, or we would not be.
      if (systemCode(cause) !== 'EACCES') throw cause
    })
    await replaceFile(join(folder, snapshotName(1)), encodeSnapshot([], 0), files)
    const tail = await beginTail(folder, 1, files)
    await tail.close()
    await writeMarkerFile(folder, 1, files)
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `no gallery could be made in ${folder}`, cause)
  }
}

/** Removes what a crash or an older generation left. That it cannot be removed harms nothing: the next one tries again. */
export async function removeLeftOvers(folder: string, current: number, files: FileLayer): Promise<void> {
  for (const name of await files.readdir(folder).catch(() => [])) {
    if (isLeftOver(name, current)) await files.rm(join(folder, name), { force: true }).catch(() => {})
  }
}

async function trailerCrc(path: string, files: FileLayer): Promise<number> {
  const file = await files.open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(TRAILER_BYTES)
    await file.read(bytes, 0, TRAILER_BYTES, size - TRAILER_BYTES)
    return readTrailer(bytes)
  } finally {
    await file.close()
  }
}

/** Whether a folder is one of a durable gallery, whole or not. Throws SidikError FILE_UNREADABLE. */
export async function isGalleryFolder(folder: string, files: FileLayer = DISK): Promise<boolean> {
  return (await namesIn(folder, files)).some(isOurs)
}

/** Names and sizes of a gallery's files. */
export async function galleryFiles(
  folder: string,
  files: FileLayer = DISK,
): Promise<{ name: string; bytes: number }[]> {
  const names = (await namesIn(folder, files)).filter(isOurs).sort()
  return Promise.all(names.map(async name => ({ name, bytes: (await files.stat(join(folder, name))).size })))
}

async function namesIn(folder: string, files: FileLayer): Promise<string[]> {
  return files.readdir(folder).catch(cause => {
    throw asFileError('FILE_UNREADABLE', `the folder ${folder} cannot be read`, cause)
  })
}
