export type { CheckOptions } from './check-options.js'
export {
  type CheckProblem,
  type CheckProgress,
  type CheckReport,
  type CheckState,
  checkRecords,
} from './checker.js'
export { type GalleryState, galleryState } from './local-gallery.js'
export type {
  CallOptions,
  Identified,
  IdentifyOptions,
  IndexCoverage,
  IndexedPerson,
  IndexedVersion,
  PersonIndex,
} from './person-index.js'
export type { PreCheck, PreCheckCandidate } from './pre-check.js'
export { type RecheckInput, recheck } from './recheck.js'
export type { RecordCheck } from './record-checks.js'
