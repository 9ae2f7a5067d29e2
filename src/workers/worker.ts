import { workerData } from 'node:worker_threads'
import { Extractor } from '../core/extractor.js'
import { Matcher } from '../core/matcher.js'
import { SearchLane } from '../core/search-lane.js'
import { Searcher } from '../core/searcher.js'
import { extractPrint } from '../extract.js'
import { threadMs } from '../node/thread-clock.js'
import { type GalleryTask, type Reply, reply, type Tasks, type WorkerSetup } from './messages.js'

/** What runs in a worker thread: one exported function a task, named as in {@link Tasks}. */

const { module } = workerData as WorkerSetup

let extractor: Extractor | undefined
let matcher: Matcher | undefined

/** Searchers by gallery and seat, made when first needed. */
const galleries = new Map<number, Map<number, Searcher>>()

export function extract({ image, cancelled }: Tasks['extract']['task']): Reply<Tasks['extract']['answer']> {
  return reply(
    () => {
      if (cancelled !== undefined && Atomics.load(cancelled, 0) === 1) return undefined
      extractor ??= new Extractor(module)
      matcher ??= new Matcher(module)
      const startedMs = threadMs()
      return { ...extractPrint(extractor, matcher, image), extractMs: threadMs() - startedMs }
    },
    () => {
      extractor = undefined
      matcher = undefined
    },
  )
}

/** Takes slices of the search until none are left. */
export function screen(task: Tasks['screen']['task']): Reply<Tasks['screen']['answer']> {
  return withSearcher(task, searcher => {
    const { probe, table, control } = task.pointers
    const lane = new SearchLane(task.memory, control)
    // What a task left there that ended in an error.
    searcher.takeTop()
    for (let slice = lane.takeSlice(); slice !== undefined; slice = lane.takeSlice()) {
      searcher.screen(probe, table, slice.first, slice.last)
      lane.finishSlice(slice)
    }
    return searcher.takeTop()
  })
}

export function rescore(task: Tasks['rescore']['task']): Reply<Tasks['rescore']['answer']> {
  return withSearcher(task, searcher => searcher.rescore(task.pointers.probe, task.pointers.table, task.slots))
}

export function forget({ open }: Tasks['forget']['task']): Reply<Tasks['forget']['answer']> {
  for (const gallery of galleries.keys()) if (!open.includes(gallery)) galleries.delete(gallery)
  return { ok: true, answer: undefined }
}

function withSearcher<T>(task: GalleryTask, work: (searcher: Searcher) => T): Reply<T> {
  const { gallery, seat, memory, pointers } = task
  forget(task)
  const searchers = galleries.get(gallery) ?? new Map<number, Searcher>()
  galleries.set(gallery, searchers)
  return reply(
    () => {
      const known = searchers.get(seat)
      const searcher = known ?? new Searcher(module, memory, pointers.scratch)
      if (known === undefined) searchers.set(seat, searcher)
      return work(searcher)
    },
    () => searchers.delete(seat),
  )
}
