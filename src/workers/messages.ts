import { type CoreMemory, coreFailed, isCoreFailure } from '../core/compile.js'
import type { SearchPointers } from '../core/gallery-memory.js'
import type { Network } from '../core/network.js'
import type { Survivors } from '../core/searcher.js'
import type { IndexPlan } from '../core/segment-indexes.js'
import { type ErrorCode, SidikError } from '../errors.js'
import type { ExtractedPrint } from '../extract.js'
import type { OwnImage } from '../image/own-image.js'
import type { LoadedCore } from '../node/core-file.js'
import type { GrayImage } from '../types.js'

/**
 * What main thread and workers say to each other. Images and templates are moved, memories shared,
 * nothing else big.
 */

/** Given to every worker when it starts. */
export interface WorkerSetup {
  readonly core: LoadedCore
  readonly network: Network
}

export interface ImageTask {
  /** As it came: workers decode. */
  readonly image: OwnImage
  /** Set to 1 by the caller to have the task skipped when its turn comes. */
  readonly cancelled?: Int32Array
}

export interface ExtractTask extends ImageTask {
  readonly classical: boolean
}

/** Which memory of a gallery a task is about. */
export interface MemoryTask {
  readonly memoryId: number
  /**
   * Only for a worker that has asked for it: V8 keeps a few bytes for every shared memory that a thread ever received, so
   * that one in each task grew a worker by 9 MB in a million searches.
   */
  readonly memory?: CoreMemory
  /** Memories of galleries that still exist: a worker forgets all others. */
  readonly open: readonly number[]
}

/** The same, and which of its scratch areas the worker has for itself meanwhile. */
export interface GalleryTask extends MemoryTask {
  readonly seat: number
  readonly pointers: SearchPointers
}

/** Of the bytes from one address to before another. */
export interface WarmTask extends MemoryTask {
  readonly first: number
  readonly last: number
}

export interface ScanTask extends GalleryTask {
  /** Address of each segment's index, 0 where there is none. */
  readonly indexes: readonly number[]
  /** Whether half of what the indexes would be read for is enough. */
  readonly quick: boolean
}

export interface IndexTask extends GalleryTask {
  readonly plan: IndexPlan
}

/** Of some slots alone. */
export interface SlotsTask extends GalleryTask {
  readonly slots: Uint32Array
}

export interface RescoreTask extends SlotsTask {
  /** Address of the probe that each slot is compared with; those of one probe stand together. */
  readonly probes: Uint32Array
}

export interface ForgetTask {
  readonly open: readonly number[]
}

/** Each task by the name of the worker's function: what it is given and what it answers. */
export interface Tasks {
  extract: { task: ExtractTask; answer: ExtractedPrint | undefined }
  decode: { task: ImageTask; answer: GrayImage | undefined }
  encodeWsq: { task: ImageTask; answer: Uint8Array<ArrayBuffer> | undefined }
  index: { task: IndexTask; answer: undefined }
  scan: { task: ScanTask; answer: { scanned: Survivors; screened: Survivors } }
  describe: { task: SlotsTask; answer: undefined }
  screen: { task: SlotsTask; answer: Survivors }
  rescore: { task: RescoreTask; answer: Float32Array }
  warm: { task: WarmTask; answer: undefined }
  forget: { task: ForgetTask; answer: undefined }
  /** Version of the package that the script is from. */
  version: { task: undefined; answer: string }
}

/** Errors cross as code and message: cloning an Error would lose its class and its code. */
export type Reply<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
  | MemoryNeeded

/** The worker has not met this memory: the task was not begun and is to be given again with the memory. */
export interface MemoryNeeded {
  readonly ok: false
  readonly needs: 'memory'
}

/**
 * The answer of `work`, or the error about data that it ended in. When the core itself stopped, `discard` is called to
 * give up the instance that it stopped in. Any other error is a defect and is thrown on.
 */
export function reply<T>(work: () => T, discard: () => void): Reply<T> {
  try {
    return { ok: true, answer: work() }
  } catch (error) {
    return refusal(error, discard)
  }
}

/** The same of work that waits for something. */
export async function laterReply<T>(work: () => Promise<T>, discard: () => void): Promise<Reply<T>> {
  try {
    return { ok: true, answer: await work() }
  } catch (error) {
    return refusal(error, discard)
  }
}

function refusal(error: unknown, discard: () => void): Reply<never> {
  if (error instanceof SidikError) return { ok: false, code: error.code, message: error.message }
  if (!isCoreFailure(error)) throw error
  discard()
  return { ok: false, code: 'CORE_FAILED', message: coreFailed(error).message }
}

/** The answer, or the error thrown anew on this side. */
export function answerOf<T>(given: Reply<T>): T {
  if (given.ok) return given.answer
  if (needsMemory(given)) throw new TypeError('a task in a gallery was given without its memory')
  throw new SidikError(given.code, given.message)
}

export function needsMemory<T>(given: Reply<T>): given is MemoryNeeded {
  return !given.ok && 'needs' in given
}
