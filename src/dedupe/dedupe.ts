import { DedupeState } from '../node/dedupe-state.js'
import { programVersion } from '../node/program-version.js'
import { digestOf } from './digest.js'
import type { Stretch } from './findings.js'
import { groupsOf } from './groups.js'
import { Journal } from './journal.js'
import { merge } from './merge.js'
import type { DedupeDemand } from './options.js'
import { countPersons, personPairsOf } from './person-pairs.js'
import { ProgressReport } from './progress-report.js'
import { type DedupeReport, pairsAmong, reportOf } from './report.js'
import type { DedupeSet } from './set.js'
import { sweep } from './sweep.js'

export interface DedupeResult extends DedupeReport {
  /** Templates whose searches were read from the state, not made. */
  readonly resumed: number
  readonly elapsedMs: number
}

/** Searches a set of templates for each of them, and reports which are of one finger. */
export async function dedupe(set: DedupeSet, demand: DedupeDemand): Promise<DedupeResult> {
  const startedMs = performance.now()
  const { signal, exhaustive } = demand
  const { ids } = set
  const digest = await digestOf(set, signal).finally(() => set.letGo())
  const minScore = demand.leastScore(pairsAmong(ids.length))
  const run = { size: ids.length, digest, minScore, exhaustive, program: programVersion() }
  const state = demand.state === undefined ? undefined : await DedupeState.open(demand.state, run)
  const stretches: Stretch[] = [...(state?.stretches ?? [])]
  const resumed = stretches.at(-1)?.to ?? 0
  const progress = new ProgressReport(demand.onProgress, resumed, ids.length)
  const journal = state && new Journal(state)
  const accept = async (stretch: Stretch) => {
    stretches.push(stretch)
    progress.update(stretch.to)
    // A state is of the whole set: from when some has gone, what is found goes into the report alone.
    if (set.whole) await journal?.add(stretch)
  }
  try {
    if (!exhaustive && resumed < ids.length) await set.buildIndex()
    signal?.throwIfAborted()
    try {
      await sweep(set, resumed, { minScore, exhaustive, signal }, accept)
    } catch (error) {
      await journal?.flush().catch(() => {})
      throw error
    }
    await journal?.flush()
  } finally {
    await state?.close()
  }
  const facts = { digest, exhaustive, minScore, ids, holds: (id: string) => set.holds(id) }
  const found = reportOf(merge(stretches, ids.length), facts)
  const personPairs = await personPairsOf(set, found.pairs, signal)
  const report = { ...found, persons: countPersons(set), personPairs, personGroups: groupsOf(personPairs) }
  progress.end()
  return { ...report, resumed, elapsedMs: performance.now() - startedMs }
}
