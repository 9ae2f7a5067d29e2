import { Grower } from '../core/grower.js'
import { loadCore } from '../node/core-file.js'

let grower: Grower | undefined

/**
 * The grower of this thread, made at first use.
 *
 * @throws SidikError CORE_MISSING when the core's file is absent or damaged
 */
export function loadGrower(): Grower {
  grower ??= new Grower(loadCore())
  return grower
}
