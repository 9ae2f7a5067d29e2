import { loadCore } from '#core'
import { coreFailed, isCoreFailure } from '../../core/compile.js'
import { WsqCore } from '../../core/wsq-core.js'

let kept: WsqCore | undefined

/**
 * Does `work`, which does not wait for anything, with the core's part of WSQ: one instance a thread, made at the first call, that
 * keeps the memory of the largest image. Instances that are dropped pile up: what hangs on them counts for nothing when garbage is
 * collected (150 of 80 MB were 12 GB).
 *
 * @throws SidikError CORE_MISSING, CORE_FAILED, and what `work` throws
 */
export async function withWsqCore<T>(work: (core: WsqCore) => T): Promise<T> {
  const module = await loadCore()
  kept ??= new WsqCore(module)
  try {
    return work(kept)
  } catch (error) {
    if (!isCoreFailure(error)) throw error
    kept = undefined
    throw coreFailed(error)
  }
}
