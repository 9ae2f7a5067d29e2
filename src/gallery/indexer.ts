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
    while (await this.#buildSome(workers));
  }

  /**
   * In each memory one index by itself, then the others: these take its centres over, however many workers there are. Those of another
   * network wait for the next time. Whether any was built.
   */
  async #buildSome(workers: number): Promise<boolean> {
    let some = false
    const queue: { shard: Shard; segment: number }[] = []
    for (const shard of this.#set.shards) {
      const lacking = shard.memory.lackingIndexes
      for (let built = false; !built && lacking.length > 0; some ||= built)
        built = await this.#buildOne(shard, lacking.shift()!, true)
      queue.push(...lacking.map(segment => ({ shard, segment })))
    }
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await this.#buildOne(next.shard, next.segment, false)
    }
    await Promise.all(Array.from({ length: workers }, work))
    return some
  }

  /** Whether there was room for it, and something to index. */
  async #buildOne({ memory, seats }: Shard, segment: number, alone: boolean): Promise<boolean> {
    const { pool, readers, open } = this.#set
    // A reader: no record that the index is being built from is given back meanwhile.
    const entered = readers.enter()
    let plan: IndexPlan | undefined
    try {
      plan = memory.planIndex(segment, alone)
      if (plan === undefined) return false
      const seat = await seats.take()
      try {
        const task = {
          memoryId: memory.id,
          seat,
          pointers: memory.pointers(0, seat),
          open: open(),
          plan,
        }
        await pool.runInGallery('index', task, memory.memory)
      } finally {
        seats.leave(seat)
      }
      readers.whenUnseen(memory.publishIndex(plan))
      return true
    } catch (error) {
      if (plan !== undefined) memory.abandonIndex(plan)
      throw error instanceof SidikError ? error : new SidikError('CORE_FAILED', String(error), { cause: error })
    } finally {
      readers.leave(entered)
    }
  }
}
