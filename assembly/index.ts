/** What the core exports: nothing else may be here. */

export { buildKernels, orientedFilter } from './math/oriented-filter'
export { LAYOUT_VERSION } from './memory'
