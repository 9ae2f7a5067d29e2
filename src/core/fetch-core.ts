import { SidikError } from '../errors.js'
import { type CoreModule, compileCore } from './compile.js'

let shared: Promise<CoreModule> | undefined

/**
 * The core from beside this file, fetched and compiled at the first call: where there are no files (package.json, imports).
 *
 * @throws SidikError CORE_MISSING when it is absent, truncated or something else
 */
export function loadCore(): Promise<CoreModule> {
  shared ??= fetchCore().catch(error => {
    shared = undefined
    throw error
  })
  return shared
}

async function fetchCore(): Promise<CoreModule> {
  const address = new URL('./release.wasm', import.meta.url)
  let bytes: ArrayBuffer
  try {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`status ${response.status}`)
    bytes = await response.arrayBuffer()
  } catch (cause) {
    throw new SidikError(
      'CORE_MISSING',
      `the WebAssembly core ${address} cannot be fetched: serve it beside its modules`,
      {
        cause,
      },
    )
  }
  return compileCore(new Uint8Array(bytes), `the WebAssembly core ${address}`)
}
