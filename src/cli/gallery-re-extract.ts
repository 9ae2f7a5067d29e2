import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Command } from 'commander'
import type { Engine } from '../engine.js'
import { type ErrorCode, SidikError } from '../errors.js'
import type { DurableGallery } from '../gallery/durable-gallery.js'
import type { Gallery } from '../gallery/gallery.js'
import { loadNetwork } from '../node/network-file.js'
import { decodeTemplate } from '../template/native.js'
import type { Template } from '../types.js'
import type { Context, Outcome, Run } from './command.js'
import { idOf, isPrintFile } from './enrol-folder.js'
import { EXIT } from './exit-codes.js'
import { inParallel } from './in-parallel.js'
import { type KeyOptions, keyFileOption } from './key-file.js'
import { type LoadedPrint, loadPrint } from './load-print.js'
import { openStoredGallery } from './open-gallery.js'
import { type CommonOptions, jsonOption, ppiOption, threadsOption } from './options.js'
import { counted } from './text.js'
import { withEngine } from './with-engine.js'

/**
 * Decibans: an image of another finger reaches it once in 1,000. Templates of network 2 and the images that they were
 * made from do always: 31.7 at least, 80 and more but for 8 of 1,354 (dev and free prints).
 */
const SAME_FINGER_SCORE = 30

interface ReExtractOptions extends CommonOptions, KeyOptions {
  readonly images: string
}

/** A template that stays as it was, and why. */
interface Kept {
  readonly id: string
  readonly code: 'NO_IMAGE' | 'OTHER_FINGER' | ErrorCode
  readonly message: string
}

async function reExtract(context: Context, path: string, options: ReExtractOptions): Promise<Outcome> {
  const images = await imagesIn(options.images)
  return withEngine(options.threads, async engine => {
    const gallery = await openToChange(engine, path, options)
    try {
      const older = gallery.ids().filter(id => !isOfThisNetwork(gallery.get(id)!))
      const kept = await replaceAll(engine, gallery, older, images, options, context)
      const remade = older.length - kept.length
      if (remade > 0 && 'save' in gallery) await gallery.save(path)
      const lines = [
        `${path}: ${counted(gallery.size, 'print')}, ${older.length} not of this network`,
        `${remade} made again, ${kept.length} as they were`,
        ...kept.map(({ id, code, message }) => `  ${code}: ${id}: ${message}`),
      ]
      const json = { gallery: path, prints: gallery.size, older: older.length, remade, kept }
      return { exitCode: kept.length > 0 ? EXIT.NO_MATCH : EXIT.DONE, json, text: lines.join('\n') }
    } finally {
      await gallery.close()
    }
  })
}

async function openToChange(engine: Engine, path: string, options: KeyOptions): Promise<Gallery | DurableGallery> {
  const gallery = await openStoredGallery(engine, path, { ...options, readOnly: false })
  if (gallery !== undefined) return gallery
  throw new SidikError('GALLERY_FORMAT', `${path} is no durable gallery: name its folder, or a gallery file`)
}

/** Prints of a folder and those in it, by the id that each would be of. */
async function imagesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(cause => {
    throw new SidikError('FILE_UNREADABLE', `cannot list the folder ${folder}: ${cause.message}`, { cause })
  })
  const images = new Map<string, string>()
  const isPrint = ({ name }: Dirent) => isPrintFile(name) && !name.startsWith('.')
  for (const entry of entries.filter(entry => entry.isFile() && isPrint(entry))) {
    const file = join(entry.parentPath, entry.name)
    const id = idOf(relative(folder, file).split(sep).join('/'))
    const other = images.get(id)
    if (other !== undefined) throw new SidikError('ID_EXISTS', `${other} and ${file} are both of '${id}': leave one`)
    images.set(id, file)
  }
  return images
}

function isOfThisNetwork(template: Template): boolean {
  return decodeTemplate(template).learnedCodes?.networkVersion === loadNetwork().version
}

/** Makes templates anew from their images; says which it left as they were. */
async function replaceAll(
  engine: Engine,
  gallery: Gallery | DurableGallery,
  ids: readonly string[],
  images: ReadonlyMap<string, string>,
  { ppi }: ReExtractOptions,
  { signal, startProgress }: Context,
): Promise<Kept[]> {
  const progress = startProgress('extracting')
  let done = 0
  try {
    const kept = await inParallel(ids, engine.threads, async (id): Promise<Kept | undefined> => {
      const print = await printOf(engine, id, images.get(id), { ppi, signal })
      progress.update(++done, ids.length)
      if ('code' in print) return print
      const { score } = engine.match(gallery.get(id)!, print.template)
      if (score < SAME_FINGER_SCORE) {
        const message = `${print.path} scores ${score.toFixed(1)} with the template: another finger?`
        return { id, code: 'OTHER_FINGER', message }
      }
      await gallery.insert(id, print.template, { replace: true })
      return undefined
    })
    return kept.filter(each => each !== undefined)
  } finally {
    progress.stop()
  }
}

async function printOf(
  engine: Engine,
  id: string,
  file: string | undefined,
  options: { ppi: number | undefined; signal: AbortSignal },
): Promise<LoadedPrint | Kept> {
  if (file === undefined) return { id, code: 'NO_IMAGE', message: 'the folder has no file of that name' }
  try {
    const print = await loadPrint(engine, file, options)
    if (print.quality !== undefined) return print
    return { id, code: 'NO_IMAGE', message: `${file} holds minutiae, no image` }
  } catch (error) {
    if (!(error instanceof SidikError) || error.code === 'ENGINE_CLOSED') throw error
    return { id, code: error.code, message: error.message }
  }
}

export function addGalleryReExtract(gallery: Command, run: Run): void {
  gallery
    .command('re-extract')
    .summary('make templates of older versions again from their images')
    .description(
      [
        'Makes the templates of a gallery again that another version of the network made, or another maker, from the',
        'images that they are of: each file of the folder, and of those in it, is of the id that its path there says',
        'without extension. A gallery file is replaced at the end, a durable gallery print by print: interrupted, the',
        'same command goes on. An image that does not match its template is left out. Exit code 1 when a template is',
        'left as it was.',
      ].join(' '),
    )
    .argument('<gallery>', "gallery file, or a durable gallery's folder")
    .requiredOption('--images <dir>', 'folder of the images')
    .addOption(ppiOption())
    .addOption(keyFileOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(reExtract))
}
