import { instantiateSync } from '@assemblyscript/loader'
import { SidikError } from '../errors.js'
import type { MatchExports } from './match-exports.js'

/** Layout of the regions this code was written for (assembly/memory.ts). */
const LAYOUT_VERSION = 1

/** Bytes at the start of every memory that belong to the compiler: one WebAssembly page. */
export const RESERVED_BYTES = 65_536

const PAGE_BYTES = 65_536

/** What the core exports (assembly/index.ts). Pointers and sizes are bytes in the memory of the instance. */
export interface CoreExports extends MatchExports {
  readonly LAYOUT_VERSION: WebAssembly.Global

  // Extraction (assembly/extract). `base` is the start of an extraction region.
  readonly EXTRACTION_HEADER_BYTES: WebAssembly.Global
  readonly CELL: WebAssembly.Global
  readonly MARGIN: WebAssembly.Global
  readonly MEASURES: WebAssembly.Global
  planExtraction(base: number, sourceWidth: number, sourceHeight: number, width: number, height: number): number
  buildKernels(bank: number): void
  orientedFilter(source: number, target: number, width: number, height: number, classes: number, bank: number): void
  extract(base: number): number
  bankAt(base: number): number
  sourceAt(base: number): number
  minutiaCount(base: number): number
  minutiaeAt(base: number): number
  minutiaBytes(): number
  measuresAt(base: number): number
  stageWidth(base: number): number
  stageHeight(base: number): number
  grayAt(base: number): number
  ridgesAt(base: number): number
  skeletonAt(base: number): number
  normalAt(base: number): number
  enhancedAt(base: number): number
  orientationAt(base: number): number
  maskAt(base: number): number
  periodAt(base: number): number
  clarityAt(base: number): number
  contrastAt(base: number): number

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
 * A shared memory that begins with the compiler's page and can grow to `maximumBytes` (address space, not memory in
 * use: pages cost nothing until they are touched).
 */
export function createMemory(initialBytes: number, maximumBytes: number): WebAssembly.Memory {
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
 * @throws SidikError CORE_MISSING when the module's layout is not the one this code was written for
 */
export function instantiateCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const core = instantiateSync(module, { env: { memory } }).exports as unknown as CoreExports
  const version = core.LAYOUT_VERSION?.value
  if (version !== LAYOUT_VERSION) {
    throw new SidikError(
      'CORE_MISSING',
      `the WebAssembly core has memory layout ${version}, this code needs ${LAYOUT_VERSION}: rebuild or reinstall sidik`,
    )
  }
  return core
}
