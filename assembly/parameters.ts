/** Every constant of the method: unit, source (paper and equation, or the evaluation that set it). */

// --- Oriented kernels (math/oriented-filter.ts) ---

/** Steps of a half turn. 5.6 degrees: a kernel 5.6 degrees off still passes 97 % of a ridge. */
export const ORIENTATIONS: i32 = 32
/** Ridge periods: PERIOD_SHORTEST x PERIOD_RATIO^i px at 500 ppi: 5.0 to 15.3 (children's ridges to wide, dry ones). */
export const PERIODS: i32 = 8
export const PERIOD_SHORTEST: f32 = 5.0
export const PERIOD_RATIO: f32 = 1.173
/** px. 19 taps a side hold 2.25 sigma across and 1.8 along. */
export const KERNEL_RADIUS: i32 = 9
/** px. Hong, Wan, Jain 1998 use 4.0 both ways; longer along the ridge closes pores and cuts without bending curves. */
export const KERNEL_SIGMA_ALONG: f32 = 5.0
export const KERNEL_SIGMA_ACROSS: f32 = 4.0
/** A matched sinusoid keeps its amplitude after the shift by 14 bits. */
export const KERNEL_GAIN: f32 = 16384

// --- Geometric code and comparison (describe/, match/, search/) ---

/**
 * Version of the description: changes with any parameter of the geometric code, so that codes made by another version
 * are made again rather than compared.
 */
export const METHOD_VERSION: u32 = 1

/** Cells a side of the square round a minutia; without its four corners 32 cells remain. */
export const CODE_SIDE: i32 = 6
export const CODE_CELLS: i32 = 32
/** Sections of the difference of direction, 90 degrees each. */
export const CODE_SECTIONS: i32 = 4
/** px at 500 ppi; Cappelli, Ferrara, Maltoni 2010, table 1: R = 70, sigma_S = 28/3, sigma_D = 2 pi / 9, Omega = 50. */
export const CODE_RADIUS: f32 = 70
export const CODE_SIGMA_PX: f32 = 28.0 / 3.0
/** 256ths of a turn: 40 degrees. */
export const CODE_SIGMA_TURN: f32 = 256.0 / 9.0
/** A cell counts when it lies in the hull of the minutiae or this near to it, px. */
export const CODE_HULL_MARGIN: f32 = 50
/** A bit is set above this (mu_psi; 0.01 in the paper's table 1 for 1,280 cells). */
export const CODE_BIT_LEVEL: f32 = 0.005
/** A code needs this many of its 32 cells (the paper's 60 %) and neighbours. */
export const CODE_MIN_CELLS: i32 = 20
export const CODE_MIN_NEIGHBOURS: i32 = 2

/** Two codes are compared when they share this many cells. */
export const SIMILARITY_MIN_CELLS: i32 = 16
/** Pairs less similar than this are not looked at. */
export const SIMILARITY_FLOOR: f32 = 0.05

/** Relaxation (Cappelli, Ferrara, Maltoni 2010, section 3.3.2). */
export const RELAX_ROUNDS: i32 = 5
/** Share of a pair's own similarity in each round (w_R). */
export const RELAX_OWN: f32 = 0.5
/** Pairs in the score: from RELAX_MIN_PAIRS for few minutiae to RELAX_MIN_PAIRS + RELAX_MORE_PAIRS for many. */
export const RELAX_MIN_PAIRS: f32 = 4
export const RELAX_MORE_PAIRS: f32 = 8

/** Fits are tried from this many of the most consistent pairs. */
export const SEEDS: i32 = 10
export const FIT_ROUNDS: i32 = 3
/** px, and px a px from the seed: skin stretches. First round, then the later ones. */
export const FIT_TOLERANCE_FIRST: f32 = 8
export const FIT_STRETCH_FIRST: f32 = 0.08
export const FIT_TOLERANCE: f32 = 10
export const FIT_STRETCH: f32 = 0.04
/** 256ths of a turn: 25.8 degrees. */
export const FIT_TOLERANCE_TURN: f32 = 18.3
/** Similarity at which a pair that falls together says nothing. */
export const FIT_FLOOR: f32 = 0.15
/** px round the other print's hull that still count as overlap. */
export const FIT_OVERLAP_MARGIN: f32 = 10
/** Fewest minutiae that an overlap is taken to have: a few that agree in a corner are no proof. */
export const FIT_MIN_OVERLAP: f32 = 3
/** Exponent of the matched share of the overlap; the evidence itself has 1 minus it. */
export const FIT_SHARE_WEIGHT: f32 = 0.75

/** Survivors of the screen that are compared in full. */
export const SCREEN_CAPACITY: i32 = 200
