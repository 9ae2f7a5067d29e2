import { loadCore } from '#core'
import { coreFailed, isCoreFailure } from '../../core/compile.js'
import { WsqCore } from '../../core/wsq-core.js'

/** What is kept for the next image: enough for 2,000 x 2,000 px, so that one huge image does not hold its memory for ever. */
const KEPT_BYTES = 64 * 1024 * 1024

let kept: WsqCore | undefined

/**
 * Does `work`, which does not wait for anything, with the core's part of WSQ: one instance a thread, made at the first call.
 *
 * @throws SidikError CORE_MISSING, CORE_FAILED, and what `work` throws
 */
export async function withWsqCore<T>(work: (core: WsqCore) => T): Promise<T> {
  const module = await loadCore()
  const core = kept ?? new WsqCore(module)
  kept = undefined
  try {
    const result = work(core)
    if (core.memoryBytes <= KEPT_BYTES) kept = core
    return result
  } catch (error) {
    if (isCoreFailure(error)) throw coreFailed(error)
    if (core.memoryBytes <= KEPT_BYTES) kept = core
    throw error
  }
}
