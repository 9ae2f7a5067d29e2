import type { Engine } from '../engine.js'
import type { Gallery } from '../gallery/gallery.js'
import type { Context } from './command.js'
import { enrolFolder, type FolderEnrolment } from './enrol-folder.js'
import type { LoadOptions } from './load-print.js'
import { namingFile } from './naming-file.js'
import { isFolder } from './read-file.js'
import { counted } from './text.js'

/** A gallery to search, and, when it was made from a folder, what became of the files. */
export interface OpenedGallery {
  readonly gallery: Gallery
  readonly enrolment?: FolderEnrolment
}

/** Puts the prints of a folder into a new gallery, with a bar on a terminal. */
export async function galleryOfFolder(
  engine: Engine,
  folder: string,
  options: LoadOptions,
  { signal, startProgress }: Context,
): Promise<Required<OpenedGallery>> {
  const gallery = engine.createGallery()
  const progress = startProgress('enrolling')
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total)
    return { gallery, enrolment: await enrolFolder(engine, gallery, folder, { ...options, signal, onProgress }) }
  } finally {
    progress.stop()
  }
}

/** The gallery at `path`: a gallery file, or a folder of prints. */
export async function openGalleryAt(
  engine: Engine,
  path: string,
  options: LoadOptions,
  context: Context,
): Promise<OpenedGallery> {
  if (await isFolder(path)) return galleryOfFolder(engine, path, options, context)
  return { gallery: await namingFile(path, () => engine.openGallery(path)) }
}

/** What became of a folder's files, in lines for people. */
export function enrolmentLines({ enrolled, unusable, ignored }: FolderEnrolment): string[] {
  const lines = [`${counted(enrolled, 'print')} enrolled, ${unusable.length} could not be used`]
  for (const { code, message } of unusable) lines.push(`  ${code}: ${message}`)
  if (ignored.length > 0) lines.push(`${counted(ignored.length, 'other file')} ignored: ${ignored.join(', ')}`)
  return lines
}
