export { type CardRequestFilter, cardRequests, type PrintJobFilter, printJobs, uncertainJobs } from './read.js'
export { type CardCancellation, type CardRequestInput, cancelCard, requestCard } from './request.js'
export type * from './types.js'
