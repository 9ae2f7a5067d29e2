/**
 * What assembly/wsq exports. `base` is the start of a region of one WSQ image (assembly/memory-wsq.ts); pointers and sizes are
 * bytes in the memory of the instance.
 */
export interface WsqExports {
  readonly WSQ_NO_CODE: WebAssembly.Global
  readonly WSQ_CUT_SHORT: WebAssembly.Global
  readonly WSQ_NO_MEANING: WebAssembly.Global
  readonly WSQ_TOO_MANY: WebAssembly.Global
  planWsq(base: number, width: number, height: number): number
  wsqPixelsAt(base: number): number
  wsqStride(base: number): number
  wsqPlaneAt(base: number): number
  wsqOtherAt(base: number): number
  wsqBankAt(base: number): number
  wsqRegionsAt(base: number): number
  wsqSubbandsAt(base: number): number
  wsqCountsAt(base: number): number
  wsqCodesAt(base: number): number
  wsqMeasuresAt(base: number): number
  measureGrays(base: number): void
  analyzeWsq(base: number, regions: number, shift: number, scale: number): void
  measureCoefficients(base: number, x: number, y: number, width: number, height: number): void
  quantize(base: number, subbands: number): void
  clearCounts(base: number): void
  findSymbols(base: number, from: number, count: number, token: number): number
  writeCodes(base: number, from: number, to: number, offset: number): number
  clearCoefficients(base: number, from: number, to: number): void
  readCodes(base: number, from: number, length: number, filled: number, capacity: number): number
  synthesizeWsq(base: number, subbands: number, regions: number, shift: number, scale: number): void
}
