import type { Engine } from '../engine.js'
import type { Gallery } from '../gallery/gallery.js'
import { syntheticId } from '../synthesize/index.js'
import type { ProbeFigures, ProbeKind, SearchBenchFigures } from './figures.js'
import { measureKind } from './measure.js'
import { type GivenPrints, type Probe, probedFingers, spread, syntheticProbes } from './probes.js'
import { openSyntheticGallery } from './synthetic-gallery.js'

export interface SearchBenchPlan {
  readonly fingers: number
  readonly seed: number
  /** Of each kind. */
  readonly probes: number
  /** Where galleries are kept for the next time. */
  readonly folder: string
  /** Prints to hide among the synthetic ones and to search for. */
  readonly given?: GivenPrints
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: BenchPhase, done: number, total: number) => void
}

export type BenchPhase = 'making' | 'searching'

const DIFFICULTIES = ['clean', 'typical', 'poor'] as const

/** Makes or opens a gallery of synthetic fingers, and searches it for synthetic probes and for those given. */
export async function benchSearch(engine: Engine, plan: SearchBenchPlan): Promise<SearchBenchFigures> {
  const { fingers, seed, folder, signal, onProgress, given } = plan
  const { gallery, ...opened } = await openSyntheticGallery(engine, {
    fingers,
    seed,
    folder,
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (done, total) => onProgress('making', done, total) }),
  })
  try {
    signal?.throwIfAborted()
    hide(gallery, plan)
    const bytesPerFinger = gallery.bytes / gallery.size
    const startedMs = performance.now()
    await gallery.buildIndex()
    const indexMs = performance.now() - startedMs
    const bytesPerFingerWithIndex = gallery.bytes / gallery.size
    return {
      fingers: gallery.size,
      given: given?.enrolled.length ?? 0,
      threads: engine.threads,
      seed,
      gallery: { ...opened, indexMs, bytesPerFinger, bytesPerFingerWithIndex },
      kinds: await measureKinds(gallery, plan),
    }
  } finally {
    gallery.close()
  }
}

/** Puts the given prints in the place of synthetic ones all over the gallery that nothing is going to search for. */
function hide(gallery: Gallery, { fingers, seed, probes, given }: SearchBenchPlan): void {
  const enrolled = given?.enrolled ?? []
  const wanted = new Set(probedFingers(fingers, probes))
  enrolled.forEach(({ id, template }, k) => {
    let index = Math.floor((fingers * (k + 0.5)) / enrolled.length)
    while (index < fingers && (wanted.has(index) || !gallery.has(syntheticId(seed, index)))) index++
    if (index < fingers) gallery.remove(syntheticId(seed, index))
    gallery.insert(id, template)
  })
}

async function measureKinds(gallery: Gallery, plan: SearchBenchPlan): Promise<ProbeFigures[]> {
  const { signal, onProgress } = plan
  const kinds = probesOf(plan)
  const searches = 2 * kinds.reduce((sum, { probes }) => sum + probes.length, 0)
  let done = 0
  const onSearch = () => onProgress?.('searching', ++done, searches)
  const figures: ProbeFigures[] = []
  for (const { kind, probes } of kinds) {
    figures.push(await measureKind(gallery, kind, probes, { onSearch, ...(signal && { signal }) }))
  }
  return figures
}

function probesOf({ fingers, seed, probes: count, given }: SearchBenchPlan): { kind: ProbeKind; probes: Probe[] }[] {
  const kinds: { kind: ProbeKind; probes: Probe[] }[] = DIFFICULTIES.map(kind => {
    return { kind, probes: syntheticProbes(kind, { fingers, seed, count }) }
  })
  const own = spread(given?.probes ?? [], count)
  if (own.length > 0) kinds.push({ kind: 'given', probes: own })
  return kinds
}
