/** What the core exports: nothing else may be here. */
export { LAYOUT_VERSION } from './memory'
