import type { Engine } from '../engine.js'
import { SidikError } from '../errors.js'
import type { DurableGallery } from '../gallery/durable-gallery.js'
import type { Gallery } from '../gallery/gallery.js'
import { isGalleryFolder } from '../node/gallery-folder.js'
import { namingFile } from '../node/naming-file.js'
import { isFolder } from '../node/read-file.js'
import type { Context } from './command.js'
import { enrolFolder, type FolderEnrolment } from './enrol-folder.js'
import { type KeyOptions, keyOf } from './key-file.js'
import type { LoadOptions } from './load-print.js'
import { counted } from './text.js'

/** What a gallery of any kind can do. */
export type SearchedGallery = Pick<Gallery, 'size' | 'ids' | 'search' | 'dedupe'>

/** A gallery to search, and, when it was made from a folder of prints, what became of the files. */
export interface OpenedGallery {
  readonly gallery: SearchedGallery
  readonly enrolment?: FolderEnrolment
}

/** Puts the prints of a folder into a new gallery, with a bar on a terminal. */
export async function galleryOfFolder(
  engine: Engine,
  folder: string,
  options: LoadOptions,
  { signal, startProgress }: Context,
): Promise<{ gallery: Gallery; enrolment: FolderEnrolment }> {
  const gallery = engine.createGallery()
  const progress = startProgress('enrolling')
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total)
    return { gallery, enrolment: await enrolFolder(engine, gallery, folder, { ...options, signal, onProgress }) }
  } finally {
    progress.stop()
  }
}

/** The gallery in a gallery file or a durable gallery's folder; undefined for any other folder. */
export async function openStoredGallery(
  engine: Engine,
  path: string,
  { keyFile, readOnly = true }: KeyOptions & { readonly readOnly?: boolean },
): Promise<Gallery | DurableGallery | undefined> {
  const key = await keyOf(keyFile)
  const isFile = !(await isFolder(path))
  const isDurable = !isFile && (await isGalleryFolder(path))
  if (key !== undefined && !isDurable) {
    throw new SidikError('GALLERY_KEY', `${path} is no durable gallery, and only those have keys: leave out --key-file`)
  }
  if (isFile) return namingFile(path, () => engine.openGallery(path))
  return isDurable ? engine.openDurableGallery(path, { readOnly, ...(key && { key }) }) : undefined
}

/** The gallery at `path`: a gallery file, a durable gallery's folder, or a folder of prints. */
export async function openGalleryAt(
  engine: Engine,
  path: string,
  options: LoadOptions & KeyOptions,
  context: Context,
): Promise<OpenedGallery> {
  const gallery = await openStoredGallery(engine, path, options)
  return gallery ? { gallery } : galleryOfFolder(engine, path, options, context)
}

/** What became of a folder's files, in lines for people. */
export function enrolmentLines({ enrolled, unusable, ignored }: FolderEnrolment): string[] {
  const lines = [`${counted(enrolled, 'print')} enrolled, ${unusable.length} could not be used`]
  for (const { code, message } of unusable) lines.push(`  ${code}: ${message}`)
  if (ignored.length > 0) lines.push(`${counted(ignored.length, 'other file')} ignored: ${ignored.join(', ')}`)
  return lines
}
