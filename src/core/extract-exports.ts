/**
 * What assembly/extract exports. `base` is the start of an extraction region (assembly/memory.ts); pointers and sizes are
 * bytes in the memory of the instance.
 */
export interface ExtractExports {
  readonly EXTRACTION_HEADER_BYTES: WebAssembly.Global
  readonly CELL: WebAssembly.Global
  readonly MARGIN: WebAssembly.Global
  readonly MEASURES: WebAssembly.Global
  planExtraction(base: number, sourceWidth: number, sourceHeight: number, width: number, height: number): number
  buildKernels(bank: number): void
  orientedFilter(source: number, target: number, width: number, height: number, classes: number, bank: number): void
  networkBytes(): number
  networkAt(base: number): number
  loadNetwork(file: number, length: number, network: number): number
  extract(base: number): number
  extractClassically(base: number): number
  codesAt(base: number): number
  mapsAt(base: number): number
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
}
