import type { IndexPlan } from '../core/segment-indexes.js'
import { SidikError } from '../errors.js'
import type { SearchSet } from '../identify/fields.js'
import type { Shard } from './shards.js'

/**
 * Has the workers build what the indexes of a gallery lack. While one is built, searches go on with the former, or without;
 * where there is no room for one, they go on without.
 */
export class Indexer {
  readonly #set: SearchSet
  #running: Promise<void> | undefined

  constructor(set: SearchSet) {
    this.#set = set
  }

  /** Begins in the background, one index at a time, so that searches need not wait in line. */
  begin(): void {
    // Whoever searches meets the error that ended it.
    this.#run(1).catch(() => {})
  }

  /** Builds with all workers; resolves when nothing is lacking. */
  async finish(): Promise<void> {
    await this.#running?.catch(() => {})
    await this.#run(this.#set.pool.threads)
  }

  #run(workers: number): Promise<void> {
    this.#running ??= this.#build(workers).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #build(workers: number): Promise<void> {
    const queue = this.#set.shards.flatMap(shard => shard.memory.lackingIndexes.map(segment => ({ shard, segment })))
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await this.#buildOne(next.shard, next.segment)
    }
    await Promise.all(Array.from({ length: workers }, work))
  }

  async #buildOne({ memory, seats }: Shard, segment: number): Promise<void> {
    const { pool, readers, open } = this.#set
    // A reader: no record that the index is being built from is given back meanwhile.
    const entered = readers.enter()
    let plan: IndexPlan | undefined
    try {
      plan = memory.planIndex(segment)
      if (plan === undefined) return
      const { pointer: index, networkVersion } = plan
      const seat = await seats.take()
      try {
        const task = {
          memoryId: memory.id,
          seat,
          pointers: memory.pointers(0, seat),
          open: open(),
          index,
          networkVersion,
        }
        await pool.runInGallery('index', task, memory.memory)
      } finally {
        seats.leave(seat)
      }
      readers.whenUnseen(memory.publishIndex(plan))
    } catch (error) {
      if (plan !== undefined) memory.abandonIndex(plan)
      throw error instanceof SidikError ? error : new SidikError('CORE_FAILED', String(error), { cause: error })
    } finally {
      readers.leave(entered)
    }
  }
}
