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
export { compareRecords, explainRecords, similarityOf } from './match/pipeline'
export { buildKernels, orientedFilter } from './math/oriented-filter'
export {
  BANK_BYTES,
  CELL,
  COMPARE_BYTES,
  DESCRIBE_BYTES,
  EXTRACTION_HEADER_BYTES,
  LAYOUT_VERSION,
  MARGIN,
  MAX_MINUTIAE,
  MEASURES,
  paddedBytes,
  planExtraction,
  recordBytes,
  recordCodes,
  recordDirections,
  recordMasks,
  recordX,
  recordY,
  SCREEN_BYTES,
  topBytes,
} from './memory'
export {
  METHOD_VERSION,
  ORIENTATIONS,
  PERIOD_RATIO,
  PERIOD_SHORTEST,
  PERIODS,
  SCREEN_CAPACITY,
} from './parameters'
export { rescore, screen } from './search/pipeline'
export { growRidges } from './synthesize/grow'
