import { loadAssets } from '../../dist/node/assets.js'
import { WorkerPool } from '../../dist/workers/pool.js'

/** A pool of the threads that an engine starts. */
export function poolOf(threads: number): WorkerPool {
  const { core, network, workerFile } = loadAssets(undefined)
  return new WorkerPool({ core, network }, threads, workerFile)
}
