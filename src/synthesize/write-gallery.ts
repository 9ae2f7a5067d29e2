import { BLOCK_ENTRIES } from '../gallery/snapshot-write.js'
import { writeGalleryBlocks } from '../node/gallery-file.js'
import { syntheticBlocks } from '../workers/synthetic-blocks.js'
import { threadCount } from '../workers/thread-count.js'
import { requireIndex } from './master.js'
import type { BlockPlan } from './synthetic-block.js'
import { loadTemplateModel } from './template-model.js'

export interface SyntheticGalleryOptions {
  /** How many fingers: 1 or more. */
  readonly templates: number
  /** How many of them are probed too, spread evenly; none unless given, at most as many as there are templates. */
  readonly probes?: number
  /** Where the probes go: a gallery file too. Required with `probes`. */
  readonly probesPath?: string
  /** Of the population: an integer from 0 to 2^32 - 1. */
  readonly seed: number
  /** Worker threads, 1 to 256; one for each processor, 16 at most, unless given. The files are the same for any number. */
  readonly threads?: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * Writes a gallery file of synthetic templates, fingers 0 and up (see {@link syntheticTemplate}), and one of probes. Probe k of m
 * is of finger floor(k n / m), its difficulty clean, typical and poor in turn; {@link syntheticId} gives the ids. Holds a few
 * blocks of templates in memory at a time. Each path is the whole file or what it was before; the probes' is written first.
 *
 * @throws RangeError for counts or a seed out of range; SidikError FILE_UNWRITABLE, MODEL_MISSING; the signal's reason when aborted
 */
export async function writeSyntheticGallery(path: string, options: SyntheticGalleryOptions): Promise<void> {
  const { templates, probes = 0, probesPath, seed, onProgress, signal } = options
  if (!Number.isInteger(templates) || templates < 1 || templates > 0xffffffff) {
    throw new RangeError(`templates: an integer from 1 to 2^32 - 1, not ${templates}`)
  }
  if (!Number.isInteger(probes) || probes < 0 || probes > templates) {
    throw new RangeError(`probes: an integer from 0 to the ${templates} templates, not ${probes}`)
  }
  if (probes > 0 && probesPath === undefined) throw new RangeError('probesPath: where the probes go')
  requireIndex('seed', seed)
  // For what it throws: an error of a worker's loses its code.
  loadTemplateModel()
  const threads = threadCount(options.threads)
  let done = 0
  const write = async (file: string, count: number, more: Pick<BlockPlan, 'probes'>) => {
    const plans = plansOf(seed, count, more)
    const blocks = async function* () {
      signal?.throwIfAborted()
      let next = 0
      for await (const block of syntheticBlocks(plans, threads)) {
        signal?.throwIfAborted()
        yield block
        done += plans[next++].count
        onProgress?.(done, templates + probes)
      }
    }
    await writeGalleryBlocks(file, blocks(), count)
  }
  if (probes > 0) await write(probesPath!, probes, { probes: { all: probes, templates } })
  await write(path, templates, {})
}

function plansOf(seed: number, count: number, more: Pick<BlockPlan, 'probes'>): BlockPlan[] {
  return Array.from({ length: Math.ceil(count / BLOCK_ENTRIES) }, (_, i) => {
    const first = i * BLOCK_ENTRIES
    return { seed, first, count: Math.min(BLOCK_ENTRIES, count - first), ...more }
  })
}
