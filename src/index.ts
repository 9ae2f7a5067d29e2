/** The public interface of the engine (entry point `sidik`). */
export type { Comparison, Explanation } from './core/matcher.js'
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type ExtractOptions,
  type GalleryOptions,
  type ImportIsoOptions,
} from './engine.js'
export { ERROR_CODES, type ErrorCode, SidikError } from './errors.js'
export type { ExtractedPrint } from './extract.js'
export type { Damage } from './gallery/damage.js'
export type { DurableGallery, DurableGalleryOptions } from './gallery/durable-gallery.js'
export type { Gallery, InsertOptions, SearchOptions } from './gallery/gallery.js'
export type { Candidate } from './identify/decide.js'
export type { Progress, SearchResult } from './identify/search.js'
export { fmrOfScore, scoreOfFmr } from './score.js'
export type * from './types.js'
