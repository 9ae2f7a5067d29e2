/** What the core exports: nothing else may be here. */

export { describeGeometry } from './describe/geometric'
export { extract, extractClassically } from './extract/pipeline'
export {
  bankAt,
  clarityAt,
  codesAt,
  contrastAt,
  enhancedAt,
  grayAt,
  mapsAt,
  maskAt,
  measuresAt,
  minutiaBytes,
  minutiaCount,
  minutiaeAt,
  networkAt,
  normalAt,
  orientationAt,
  periodAt,
  ridgesAt,
  skeletonAt,
  sourceAt,
  stageHeight,
  stageWidth,
} from './extract/results'
// The stages of a comparison one by one, where they leave what they found, and the parts of an index: for tests.
export { alignFrom } from './match/align'
export { compareRecords, explainRecords, similarityOf } from './match/pipeline'
export { unpackPoints } from './match/points'
export { relax } from './match/relax'
export { codeSimilarities } from './match/similarity'
export { buildKernels, orientedFilter } from './math/oriented-filter'
export {
  BANK_BYTES,
  CELL,
  COMPARE_BYTES,
  COMPARE_CLOSE,
  COMPARE_INITIAL,
  COMPARE_LEVEL,
  COMPARE_MATCHED,
  COMPARE_PAIRS,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  COMPARE_SEEDS,
  COMPARE_SIMILARITY,
  DESCRIBE_BYTES,
  EXTRACTION_HEADER_BYTES,
  geometryBytes,
  INDEX_CELL_CENTRES,
  INDEX_CODES,
  INDEX_GROUP_CENTRES,
  INDEX_SLOTS,
  INDEX_STARTS,
  indexBytes,
  LAYOUT_VERSION,
  MARGIN,
  MAX_MINUTIAE,
  MEASURES,
  networkBytes,
  paddedBytes,
  planExtraction,
  planWsq,
  recordBytes,
  recordDirections,
  recordKept,
  recordLearned,
  recordQualities,
  recordX,
  recordY,
  SCREEN_BYTES,
  SEGMENT_SLOTS,
  shareNetwork,
  topBytes,
  wsqBankAt,
  wsqCodesAt,
  wsqCountsAt,
  wsqMeasuresAt,
  wsqOtherAt,
  wsqPixelsAt,
  wsqPlaneAt,
  wsqRegionsAt,
  wsqStride,
  wsqSubbandsAt,
} from './memory'
export { loadNetwork } from './network/pipeline'
export {
  INDEX_BEST,
  INDEX_CENTRES,
  INDEX_SAMPLE,
  METHOD_VERSION,
  ORIENTATIONS,
  PERIOD_RATIO,
  PERIOD_SHORTEST,
  PERIODS,
  SCAN_CAPACITY,
  SCREEN_CAPACITY,
} from './parameters'
export { indexSegment } from './search/index-build'
export { beginProbe, describeSlots, rescore, scan, scanByIndex, screen, screenSlots } from './search/pipeline'
export { WSQ_CUT_SHORT, WSQ_NO_CODE, WSQ_NO_MEANING, WSQ_TOO_MANY } from './status'
export { storeRecord } from './store-record'
export { growRidges } from './synthesize/grow'
export { analyzeWsq, synthesizeWsq } from './wsq/pipeline'
export { measureGrays } from './wsq/pixels'
export { measureCoefficients, quantize } from './wsq/quantize'
export { clearCoefficients, readCodes } from './wsq/read-codes'
export { clearCounts, findSymbols, writeCodes } from './wsq/write-codes'
