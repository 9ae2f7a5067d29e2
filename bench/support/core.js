/** The release build of the core, for what is measured without an engine around it. */
import { readFileSync } from 'node:fs'

export function loadCoreModule() {
  return new WebAssembly.Module(readFileSync(new URL('../../dist/core/release.wasm', import.meta.url)))
}
