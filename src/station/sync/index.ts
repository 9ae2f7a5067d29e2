/** How two stations come to know the same: part of the entry point `sidik/station`. */

export { type Applied, apply } from './apply.js'
export { type Composed, type ComposeOptions, Course, compose } from './compose.js'
export {
  dismissRefusal,
  type Refusal,
  type RefusalName,
  type RefusalState,
  refusals,
  retryRefusal,
  type SettleRefusalOptions,
} from './dead-letters.js'
export type { RetryOptions } from './line.js'
export { type ReceiveOptions, receive } from './receive.js'
export { REFUSAL_CODES, type RefusalCode } from './refusal-codes.js'
export { sync } from './sync.js'
export type { SyncOptions, SyncProgress, SyncResult } from './sync-options.js'
