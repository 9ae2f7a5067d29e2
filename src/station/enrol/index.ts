export {
  type AdjudicationInput,
  adjudicate,
  type CandidateOverlay,
  candidateOverlay,
  type Verdict,
} from './adjudicate.js'
export { type Adjudication, type AdjudicationCase, adjudications } from './adjudications.js'
export { SEXES, type Sex } from './birth.js'
export type { Contents, RecordVersion } from './contents.js'
export { type Changes, type Correction, correct, withdraw } from './correct.js'
export { type DecisionInput, decide, type RemovalInput, removeFromGallery } from './decide.js'
export type { RecordDecision } from './decisions.js'
export { type DraftSummary, discardDraft, drafts, readDraft, saveDraft } from './draft.js'
export { enrol, resumeDraft } from './enrol.js'
export type { EnrolFeedback, EnrolFeedbackCode, EnrolOverride } from './feedback.js'
export type { KeptImages } from './images.js'
export { MISSING_REASONS } from './missing.js'
export { checkNik, type NikHolder, type NikProblem, type NikProblemCode } from './nik.js'
export {
  BLOOD_TYPES,
  PERSON_FIELDS,
  type Person,
  type PersonAddress,
  type PersonProblem,
  readPerson,
} from './person.js'
export { PROVINCES } from './provinces.js'
export {
  payloadOf,
  type RecordDetails,
  type RecordFilter,
  type RecordPage,
  type RecordSummary,
  recordOf,
  records,
  recordsByNik,
} from './read.js'
export { CENTRE_STATES, type CentreState, centreState, shortState } from './states.js'
export { decodeTemplates, encodeTemplates, type RecordedFinger } from './templates-payload.js'
export type {
  Enrolment,
  EnrolOptions,
  EnrolProgress,
  Exceptions,
  GivenFinger,
  NotRecorded,
  PartialEnrolment,
  Recorded,
} from './types.js'
