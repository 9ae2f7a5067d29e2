import { untilAborted } from '../until-aborted.js'
import type { SearchSet } from './fields.js'

/**
 * Templates that a worker describes in one task. At some 60 us each (0.2 ms with 80 minutiae) it
 * ends within 10 ms or so, which is how long a search beside it waits for that worker, and how long
 * a worker goes on after an abort.
 */
const DESCRIBED_AT_ONCE = 128

/** Time between two reports of progress. */
export const PROGRESS_MS = 50

export interface DescriptionProgress {
  /** Templates whose geometric codes are yet to be made. */
  readonly undescribed: number
}

export interface DescriptionDemand {
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: DescriptionProgress) => void) | undefined
}

/** Has all templates of a set described, for probes without learned codes. */
export async function describeAll(set: SearchSet, { signal, onProgress }: DescriptionDemand): Promise<void> {
  const entered = set.readers.enter()
  let stopped = false
  let failure: { readonly error: unknown } | undefined
  const report = () => {
    try {
      onProgress?.({ undescribed: countUndescribed(set, 0) })
    } catch (error) {
      failure ??= { error }
    }
  }
  const timer = onProgress && setInterval(report, PROGRESS_MS)
  const described = describeSet(set, 0, () => stopped || failure !== undefined).finally(() => {
    clearInterval(timer)
    set.readers.leave(entered)
  })
  await untilAborted(described, signal, () => {
    stopped = true
  })
  report()
  if (failure !== undefined) throw failure.error
}

/**
 * Count of templates without the geometric codes by which a probe of this network (0: of none) is
 * compared with them.
 */
export function countUndescribed({ shards }: SearchSet, networkVersion: number): number {
  return shards.reduce((sum, { memory }) => sum + memory.geometry.lacking(networkVersion), 0)
}

/**
 * Has the workers make the geometric codes that the templates of a set lack, of all that are there
 * at the call. The caller is a reader of the set until this has ended. Several may run at once, and
 * share the work.
 *
 * @param stopped asked before each task: whether to end early
 * @throws SidikError GALLERY_FULL when there is no room for all the codes: then none is made
 */
export async function describeSet(set: SearchSet, networkVersion: number, stopped: () => boolean): Promise<void> {
  for (const { memory } of set.shards) memory.geometry.assertRoom(networkVersion)
  const ends = set.shards.map((_, index) => set.directory.slotCount(index))
  let failed = false
  const work = async () => {
    try {
      for (const [index, end] of ends.entries())
        while (!failed && !stopped() && (await describeSome(set, index, end, networkVersion)));
    } catch (error) {
      failed = true
      throw error
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: set.pool.threads }, work))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
}

/** Has a worker describe a few templates in slots below `end` of a shard; whether there were any to describe. */
async function describeSome(set: SearchSet, index: number, end: number, networkVersion: number): Promise<boolean> {
  const { memory, seats } = set.shards[index]
  const seat = await seats.take()
  try {
    const slots = memory.geometry.give(networkVersion, end, DESCRIBED_AT_ONCE)
    if (slots.length === 0) return false
    const task = { memoryId: memory.id, seat, pointers: memory.pointers(0, seat), open: set.open(), slots }
    await set.pool.runInGallery('describe', task, memory.memory)
    return true
  } finally {
    seats.leave(seat)
  }
}
