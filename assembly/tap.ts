/**
 * The host is told when a stage is done, so that it can time it or look at its result (src/core/extractor.ts names the
 * stages). A dozen calls of 5 ns a print: nothing when nobody listens.
 */
export declare function tap(stage: i32): void

export const RESAMPLED: i32 = 0
export const NORMALIZED: i32 = 1
export const ORIENTED: i32 = 2
export const PERIOD_FOUND: i32 = 3
export const CLARITY_FOUND: i32 = 4
export const SEGMENTED: i32 = 5
export const ENHANCED: i32 = 6
export const REFINED: i32 = 7
export const BINARIZED: i32 = 8
export const THINNED: i32 = 9
export const MINUTIAE_FOUND: i32 = 10
export const FALSE_REMOVED: i32 = 11
export const VIEWED: i32 = 12
export const MAPPED: i32 = 13
export const DETECTED: i32 = 14
export const ENCODED: i32 = 15
