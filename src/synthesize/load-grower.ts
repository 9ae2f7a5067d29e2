import { readFileSync } from 'node:fs'
import { compileCore, Grower } from '../core/grower.js'

let grower: Grower | undefined

/** The grower of this thread, made at first use. */
export function loadGrower(): Grower {
  grower ??= new Grower(compileCore(readFileSync(new URL('../core/release.wasm', import.meta.url))))
  return grower
}
