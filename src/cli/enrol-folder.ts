import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Engine } from '../engine.js'
import { type ErrorCode, SidikError } from '../errors.js'
import type { Gallery } from '../gallery/gallery.js'
import type { Template } from '../types.js'
import { inParallel } from './in-parallel.js'
import { type LoadOptions, loadPrint } from './load-print.js'

/** Names of files that are taken for prints; what they hold decides how they are read. */
const PRINT_EXTENSIONS = new Set(
  '.png .jpg .jpeg .tif .tiff .webp .bmp .wsq .pgm .sdkt .sidik .template .fmr .iso .ist .isot'.split(' '),
)

export interface UnusablePrint {
  readonly file: string
  readonly code: ErrorCode
  readonly message: string
}

/** What became of every file of a folder. */
export interface FolderEnrolment {
  readonly enrolled: number
  /** Prints that could not be used, with why. */
  readonly unusable: readonly UnusablePrint[]
  /** Files that are not prints by their names. */
  readonly ignored: readonly string[]
}

export interface EnrolFolderOptions extends LoadOptions {
  readonly onProgress?: (done: number, total: number) => void
}

/** Files of a folder in the order of their names, prints apart from others. Hidden files and folders are left out. */
async function listFolder(folder: string): Promise<{ prints: string[]; ignored: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(cause => {
    throw new SidikError('FILE_UNREADABLE', `cannot list the folder ${folder}: ${cause.message}`, { cause })
  })
  const files = entries.filter(entry => !entry.isDirectory() && !entry.name.startsWith('.')).map(entry => entry.name)
  files.sort()
  return { prints: files.filter(isPrintFile), ignored: files.filter(name => !isPrintFile(name)) }
}

export const isPrintFile = (name: string) => PRINT_EXTENSIONS.has(extname(name).toLowerCase())

/** The id of a file's print: its name, or its path in a folder, without extension. */
export const idOf = (file: string) => file.slice(0, file.length - extname(file).length)

/**
 * Puts every print of `folder` into `gallery` under its file name without extension. One that cannot be used is
 * reported, never skipped in silence.
 *
 * @throws SidikError FILE_UNREADABLE for the folder; DATASET_FORMAT when it holds no print
 */
export async function enrolFolder(
  engine: Engine,
  gallery: Gallery,
  folder: string,
  options: EnrolFolderOptions = {},
): Promise<FolderEnrolment> {
  const { prints, ignored } = await listFolder(folder)
  if (prints.length === 0) {
    throw new SidikError('DATASET_FORMAT', `${folder} holds no prints: put images, templates or ISO records there`)
  }
  let done = 0
  const loaded = await inParallel(prints, engine.threads, async (file): Promise<Template | UnusablePrint> => {
    try {
      return (await loadPrint(engine, join(folder, file), options)).template
    } catch (error) {
      return unusable(file, error)
    } finally {
      options.onProgress?.(++done, prints.length)
    }
  })
  const failures: UnusablePrint[] = []
  for (const [index, file] of prints.entries()) {
    const result = loaded[index]
    const failure = result instanceof Uint8Array ? insert(gallery, file, result) : result
    if (failure) failures.push(failure)
  }
  return { enrolled: prints.length - failures.length, unusable: failures, ignored }
}

/** Two files may have one name but for the extension: the second one is then unusable. */
function insert(gallery: Gallery, file: string, template: Template): UnusablePrint | undefined {
  try {
    gallery.insert(idOf(file), template)
    return undefined
  } catch (error) {
    return unusable(file, error)
  }
}

/** An error about data is a finding about one file; anything else ends the whole run. */
function unusable(file: string, error: unknown): UnusablePrint {
  if (!(error instanceof SidikError) || error.code === 'ENGINE_CLOSED') throw error
  return { file, code: error.code, message: error.message }
}
