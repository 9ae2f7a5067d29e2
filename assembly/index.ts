/** What the core exports: nothing else may be here. */

export { describeGeometry } from './describe/geometric'
export { compareRecords, explainRecords } from './match/pipeline'
export { buildKernels, orientedFilter } from './math/oriented-filter'
export {
  COMPARE_BYTES,
  DESCRIBE_BYTES,
  LAYOUT_VERSION,
  MAX_MINUTIAE,
  recordBytes,
  recordCodes,
  recordDirections,
  recordMasks,
  recordX,
  recordY,
  topBytes,
} from './memory'
export { METHOD_VERSION, SCREEN_CAPACITY } from './parameters'
export { rescore, screen } from './search/pipeline'
