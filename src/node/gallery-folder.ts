import { dirname, join, resolve } from 'node:path'
import { SidikError } from '../errors.js'
import { GenerationSeal, newGalleryId } from '../gallery/cipher.js'
import type { Damage } from '../gallery/damage.js'
import { encodeMarker, type Marker, readMarker } from '../gallery/marker.js'
import { HEADER_BYTES, SEALED_HEADER_BYTES, TRAILER_BYTES } from '../gallery/snapshot.js'
import { PartFault, readTrailer, viewOf } from '../gallery/snapshot-parts.js'
import { encodeSnapshot } from '../gallery/snapshot-write.js'
import { encodeTailHeader, recordSalt, tailHeadBytes } from '../gallery/tail-write.js'
import { asFileError, DISK, type FileLayer, systemCode } from './file-layer.js'
import { generationOf, isLeftOver, isOurs, MARKER_NAME, snapshotName, tailName } from './gallery-names.js'
import { PRIVATE_FOLDER_MODE } from './modes.js'
import { replaceFile, syncFolder } from './replace-file.js'
import { TailFile } from './tail-file.js'
import { TailLengthFile } from './tail-length-file.js'

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
    // Another process made it meanwhile: the lock tells who has it.
    if (systemCode(cause) === 'EEXIST') return
    throw asFileError('FILE_UNWRITABLE', `the folder ${folder} cannot be made`, cause)
  }
}

/** What the marker says. Undefined when there is none. Throws SidikError GALLERY_VERSION, FILE_UNREADABLE. */
export async function readMarkerFile(folder: string, files: FileLayer): Promise<Marker | PartFault | undefined> {
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
 * The generation that the marker names; undefined when it names none. Throws as {@link
 * readMarkerFile}.
 */
export async function markedGeneration(folder: string, files: FileLayer): Promise<number | undefined> {
  const marker = await readMarkerFile(folder, files)
  return marker === undefined || marker instanceof PartFault ? undefined : marker.generation
}

/** A generation of a gallery. */
export interface Generation {
  readonly generation: number
  readonly galleryId: bigint
}

/** The generation that counts, as far as the marker says so. */
export interface CurrentGeneration extends Marker {
  /** Whether there is a marker; if not, the generation is the only one there is. */
  readonly isMarked: boolean
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
): Promise<CurrentGeneration | undefined> {
  const marker = await readMarkerFile(folder, files)
  if (marker !== undefined && !(marker instanceof PartFault)) return { ...marker, isMarked: true }
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
  if (generations.length === 1) return { generation: generations[0], galleryId: undefined, isMarked: false }
  const message = `${join(folder, MARKER_NAME)} is damaged, and there are files of ${generations.length} generations`
  throw new SidikError('GALLERY_CORRUPT', `${message}: restore it from a copy`)
}

/** A folder without a marker: an interrupted creation leaves empty files of the first generation. */
async function withoutMarker(
  folder: string,
  files: FileLayer,
): Promise<{ generations: number[]; isEmpty: boolean; others: string[] }> {
  const generations = new Set<number>()
  const others: string[] = []
  let isEmpty = true
  for (const name of await files.readdir(folder)) {
    const generation = generationOf(name)
    if (generation !== undefined) {
      generations.add(generation)
      isEmpty &&= await isWithoutContent(folder, name, generation, files)
    } else if (!isOurs(name) && name !== 'lost+found' && !name.startsWith('.')) others.push(name)
  }
  return { generations: [...generations], isEmpty, others }
}

/**
 * Whether a snapshot or tail holds no template and no change. What says how far a tail goes never
 * does.
 */
async function isWithoutContent(folder: string, name: string, generation: number, files: FileLayer): Promise<boolean> {
  const isSnapshot = name === snapshotName(generation)
  if (!isSnapshot && name !== tailName(generation)) return true
  const { size } = await files.stat(join(folder, name))
  const head = (isSealed: boolean) => {
    return isSnapshot ? (isSealed ? SEALED_HEADER_BYTES : HEADER_BYTES) + TRAILER_BYTES : tailHeadBytes(isSealed)
  }
  if (size <= head(false)) return true
  if (size > head(true)) return false
  // As long as a sealed one without content, or a plain one with a little. Neither is ever without
  // its head.
  const bytes = await files.readFile(join(folder, name))
  return bytes.length >= HEADER_BYTES && viewOf(bytes).getUint16(10, true) === tailHeadBytes(true)
}

/**
 * Writes the tail of a generation whose snapshot is there, what `fill` puts into it, and the file
 * that says how far it goes. Nothing of them counts until the marker names them.
 */
export async function beginTail(
  folder: string,
  { generation, galleryId }: Generation,
  seal: GenerationSeal | undefined,
  files: FileLayer,
  fill?: (tail: TailFile) => Promise<void>,
): Promise<TailFile> {
  const snapshotCrc = await trailerCrc(join(folder, snapshotName(generation)), files)
  const head = encodeTailHeader({ generation, snapshotCrc, galleryId }, seal)
  const form = { salt: recordSalt(generation, galleryId), cipher: seal?.cipherOf('tail') }
  const tail = await TailFile.create(join(folder, tailName(generation)), head, { generation, form }, files)
  try {
    const stated = { generation, galleryId, cipher: seal?.cipherOf('length') }
    await tail.beginLength(end => TailLengthFile.create({ folder, tail: stated, files }, end))
    await fill?.(tail)
    return tail
  } catch (cause) {
    await tail.close()
    throw cause
  }
}

/** The moment at which a generation takes effect. */
export async function writeMarkerFile(folder: string, generation: Generation, files: FileLayer): Promise<void> {
  await replaceFile(join(folder, MARKER_NAME), [encodeMarker(generation)], files)
}

/** The first generation: empty. */
export async function createGeneration(folder: string, key: Uint8Array | undefined, files: FileLayer): Promise<void> {
  const first = { generation: 1, galleryId: newGalleryId() }
  const seal = key && new GenerationSeal(key, first.galleryId, first.generation)
  try {
    await syncFolder(dirname(resolve(folder)), files).catch(cause => {
      // A folder that may be entered but not read cannot be synced; it is there, or we would not be.
      if (systemCode(cause) !== 'EACCES') throw cause
    })
    await replaceFile(join(folder, snapshotName(1)), encodeSnapshot([], 0, seal), files)
    const tail = await beginTail(folder, first, seal, files)
    await tail.close()
    await writeMarkerFile(folder, first, files)
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
