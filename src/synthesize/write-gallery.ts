import type { SnapshotEntry } from '../gallery/snapshot.js'
import { writeGalleryFile } from '../node/gallery-file.js'
import { requireIndex } from './master.js'
import { syntheticProbe, syntheticTemplate } from './synthetic-template.js'
import type { ProbeDifficulty } from './touch-draw.js'

/** In the order in which probes take turns. */
export const PROBE_DIFFICULTIES: readonly ProbeDifficulty[] = ['clean', 'typical', 'poor']

/** Templates that are made between two looks at the signal and two reports of progress. */
const STEP = 256

export interface SyntheticGalleryOptions {
  /** How many fingers: 1 or more. */
  readonly templates: number
  /** How many of them are probed too, spread evenly; none unless given, at most as many as there are templates. */
  readonly probes?: number
  /** Where the probes go: a gallery file too. Required with `probes`. */
  readonly probesPath?: string
  /** Of the population: an integer from 0 to 2^32 - 1. */
  readonly seed: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Under which id finger `index` is in a synthetic gallery, and its probe of a difficulty in the file of probes. */
export function syntheticId(seed: number, index: number, difficulty?: ProbeDifficulty): string {
  const finger = `synthetic-${seed}/${index}`
  return difficulty === undefined ? finger : `${finger}/${difficulty}`
}

/**
 * Writes a gallery file of synthetic templates, fingers 0 and up (see {@link syntheticTemplate}), and one of probes. Probe k of m
 * is of finger floor(k n / m), its difficulty clean, typical and poor in turn; {@link syntheticId} gives the ids. Holds a block of
 * templates in memory at a time. Each path is the whole file or what it was before; the probes' is written first.
 *
 * @throws RangeError for counts or a seed out of range; SidikError FILE_UNWRITABLE; the signal's reason when aborted
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
  let done = 0
  const step = () => {
    if (done++ % STEP > 0) return
    signal?.throwIfAborted()
    onProgress?.(done - 1, templates + probes)
  }
  if (probes > 0) {
    await writeGalleryFile(
      probesPath!,
      entries(probes, k => probeEntry(seed, k, probes, templates), step),
      probes,
    )
  }
  await writeGalleryFile(
    path,
    entries(templates, i => ({ id: syntheticId(seed, i), template: syntheticTemplate(seed, i) }), step),
    templates,
  )
  onProgress?.(templates + probes, templates + probes)
}

function* entries(count: number, make: (i: number) => SnapshotEntry, step: () => void): Generator<SnapshotEntry> {
  for (let i = 0; i < count; i++) {
    step()
    yield make(i)
  }
}

function probeEntry(seed: number, k: number, probes: number, templates: number): SnapshotEntry {
  const index = Math.floor((k * templates) / probes)
  const difficulty = PROBE_DIFFICULTIES[k % PROBE_DIFFICULTIES.length]
  return { id: syntheticId(seed, index, difficulty), template: syntheticProbe(seed, index, difficulty) }
}
