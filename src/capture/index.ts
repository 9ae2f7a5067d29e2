/** From a scanner to a usable print (entry point `sidik/capture`). Each adapter has an entry point of its own: `sidik/capture/<adapter>`. */

export type { Adapter, AdapterRequest } from './adapter.js'
export { type ChooseFrameOptions, chooseFrame, type FrameChoice } from './choose-frame.js'
export { createSource } from './create-source.js'
export type { FrameFeedback } from './frame-feedback.js'
export { type FrameOrigin, framesOfFile } from './frames-of-file.js'
export { checkSequence } from './sequence/check-sequence.js'
export type * from './sequence/types.js'
export { type CardBox, type CardLayout, FD249, FD249_PRINTS } from './slap/card-layouts.js'
export type { FingerBox } from './slap/cut.js'
export type { SlapProblem, SlapProblemCode } from './slap/problems.js'
export {
  type CardFinger,
  type CardProblem,
  type CardSegmentation,
  type SegmentCardOptions,
  segmentTenPrintCard,
} from './slap/segment-card.js'
export { type SegmentSlapOptions, type SlapFinger, type SlapSegmentation, segmentSlap } from './slap/segment-slap.js'
export type { Slap, SlapName } from './slap/slaps.js'
export type { ToldSlap } from './slap/tell-hand.js'
export type * from './source.js'
