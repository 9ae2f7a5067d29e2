/** What the core exports: nothing else may be here. */

export { buildKernels, orientedFilter } from './math/oriented-filter'
export { BANK_BYTES, CELL, LAYOUT_VERSION, MARGIN, paddedBytes } from './memory'
export { ORIENTATIONS, PERIOD_RATIO, PERIOD_SHORTEST, PERIODS } from './parameters'
export { growRidges } from './synthesize/grow'
