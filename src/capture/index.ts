/** From a scanner to a usable print (entry point `sidik/capture`). Each adapter has an entry point of its own: `sidik/capture/<adapter>`. */

export type { Adapter, AdapterRequest } from './adapter.js'
export { type ChooseFrameOptions, chooseFrame, type FrameChoice } from './choose-frame.js'
export { createSource } from './create-source.js'
export type { FrameFeedback } from './frame-feedback.js'
export { type FrameOrigin, framesOfFile } from './frames-of-file.js'
export { checkSequence } from './sequence/check-sequence.js'
export type * from './sequence/types.js'
export type * from './source.js'
