import { instantiateSync } from '@assemblyscript/loader'
import { SidikError } from '../errors.js'
import type { ExtractExports } from './extract-exports.js'
import type { MatchExports } from './match-exports.js'
import type { WsqExports } from './wsq-exports.js'

/** Layout of the regions this code was written for (assembly/memory.ts). */
const LAYOUT_VERSION = 9

/** Bytes at the start of every memory that belong to the compiler: one WebAssembly page. */
export const RESERVED_BYTES = 65_536

const PAGE_BYTES = 65_536

/** Most bytes of a memory: all that 32-bit addresses reach but for the last page, where NO_GEOMETRY points. */
export const MOST_MEMORY_BYTES = 2 ** 32 - PAGE_BYTES

/** What the core exports (assembly/index.ts). Pointers and sizes are bytes in the memory of the instance. */
export interface CoreExports extends ExtractExports, MatchExports, WsqExports {
  readonly LAYOUT_VERSION: WebAssembly.Global

  // Growing synthetic ridges (assembly/synthesize).
  readonly BANK_BYTES: WebAssembly.Global
  readonly ORIENTATIONS: WebAssembly.Global
  readonly PERIODS: WebAssembly.Global
  readonly PERIOD_SHORTEST: WebAssembly.Global
  readonly PERIOD_RATIO: WebAssembly.Global
  paddedBytes(widthPx: number, heightPx: number): number
  growRidges(
    image: number,
    other: number,
    widthPx: number,
    heightPx: number,
    classes: number,
    bank: number,
    rounds: number,
  ): number
}

/**
 * A shared memory that begins with the compiler's page and can grow to hold `maximumBytes` beside that (address space,
 * not memory in use: pages cost nothing until they are touched).
 *
 * @throws RangeError beyond {@link MOST_MEMORY_BYTES} in all
 */
export function createMemory(initialBytes: number, maximumBytes: number): WebAssembly.Memory {
  const bytes = RESERVED_BYTES + maximumBytes
  if (bytes > MOST_MEMORY_BYTES) throw new RangeError(`a memory has at most ${MOST_MEMORY_BYTES} bytes, asked ${bytes}`)
  return new WebAssembly.Memory({
    initial: Math.ceil((RESERVED_BYTES + initialBytes) / PAGE_BYTES),
    maximum: Math.ceil((RESERVED_BYTES + maximumBytes) / PAGE_BYTES),
    shared: true,
  })
}

/** Grows `memory` so that it holds `bytes` in all. Every view made before stays valid for the old part only. */
export function ensureBytes(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}

/**
 * An instance of the core over `memory`. The module is compiled once and shared between threads; instances over one
 * memory share neither statics nor heap, because the core has none.
 *
 * @param tap hears the number of every extraction stage that is done (assembly/tap.ts)
 * @throws SidikError CORE_MISSING when the module's layout is not the one this code was written for
 */
export function instantiateCore(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  tap: (stage: number) => void = () => {},
): CoreExports {
  const core = instantiateSync(module, { env: { memory }, tap: { tap } }).exports as unknown as CoreExports
  const version = core.LAYOUT_VERSION?.value
  if (version !== LAYOUT_VERSION) {
    throw new SidikError(
      'CORE_MISSING',
      `the WebAssembly core has memory layout ${version}, this code needs ${LAYOUT_VERSION}: rebuild or reinstall sidik`,
    )
  }
  return core
}
