import { readFile } from 'node:fs/promises'
import { type CoreModule, compileCore } from '../core/compile.js'
import { SidikError } from '../errors.js'

/** Where the build puts the core. */
export const CORE_FILE = new URL('../core/release.wasm', import.meta.url)

let shared: Promise<CoreModule> | undefined

/** The core as installed, compiled at the first call and then the same for every engine of the process. */
export function loadCore(): Promise<CoreModule> {
  shared ??= loadCoreFrom(CORE_FILE).catch(error => {
    shared = undefined
    throw error
  })
  return shared
}

/**
 * The core from `file`, compiled anew.
 *
 * @throws SidikError CORE_MISSING when it is absent, truncated or something else
 */
export async function loadCoreFrom(file: URL | string): Promise<CoreModule> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = await readFile(file)
  } catch (cause) {
    const message = `the WebAssembly core ${file} cannot be read: reinstall sidik, or run 'npm run build' in a checkout`
    throw new SidikError('CORE_MISSING', message, { cause })
  }
  return compileCore(bytes, `the WebAssembly core ${file}`)
}
