import { Piscina } from 'piscina'
import { type BlockPlan, syntheticBlock } from '../synthesize/synthetic-block.js'

const WORKER_FILE = new URL('./block-entry.cjs', import.meta.url).href

/** Blocks under way for each thread, so that none waits while one is written. */
const AHEAD = 2

/**
 * The blocks of these plans in their order, made by so many worker threads; of one plan alone, by this thread: starting others
 * would take longer.
 */
export async function* syntheticBlocks(plans: readonly BlockPlan[], threads: number): AsyncGenerator<Uint8Array> {
  if (plans.length <= 1) {
    yield* plans.map(syntheticBlock)
    return
  }
  const piscina = new Piscina({ filename: WORKER_FILE, minThreads: threads, maxThreads: threads, recordTiming: false })
  const waiting: Promise<Uint8Array>[] = []
  const start = (plan: BlockPlan | undefined) => {
    if (plan === undefined) return
    const block: Promise<Uint8Array> = piscina.run(plan)
    // Whoever comes to it meets its error; nobody does when the file could not be written.
    block.catch(() => {})
    waiting.push(block)
  }
  try {
    for (const plan of plans.slice(0, AHEAD * threads)) start(plan)
    for (let next = waiting.length; waiting.length > 0; next++) {
      const block = await waiting.shift()!
      start(plans[next])
      yield block
    }
  } finally {
    await piscina.destroy()
  }
}
