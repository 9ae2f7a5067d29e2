import { readFileSync } from 'node:fs'
import { type CoreModule, compileCore } from '../core/compile.js'
import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'
import { REMEDY, shippedFile } from './shipped-file.js'

/** Where the build puts the core. */
export const CORE_FILE = shippedFile('dist/core/release.wasm')

export interface LoadedCore {
  readonly module: CoreModule
  /** CRC-32 of the bytes that were compiled. */
  readonly crc32: number
}

let shared: LoadedCore | undefined

/** The core as installed, compiled at the first call, then the same for all of the process. Throws as {@link loadCoreFrom}. */
export function loadCore(): CoreModule {
  return loadSharedCore().module
}

/** The same with its checksum. */
export function loadSharedCore(): LoadedCore {
  shared ??= loadCoreFrom(CORE_FILE)
  return shared
}

/** Has {@link loadCore} give this one on this thread, where it has not loaded one yet. */
export function useCore(core: LoadedCore): void {
  shared ??= core
}

/**
 * The core from `file`, compiled anew.
 *
 * @throws SidikError CORE_MISSING when it is absent, truncated or something else
 */
export function loadCoreFrom(file: URL | string, remedy = REMEDY): LoadedCore {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new SidikError('CORE_MISSING', `the WebAssembly core ${file} cannot be read: ${remedy}`, { cause })
  }
  return loadCoreOf(bytes, `the WebAssembly core ${file}`, remedy)
}

/** The core in these bytes, compiled anew. Throws as {@link loadCoreFrom}. */
export function loadCoreOf(bytes: Uint8Array<ArrayBuffer>, source: string, remedy: string): LoadedCore {
  return { module: compileCore(bytes, source, remedy), crc32: crc32(bytes) }
}
