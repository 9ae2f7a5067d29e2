/** Constants of the search: scan, index and screen. */

/**
 * The scan (search/scan.ts) looks for so many of the probe's minutiae, those of the best quality: a multiple of 4. Of mates
 * with a score of 55 or more, 99.8 % come among the first 0.2 % of all prints with 24, 97 to 99 % with all of them: poor
 * minutiae are alike (a research program on 1,540 prints; docs/experiments.md, Search, has the rows).
 */
export const SCAN_PROBE: i32 = 24
/** Bits of 128 that differ, from which two codes say nothing for each other in the scan. */
export const SCAN_DIFFER: i32 = 40
/** The index sorts the codes of a segment into so many groups of so many cells, a multiple of 4. For this and what follows: docs/experiments.md, Search. */
export const INDEX_CENTRES: i32 = 160
/** Most codes that the centres are found from. */
export const INDEX_SAMPLE: u32 = 524_288
/** How often centres are moved to the middle of their codes. */
export const INDEX_ROUNDS: i32 = 6
/** Bits of 128 that differ, from which a code says nothing for another in the index. With 34 bits 4,516 of 4,543 real mates are found, with 36 4,521. */
export const INDEX_DIFFER: u32 = 36
/** Of a minutia's votes: at most for one record in so many. One in 128 finds no more mates and takes longer. */
export const INDEX_VOTERS: u32 = 256
/** Groups whose cells are measured, the nearest: of 96 groups, 16, 24, 48 and all led to the same mates. */
export const INDEX_LOOKED: u32 = 27
/** Most slots of a segment that are scanned: those with most votes. */
export const INDEX_BEST: i32 = 512

/** Survivors of the scan that are screened: of 555 real mates among 1,000,000, all were among the first 16. */
export const SCAN_CAPACITY: i32 = 512

/** Bits added to those set in both codes, so that two nearly empty codes are not alike by chance. */
export const SCREEN_SMOOTHING: u32 = 4
/** Two minutiae vote when each is the other's best and they are more alike than this (0 to 1). */
export const SCREEN_FLOOR: f32 = 0.35
/**
 * The same of learned codes (cosine: 0.3 is 45 bits of 128 that differ), and what makes both kinds of screen score
 * comparable: 1 in 1,000 strangers reaches 0.13 by geometric codes and 0.039 by learned ones (bench/screen.js).
 */
export const SCREEN_LEARNED_FLOOR: f32 = 0.3
export const SCREEN_LEARNED_GAIN: f32 = 3.5
/** Votes agree within this turn (256ths: 17 degrees) and shift (px, of the probe's centre). */
export const SCREEN_TURN: i32 = 12
export const SCREEN_PX: f32 = 40
/** Votes are put in proportion to the record's minutiae, but to no fewer than this. */
export const SCREEN_MIN_MINUTIAE: i32 = 10
/** Survivors of the screen that are compared in full. */
export const SCREEN_CAPACITY: i32 = 200
