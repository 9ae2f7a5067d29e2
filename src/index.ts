/** The public interface of the engine (entry point `sidik`). */
export type { Comparison, Explanation } from './core/matcher.js'
export type { DedupeResult } from './dedupe/dedupe.js'
export type { DedupeOptions } from './dedupe/options.js'
export type { PersonPair } from './dedupe/person-pairs.js'
export type { DedupeReport, DuplicatePair } from './dedupe/report.js'
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type ExtractOptions,
  type GalleryOptions,
  type ImageOptions,
  type ImportIsoOptions,
} from './engine.js'
export { ERROR_CODES, type ErrorCode, SidikError } from './errors.js'
export type { ExtractedPrint } from './extract.js'
export type { Damage } from './gallery/damage.js'
export type { CompactGalleryOptions, DurableGallery, DurableGalleryOptions } from './gallery/durable-gallery.js'
export type { Gallery, InsertOptions } from './gallery/gallery.js'
export type { CompareInput, CompareOptions, DescriptionOptions, SearchOptions } from './gallery/search-options.js'
export type { Candidate } from './identify/decide.js'
export type { DescriptionProgress } from './identify/describe.js'
export type { Progress, SearchProgress, SearchResult, StepTimes } from './identify/search.js'
export { type EncodeRecordImageOptions, encodeRecordImage, imageToRecord } from './image/encode-record.js'
export { type ImageOfRecordOptions, imageOfRecord } from './image/record-image.js'
export type { EngineAssets } from './node/assets.js'
export type { CandidateFinger, PersonCandidate } from './persons/candidate.js'
export type { Decision, ReviewReason } from './persons/decide.js'
export type { PersonSearchResult, PersonSearchStep, SearchedFinger } from './persons/identify.js'
export type { PersonGallery } from './persons/person-gallery.js'
export type { EnrolledPerson, Enrolment, EnrolOptions, IdentifyPersonOptions, Persons } from './persons/persons.js'
export type { IncompletePerson } from './persons/roster.js'
export type {
  FingerFeedback,
  FingerInput,
  MissingFinger,
  MissingReason,
  PersonFingers,
  PresentFinger,
  StatedPosition,
} from './persons/types.js'
export { fmrOfScore, scoreOfFmr } from './score.js'
export type * from './types.js'
