import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { SidikError } from '../errors.js'
import type { Impression } from './protocol.js'

/** One image of a set. */
export interface Print extends Impression {
  /** Name of the file in its set. */
  readonly file: string
  readonly path: string
}

/** Prints of one sensor or origin: only prints of the same set are compared. */
export interface PrintSet {
  readonly name: string
  /** By finger, then by impression, as numbers. */
  readonly prints: readonly Print[]
}

/** `<finger>_<impression>.<ext>`; nine digits at most so that both stay exact. */
const PRINT_NAME = /^(\d{1,9})_(\d{1,9})\.(?:png|jpe?g|tiff?|webp|bmp|wsq|pgm)$/i

/**
 * The sets in a folder. A folder that holds prints itself is one set, and its subfolders are not looked at (they may
 * hold masks or truth images of the same names); otherwise every subfolder that holds prints is a set. Other files are
 * ignored. Sets come in the order of their names, numbers in them as numbers.
 *
 * @throws SidikError FILE_UNREADABLE when the folder, a subfolder or a print cannot be opened; DATASET_FORMAT when there
 *   is no print, or two files claim the same impression of the same finger
 */
export async function findSets(directory: string): Promise<PrintSet[]> {
  const path = resolve(directory)
  const own = await printsIn(path)
  if (own.length > 0) return [{ name: basename(path), prints: own }]
  const sets: PrintSet[] = []
  for (const name of (await list(path)).sort(byName)) {
    const inside = join(path, name)
    if (!(await statOrNull(inside))?.isDirectory()) continue
    const prints = await printsIn(inside)
    if (prints.length > 0) sets.push({ name, prints })
  }
  if (sets.length > 0) return sets
  throw new SidikError(
    'DATASET_FORMAT',
    `${directory} holds no prints: it needs images named <finger>_<impression>.<ext>, such as 101_1.png, or subfolders of them`,
  )
}

async function printsIn(directory: string): Promise<Print[]> {
  const prints: Print[] = []
  for (const file of (await list(directory)).sort(byName)) {
    const name = PRINT_NAME.exec(file)
    if (name === null) continue
    const path = join(directory, file)
    const stats = await statOrNull(path)
    if (stats === null) throw new SidikError('FILE_UNREADABLE', `cannot open ${path}: the link leads nowhere`)
    if (stats.isFile()) prints.push({ file, path, finger: Number(name[1]), impression: Number(name[2]) })
  }
  prints.sort((a, b) => a.finger - b.finger || a.impression - b.impression)
  prints.forEach((print, k) => {
    const before = prints[k - 1]
    if (before?.finger !== print.finger || before.impression !== print.impression) return
    throw new SidikError(
      'DATASET_FORMAT',
      `${directory} holds impression ${print.impression} of finger ${print.finger} twice, as ${before.file} and ${print.file}: keep one`,
    )
  })
  return prints
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (cause) {
    throw new SidikError('FILE_UNREADABLE', `cannot list the folder ${directory}: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** Null for a link that leads nowhere or in a circle. */
async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP') return null
    throw new SidikError('FILE_UNREADABLE', `cannot open ${path}: ${message}`, { cause })
  }
}

/** Not by the machine's locale, so that a report is the same everywhere. */
const byName = new Intl.Collator('en', { numeric: true }).compare
