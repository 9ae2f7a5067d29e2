/** What the core exports: nothing else may be here. */

export { describeGeometry } from './describe/geometric'
export { extract } from './extract/pipeline'
export {
  bankAt,
  clarityAt,
  contrastAt,
  enhancedAt,
  grayAt,
  maskAt,
  measuresAt,
  minutiaBytes,
  minutiaCount,
  minutiaeAt,
  normalAt,
  orientationAt,
  periodAt,
  ridgesAt,
  skeletonAt,
  sourceAt,
  stageHeight,
  stageWidth,
} from './extract/results'
export { compareRecords, explainRecords } from './match/pipeline'
export { buildKernels, buildKernels, orientedFilter, orientedFilter } from './math/oriented-filter'
export {
  CELL,
  COMPARE_BYTES,
  DESCRIBE_BYTES,
  EXTRACTION_HEADER_BYTES,
  LAYOUT_VERSION,
  LAYOUT_VERSION,
  MARGIN,
  MAX_MINUTIAE,
  MEASURES,
  planExtraction,
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
