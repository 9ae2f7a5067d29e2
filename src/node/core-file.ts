import { readFileSync } from 'node:fs'
import { type CoreModule, compileCore } from '../core/compile.js'
import { SidikError } from '../errors.js'

/** Where the build puts the core. */
export const CORE_FILE = new URL('../core/release.wasm', import.meta.url)

let shared: CoreModule | undefined

/** The core as installed, compiled at the first call, then the same for all of the process. Throws as {@link loadCoreFrom}. */
export function loadCore(): CoreModule {
  shared ??= loadCoreFrom(CORE_FILE)
  return shared
}

/** Has {@link loadCore} give this one on this thread, where it has not loaded one yet. */
export function useCore(module: CoreModule): void {
  shared ??= module
}

/**
 * The core from `file`, compiled anew.
 *
 * @throws SidikError CORE_MISSING when it is absent, truncated or something else
 */
export function loadCoreFrom(file: URL | string): CoreModule {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    const message = `the WebAssembly core ${file} cannot be read: reinstall sidik, or run 'npm run build' in a checkout`
    throw new SidikError('CORE_MISSING', message, { cause })
  }
  return compileCore(bytes, `the WebAssembly core ${file}`)
}
