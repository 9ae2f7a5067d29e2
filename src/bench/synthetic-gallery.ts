import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engine.js'
import type { Gallery } from '../gallery/gallery.js'
import { asFileError } from '../node/file-layer.js'
import { makeFolders } from '../node/make-folders.js'
import { syntheticId, syntheticTemplate, writeSyntheticGallery } from '../synthesize/index.js'

export interface SyntheticGalleryPlan {
  readonly fingers: number
  readonly seed: number
  /** Where gallery files are kept; made if it is missing. */
  readonly folder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface OpenedSyntheticGallery {
  readonly gallery: Gallery
  readonly file: string
  /** Whether the file was there already; then making it took no time. */
  readonly reused: boolean
  readonly makeMs: number
  readonly fileBytes: number
  readonly openMs: number
}

/**
 * A gallery of so many synthetic fingers, from a file that is made where there is none or one of other templates: another version
 * of the program makes others.
 *
 * @throws SidikError FILE_UNWRITABLE, and what opening a damaged file gives; the signal's reason when it is aborted
 */
export async function openSyntheticGallery(
  engine: Engine,
  plan: SyntheticGalleryPlan,
): Promise<OpenedSyntheticGallery> {
  const { fingers, seed, folder, signal, onProgress } = plan
  const file = join(folder, `synthetic-${seed}-${fingers}.sidikgal`)
  if ((await stat(file).catch(() => undefined))?.isFile()) {
    const opened = await open(engine, file)
    if (holds(opened.gallery, plan)) return { ...opened, reused: true, makeMs: 0 }
    opened.gallery.close()
  }
  await makeFolders(folder).catch(cause => {
    throw asFileError('FILE_UNWRITABLE', `the folder ${folder} cannot be made`, cause)
  })
  const startedMs = performance.now()
  await writeSyntheticGallery(file, {
    templates: fingers,
    seed,
    threads: engine.threads,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  const makeMs = performance.now() - startedMs
  return { ...(await open(engine, file)), reused: false, makeMs }
}

async function open(engine: Engine, file: string) {
  const startedMs = performance.now()
  const gallery = await engine.openGallery(file)
  const openMs = performance.now() - startedMs
  return { gallery, file, openMs, fileBytes: (await stat(file)).size }
}

/** Whether it is the gallery that this program makes: by its size, its first template and its last. */
function holds(gallery: Gallery, { fingers, seed }: SyntheticGalleryPlan): boolean {
  if (gallery.size !== fingers) return false
  return [0, fingers - 1].every(index => {
    const template = gallery.get(syntheticId(seed, index))
    return template !== undefined && Buffer.compare(template, syntheticTemplate(seed, index)) === 0
  })
}
