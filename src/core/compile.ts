import { SidikError } from '../errors.js'
import { isWholeCore } from './core-checksum.js'

/** The compiled core: code without memory, so one serves every thread. */
export type CoreModule = WebAssembly.Module

/** A memory that threads share. */
export type CoreMemory = WebAssembly.Memory

/**
 * Compiles the core, a few milliseconds; `source` says in a message where the bytes are from,
 * `remedy` what to do.
 *
 * @throws SidikError CORE_MISSING when the bytes are not our core, or not as it was built
 */
export function compileCore(bytes: Uint8Array<ArrayBuffer>, source: string, remedy = REMEDY): CoreModule {
  let module: WebAssembly.Module
  try {
    module = new WebAssembly.Module(bytes)
  } catch (cause) {
    throw new SidikError('CORE_MISSING', `${source} is not a whole WebAssembly module: ${remedy}`, { cause })
  }
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === 'LAYOUT_VERSION')) {
    throw new SidikError('CORE_MISSING', `${source} is a WebAssembly module, but not the core of sidik: ${remedy}`)
  }
  if (!isWholeCore(bytes)) {
    throw new SidikError('CORE_MISSING', `${source} was altered: its CRC-32 does not fit its bytes; ${remedy}`)
  }
  return module
}

const REMEDY = "reinstall sidik, or run 'npm run build' in a checkout"

/**
 * Whether the core stopped in mid-computation: a trap of the release build, or an assertion of the debug build (which
 * the loader throws as 'abort: ...'). Its scratch memory is then in no known state, so the instance is given up.
 */
export function isCoreFailure(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || (error instanceof Error && error.message.startsWith('abort: '))
}

/** What a caller is told of {@link isCoreFailure}. */
export function coreFailed(error: unknown): SidikError {
  const why = error instanceof Error ? error.message : String(error)
  const message = `the core stopped on this input (${why}) and was started anew: report the input, the engine goes on`
  return new SidikError('CORE_FAILED', message, { cause: error })
}

/**
 * The score that a core returned. One that is not finite is a failure of the core ({@link
 * isCoreFailure}), never an answer.
 */
export function finiteScore(score: number): number {
  if (!Number.isFinite(score)) throw new WebAssembly.RuntimeError(`a score is ${score}`)
  return score
}
