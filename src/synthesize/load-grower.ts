import { readFileSync } from 'node:fs'
import { compileCoreSync, Grower } from '../core/grower.js'
import { SidikError } from '../errors.js'

let grower: Grower | undefined

/**
 * The grower of this thread, made at first use.
 *
 * @throws SidikError CORE_MISSING when the core's file is absent or damaged
 */
export function loadGrower(): Grower {
  grower ??= new Grower(compileCoreSync(readCore(new URL('../core/release.wasm', import.meta.url))))
  return grower
}

function readCore(file: URL): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new SidikError('CORE_MISSING', `cannot read ${file.pathname}: rebuild or reinstall sidik`, { cause })
  }
}
