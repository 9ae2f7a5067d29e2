/** What the core exports: nothing else may be here. */

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
export { buildKernels, orientedFilter } from './math/oriented-filter'
export {
  BANK_BYTES,
  CELL,
  EXTRACTION_HEADER_BYTES,
  LAYOUT_VERSION,
  MARGIN,
  MEASURES,
  paddedBytes,
  planExtraction,
} from './memory'
export { ORIENTATIONS, PERIOD_RATIO, PERIOD_SHORTEST, PERIODS } from './parameters'
export { growRidges } from './synthesize/grow'
