import { findSets } from '../evaluate/dataset.js'
import { extractSets } from '../evaluate/extract-sets.js'
import type { EvaluationEngine } from '../evaluate/report.js'
import { turnsOf } from '../evaluate/turns.js'
import { syntheticId, syntheticProbe } from '../synthesize/index.js'
import type { Template } from '../types.js'
import type { ProbeKind } from './figures.js'

/** A template whose mate is in the gallery under this id. */
export interface Probe {
  readonly mate: string
  readonly template: Template
}

/** Synthetic probes of one difficulty, of fingers that are spread over the gallery. */
export function syntheticProbes(
  kind: Exclude<ProbeKind, 'given'>,
  { fingers, seed, count }: { readonly fingers: number; readonly seed: number; readonly count: number },
): Probe[] {
  return probedFingers(fingers, count).map(index => {
    return { mate: syntheticId(seed, index), template: syntheticProbe(seed, index, kind) }
  })
}

/** Indices of the fingers that `count` probes are of. */
export function probedFingers(fingers: number, count: number): number[] {
  const probed = Math.min(count, fingers)
  return Array.from({ length: probed }, (_, k) => Math.floor((fingers * k) / probed))
}

/** Prints of a folder: the first impression of each finger is for the gallery, the others search for it. */
export interface GivenPrints {
  readonly enrolled: readonly { readonly id: string; readonly template: Template }[]
  readonly probes: readonly Probe[]
}

/**
 * Extracts a folder of prints named <finger>_<impression>, or of such folders.
 *
 * @throws as findSets and extractSets
 */
export async function givenPrints(
  engine: EvaluationEngine,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<GivenPrints> {
  const sets = await findSets(folder)
  const options = signal === undefined ? {} : { signal }
  const [extracted] = await extractSets(engine, sets, turnsOf(sets, options), options)
  const enrolled = new Map<string, Template>()
  const probes: Probe[] = []
  sets.forEach(({ name, prints }, s) => {
    prints.forEach(({ finger }, p) => {
      const { template } = extracted[s][p]
      const id = `given/${name}/${finger}`
      if (template === null) return
      if (enrolled.has(id)) probes.push({ mate: id, template })
      else enrolled.set(id, template)
    })
  })
  return { enrolled: Array.from(enrolled, ([id, template]) => ({ id, template })), probes }
}

/** At most `count` of them, evenly spread. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  return probedFingers(items.length, count).map(i => items[i])
}
