import type { SnapshotEntry } from '../gallery/snapshot.js'
import { encodeBlock } from '../gallery/snapshot-write.js'
import { syntheticProbe, syntheticTemplate } from './synthetic-template.js'
import type { ProbeDifficulty } from './touch-draw.js'

/** In the order in which probes take turns. */
const PROBE_DIFFICULTIES: readonly ProbeDifficulty[] = ['clean', 'typical', 'poor']

/** Entries in a row of a gallery of synthetic templates, or of its probes. */
export interface BlockPlan {
  readonly seed: number
  readonly first: number
  readonly count: number
  /** Of probes: how many there are in all, and of how many templates. */
  readonly probes?: { readonly all: number; readonly templates: number }
}

/** Under which id finger `index` is in a synthetic gallery, and its probe of a difficulty in the file of probes. */
export function syntheticId(seed: number, index: number, difficulty?: ProbeDifficulty): string {
  const finger = `synthetic-${seed}/${index}`
  return difficulty === undefined ? finger : `${finger}/${difficulty}`
}

/** A block of a gallery file. */
export function syntheticBlock(plan: BlockPlan): Uint8Array {
  return encodeBlock(Array.from({ length: plan.count }, (_, i) => entryOf(plan, plan.first + i)))
}

function entryOf({ seed, probes }: BlockPlan, k: number): SnapshotEntry {
  if (probes === undefined) return { id: syntheticId(seed, k), template: syntheticTemplate(seed, k) }
  const index = Math.floor((k * probes.templates) / probes.all)
  const difficulty = PROBE_DIFFICULTIES[k % PROBE_DIFFICULTIES.length]
  return { id: syntheticId(seed, index, difficulty), template: syntheticProbe(seed, index, difficulty) }
}
