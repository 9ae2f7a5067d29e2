import { workerData } from 'node:worker_threads'
import type { CoreMemory } from '../core/compile.js'
import { countAsGarbage } from '../core/count-garbage.js'
import { Extractor } from '../core/extractor.js'
import { Matcher } from '../core/matcher.js'
import { SearchLane, type Slice } from '../core/search-lane.js'
import { Searcher } from '../core/searcher.js'
import { touchPages } from '../core/touch-pages.js'
import { extractPrint } from '../extract.js'
import { decodeOwn } from '../image/decode.js'
import { encodeWsq as wsqOf } from '../image/wsq/encode.js'
import { useCore } from '../node/core-file.js'
import { threadMs } from '../node/thread-clock.js'
import type { GrayImage } from '../types.js'
import { VERSION } from '../version.js'
import {
  type GalleryTask,
  type ImageTask,
  laterReply,
  type MemoryTask,
  type Reply,
  reply,
  type Tasks,
  type WorkerSetup,
} from './messages.js'

/** What runs in a worker thread: one exported function a task, named as in {@link Tasks}. */

const { core, network } = workerData as WorkerSetup
const { module } = core

// What decodes WSQ asks for the core as installed, which may not be where this thread's code is.
useCore(core)

let learned: Extractor | undefined
let classical: Extractor | undefined
let matcher: Matcher | undefined

/** What this thread knows of a gallery's memory: itself, and a searcher a seat, made when first needed. */
interface KnownMemory {
  readonly memory: CoreMemory
  readonly searchers: Map<number, Searcher>
}

const memories = new Map<number, KnownMemory>()

function extractorFor(byFilters: boolean): Extractor {
  if (byFilters) {
    classical ??= new Extractor(module)
    return classical
  }
  learned ??= new Extractor(module, network)
  return learned
}

export function decode(task: ImageTask): Promise<Reply<GrayImage | undefined>> {
  return laterReply(
    () => decoded(task),
    () => {},
  )
}

/** Its core's instance is given up by whatever made it. */
export function encodeWsq(task: ImageTask): Promise<Reply<Tasks['encodeWsq']['answer']>> {
  return laterReply(
    async () => {
      const image = await decoded(task)
      return image && wsqOf({ ...image, ppi: Math.round(image.ppi) })
    },
    () => {},
  )
}

/** Undefined where the task was cancelled before or meanwhile. */
async function decoded({ image, cancelled }: ImageTask): Promise<GrayImage | undefined> {
  const isCancelled = () => cancelled !== undefined && Atomics.load(cancelled, 0) === 1
  if (isCancelled()) return undefined
  const gray = await decodeOwn(image)
  return isCancelled() ? undefined : gray
}

export function extract(task: Tasks['extract']['task']): Promise<Reply<Tasks['extract']['answer']>> {
  return laterReply(
    async () => {
      const image = await decoded(task)
      if (image === undefined) return undefined
      const extractor = extractorFor(task.classical)
      matcher ??= new Matcher(module)
      const startedMs = threadMs()
      return { ...extractPrint(extractor, matcher, image), extractMs: threadMs() - startedMs }
    },
    () => {
      learned = undefined
      classical = undefined
      matcher = undefined
    },
  )
}

export function index(task: Tasks['index']['task']): Reply<Tasks['index']['answer']> {
  return withSearcher(task, searcher => {
    searcher.indexSegment(task.plan)
    return undefined
  })
}

/** Makes the geometric codes that records in some slots lack. */
export function describe(task: Tasks['describe']['task']): Reply<Tasks['describe']['answer']> {
  return withSearcher(task, searcher => {
    searcher.describeSlots(task.pointers.table, task.slots)
    return undefined
  })
}

/** Takes slices of the search until none are left. */
export function scan(task: Tasks['scan']['task']): Reply<Tasks['scan']['answer']> {
  return withSearcher(task, (searcher, memory) => {
    const { probe, table, control } = task.pointers
    const lane = new SearchLane(memory, control)
    // What a task left there that ended in an error.
    searcher.takeScanned()
    searcher.takeTop()
    searcher.beginProbe()
    const { segmentSlots } = searcher
    const effort = { indexes: task.indexes.filter(pointer => pointer > 0).length, quick: task.quick }
    // Who meets the first slice of an indexed segment searches all of it; its other slices are done with that.
    const scanSlice = ({ first, last }: Slice) => {
      const segment = Math.floor(first / segmentSlots)
      const index = task.indexes[segment] ?? 0
      if (index === 0) return searcher.scan(probe, table, first, last)
      if (first % segmentSlots > 0) return
      searcher.scanByIndex(probe, table, first, Math.min(first + segmentSlots, lane.end), index, effort)
    }
    for (let slice = lane.takeSlice(); slice !== undefined; slice = lane.takeSlice()) {
      scanSlice(slice)
      lane.finishSlice(slice)
    }
    return { scanned: searcher.takeScanned(), screened: searcher.takeTop() }
  })
}

export function screen(task: Tasks['screen']['task']): Reply<Tasks['screen']['answer']> {
  return withSearcher(task, searcher => {
    searcher.takeTop()
    searcher.screenSlots(task.pointers.probe, task.pointers.table, task.slots)
    return searcher.takeTop()
  })
}

export function rescore(task: Tasks['rescore']['task']): Reply<Tasks['rescore']['answer']> {
  const { slots, probes, pointers } = task
  return withSearcher(task, searcher => {
    const scores = new Float32Array(slots.length)
    for (let first = 0, last = 0; first < slots.length; first = last) {
      while (last < slots.length && probes[last] === probes[first]) last++
      scores.set(searcher.rescore(probes[first], pointers.table, slots.subarray(first, last)), first)
    }
    return scores
  })
}

export function forget({ open }: Tasks['forget']['task']): Reply<Tasks['forget']['answer']> {
  for (const [id, { memory }] of memories) {
    if (open.includes(id)) continue
    memories.delete(id)
    countAsGarbage(memory.buffer.byteLength)
  }
  return { ok: true, answer: undefined }
}

export function version(): Reply<Tasks['version']['answer']> {
  return { ok: true, answer: VERSION }
}

export function warm(task: Tasks['warm']['task']): Reply<Tasks['warm']['answer']> {
  const known = knownMemory(task)
  if (known === undefined) return { ok: false, needs: 'memory' }
  touchPages(known.memory, task.first, task.last)
  return { ok: true, answer: undefined }
}

function withSearcher<T>(task: GalleryTask, work: (searcher: Searcher, memory: CoreMemory) => T): Reply<T> {
  const { seat, pointers } = task
  const known = knownMemory(task)
  if (known === undefined) return { ok: false, needs: 'memory' }
  const { memory, searchers } = known
  return reply(
    () => {
      const searcher = searchers.get(seat) ?? new Searcher(module, memory, pointers.scratch)
      searchers.set(seat, searcher)
      return work(searcher, memory)
    },
    () => searchers.delete(seat),
  )
}

/** What this thread knows of the task's memory; undefined when it is yet to be given. */
function knownMemory(task: MemoryTask): KnownMemory | undefined {
  forget(task)
  return memories.get(task.memoryId) ?? meet(task)
}

function meet({ memoryId, memory }: MemoryTask): KnownMemory | undefined {
  if (memory === undefined) return undefined
  const known = { memory, searchers: new Map<number, Searcher>() }
  memories.set(memoryId, known)
  return known
}
