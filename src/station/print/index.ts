export type { CertifiedLetter } from './letters/certified.js'
export { type IssuedLetter, issueLetter, type LetterInput } from './letters/issue.js'
export type { LetterNumbering } from './letters/numbering.js'
export {
  type Letter,
  type LetterFilter,
  letters,
  letterVerification,
  type Revocation,
  revokeLetter,
} from './letters/read.js'
export {
  type LetterFault,
  type LetterVerdict,
  type VerifyLetterOptions,
  verifyLetter,
} from './letters/verification.js'
export { type PersonaliseOptions, personaliseCard } from './personalise.js'
export { type PlannedCard, type PlanOptions, type PrintPlan, planPrinting } from './plan.js'
export type { CardCandidate, CardOrder, PrintPolicy } from './policy.js'
export { type PrintCardsOptions, printCards } from './print-cards.js'
export { type CardRequestFilter, cardRequests, type PrintJobFilter, printJobs, uncertainJobs } from './read.js'
export { type CardReceipt, type ReceivedCards, receiveCards } from './receive-cards.js'
export { type Recovered, recoverPrinting } from './recover.js'
export * from './render/index.js'
export * from './reports/index.js'
export { type CardCancellation, type CardRequestInput, cancelCard, requestCard } from './request.js'
export { type Handover, handOver, type Resolution, resolveJob, type Spoilage, spoilCard } from './resolve.js'
export type { NotPrinted, PrintProgress, PrintResult, RenderCard, Uncertain } from './run-types.js'
export { type CardShipment, sendCards } from './send-cards.js'
export type * from './types.js'
export type { WaitCode, WaitingCard } from './waiting.js'
