import { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { LANE_BYTES } from '../../dist/core/search-lane.js'
import { Gallery } from '../../dist/gallery/gallery.js'
import { RELEASE } from '../core-targets.js'
import { poolOf } from './pool.js'

/** What workers do in a gallery, by the name of the task. */
export type GalleryWork = 'describe' | 'scan'

/** Enough for a worker to begin, also on a machine that is busy. */
const BEGINS_WITHIN_MS = 10_000

/** A gallery whose changes can be made while a worker is in the middle of a task. */
export interface RacingGallery {
  readonly gallery: Gallery
  readonly memory: GalleryMemory
  /**
   * Makes `changes`, a step at a time, when the worker is seen in the middle of the next such task.
   * The count of steps made before that task had ended is then in {@link overlapped}.
   */
  during(work: GalleryWork, changes: Iterable<unknown>): void
  /** Undefined while no task was met in its middle: on a machine that is busy it may have ended before one looks. */
  readonly overlapped: () => number | undefined
  /** Starts the workers. An only one knows the gallery then, and begins a task as soon as it is given one. */
  warm(): Promise<void>
  close(): Promise<void>
}

export function racingGallery(threads: number): RacingGallery {
  let memory: GalleryMemory | undefined
  let waiting: { work: GalleryWork; changes: Iterable<unknown> } | undefined
  let steps: number | undefined
  const pool = poolOf(threads)
  const run = pool.runInGallery.bind(pool)
  pool.runInGallery = async (name, task, shared) => {
    const underWay = run(name, task, shared)
    if (waiting?.work !== name) return underWay
    // The task is posted by promises that are settled already: before anything else comes in.
    for (let turn = 0; turn < 5; turn++) await undefined
    const watched = watch(name, task as never, memory!)
    // Nothing that this thread awaits goes on until the changes are made, but the worker does.
    const until = performance.now() + BEGINS_WITHIN_MS
    while (!watched.begun()) if (performance.now() > until) throw new Error(`no worker began to ${name}`)
    if (watched.ended()) return underWay
    const { changes } = waiting
    waiting = undefined
    steps = 0
    for (const _ of changes) if (!watched.ended()) steps++
    return underWay
  }
  const gallery = new Gallery({
    maxBytes: 2 ** 28,
    createMemory: maxBytes => {
      memory = new GalleryMemory(1, RELEASE, maxBytes, threads)
      return memory
    },
    pool,
    open: () => [1],
    release: () => {},
  })
  return {
    gallery,
    memory: memory!,
    during: (work, changes) => {
      waiting = { work, changes }
      steps = undefined
    },
    overlapped: () => steps,
    warm: () => run('warm', { memoryId: 1, open: [1], first: 0, last: 0 }, memory!.memory),
    close: () => pool.close(),
  }
}

/** How far a task is, seen in the memory that is shared with its worker. */
function watch(name: GalleryWork, task: { slots: Uint32Array; pointers: { control: number } }, memory: GalleryMemory) {
  if (name === 'scan') {
    const [next, end, , searched] = [0, 1, 2, 3]
    const words = new Int32Array(memory.memory.buffer, task.pointers.control, LANE_BYTES / 4)
    return {
      begun: () => Atomics.load(words, next) > 0,
      ended: () => Atomics.load(words, searched) >= Atomics.load(words, end),
    }
  }
  const described = (slot: number) =>
    new DataView(memory.memory.buffer).getUint16(memory.pointerAt(slot) + 2, true) === 1
  const [first, last] = [task.slots[0], task.slots[task.slots.length - 1]]
  return { begun: () => described(first), ended: () => described(last) }
}
