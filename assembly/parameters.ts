/** Every constant of the method: unit, source (paper and equation, or the evaluation that set it). */

export * from './parameters-search'

// --- Oriented kernels (math/oriented-filter.ts) ---

/** Steps of a half turn. 5.6 degrees: a kernel 2.8 degrees off, the most there is, passes 98 % of a ridge. */
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
/** px at 500 ppi; Cappelli, Ferrara, Maltoni 2010: R = 70, sigma_S = 28/3, sigma_D = 2 pi / 9, Omega = 50. */
export const CODE_RADIUS: f32 = 70
export const CODE_SIGMA_PX: f32 = 28.0 / 3.0
/** 256ths of a turn: 40 degrees. */
export const CODE_SIGMA_TURN: f32 = 256.0 / 9.0
/** A cell counts when it lies in the hull of the minutiae or this near to it, px. */
export const CODE_HULL_MARGIN: f32 = 50
/** A bit is set above this (mu_psi; 0.01 in the paper for sums over more, smaller cells). */
export const CODE_BIT_LEVEL: f32 = 0.005
/** A code needs this many of its 32 cells (the paper's 60 %) and neighbours. */
export const CODE_MIN_CELLS: i32 = 20
export const CODE_MIN_NEIGHBOURS: i32 = 2

/** Two codes are compared when they share this many cells. */
export const SIMILARITY_MIN_CELLS: i32 = 16
/** Pairs less similar than this are not looked at. */
export const SIMILARITY_FLOOR: f32 = 0.05
/** A minutia stands in at most this many candidate pairs: the true one is often not the most similar. */
export const PAIRS_PER_MINUTIA: u8 = 3

/**
 * Cosine of two learned codes, centred, at which they say nothing: 0.05 to 0.2 give the same within the noise (bench/
 * learned-codes.js), strangers' codes lie below 0.17 in nine of ten cases.
 */
export const LEARNED_FLOOR: f32 = 0.1
/** What two prints' codes have in common is taken to be at most this: the rest is left to compare. */
export const LEARNED_CENTRE_MOST: f32 = 0.5
/** The true one is nearly always the most similar. */
export const LEARNED_PAIRS_PER_MINUTIA: u8 = 1

/** px and 256ths of a turn (27.5 degrees): two pairs that differ by this in length, direction or bearing disagree. */
export const AGREEMENT_PX: f32 = 9
export const AGREEMENT_TURN: f32 = 19.56

/** Relaxation (Cappelli, Ferrara, Maltoni 2010, LSS-R). */
export const RELAX_ROUNDS: i32 = 5
/** Share of a pair's own similarity in each round (w_R). */
export const RELAX_OWN: f32 = 0.5
/** Support is shared by the minutiae of the smaller print, but by no fewer than this. */
export const RELAX_MIN_SUPPORT: i32 = 4
/** Pairs in the score: from RELAX_MIN_PAIRS for few minutiae to RELAX_MIN_PAIRS + RELAX_MORE_PAIRS for many. */
export const RELAX_MIN_PAIRS: f32 = 5
export const RELAX_MORE_PAIRS: f32 = 8

/** Alignments are tried from this many of the most consistent pairs. */
export const SEEDS: i32 = 8
export const ALIGN_ROUNDS: i32 = 2
/** px, and px a px from the seed, because skin stretches: in the first round, then in the later ones. */
export const ALIGN_FIRST_PX: f32 = 8
export const ALIGN_FIRST_STRETCH: f32 = 0.08
export const ALIGN_PX: f32 = 10
export const ALIGN_STRETCH: f32 = 0.04
/** 256ths of a turn: 25.8 degrees. */
export const ALIGN_TURN: f32 = 18.3
/** Evidence of two minutiae that fall together: this plus the similarity of their codes, */
export const EVIDENCE_BASE: f32 = 0.3
/** or this where one of them has no code; */
export const EVIDENCE_NO_CODE: f32 = 0.6
/** less this share of it at the rim of the tolerance, growing with the square of the distance. */
export const EVIDENCE_FALL: f32 = 0.5

/** Stretched skin (match/stretch.ts): each round carries the pairs about a neighbour further. */
export const STRETCH_ROUNDS: i32 = 4
/** px: pairs as far as this count an eighth in the displacement; minutiae are 20 to 30 px apart. */
export const STRETCH_REACH: f32 = 60
/** Weight of no displacement at all, of a pair's at its own place 1. */
export const STRETCH_RIGID: f32 = 0.1
/** px: tolerance at a pair, its growth a px from the nearest one, and the most there is. */
export const STRETCH_PX: f32 = 7
export const STRETCH_SLACK: f32 = 0.12
export const STRETCH_MOST_PX: f32 = 27
/** 256ths of a turn: 22.5 degrees. */
export const STRETCH_TURN: f32 = 16

/** px round the other print's hull that still count as overlap. */
export const OVERLAP_MARGIN: f32 = 10
/** Fewest minutiae that an overlap is taken to have: a few that agree in a corner are no proof. */
export const OVERLAP_MIN: f32 = 5
/** Minutiae added to the overlap, and floor, when the agreement of the matched pairs is put in proportion to it. */
export const CONSISTENCY_OVERLAP: f32 = 6
export const CONSISTENCY_FLOOR: f32 = 0.1
/**
 * Fingers are put down upright more often than not. What a turn by r rad takes off: a factor exp(-ROTATION_LOSS r^2),
 * r^2 up to ROTATION_LIMIT; without it the pooled EER is 0.3 to 0.5 points higher, so any turn still matches.
 */
export const ROTATION_LOSS: f32 = 0.4
export const ROTATION_LIMIT: f32 = 1.5

/**
 * Decibans (-10 log10 FMR) = SCORE_SLOPE x SCORE_BEND x ln(1 + exp((similarity - SCORE_ORIGIN) / SCORE_BEND)): fitted
 * by bench/calibrate.js to the 202,176 pairs of two prints of the development sets that show different fingers, within sets
 * and across them, the origin then moved up until pairs within a set do not come higher than stated (docs/calibration.md).
 */
export const SCORE_SLOPE: f32 = 2.604
export const SCORE_ORIGIN: f32 = 6.35
export const SCORE_BEND: f32 = 0.523
/** Decibans up to which ten or more pairs were counted; above, the score grows ever more slowly: it claims less. */
export const SCORE_MEASURED: f32 = 43
export const SCORE_BEYOND: f32 = 30

/** The same of learned codes; held by 6.08 million pairs of which at least one print is real, down to 50 decibans. */
export const LEARNED_SLOPE: f32 = 7.504
export const LEARNED_ORIGIN: f32 = 2.313
export const LEARNED_BEND: f32 = 0.08
export const LEARNED_MEASURED: f32 = 43

// --- Normalisation (extract/normalize.ts) ---

/** Gray levels squared. Saturated or empty areas have 0, or about 1 after JPEG; the faintest ridges more than 4. */
export const FLAT_VARIANCE: f32 = 2
/** Cells round a flat one: the step at its edge lies in the second. */
export const FLAT_MARGIN: i32 = 2
/** px. A window of 25 px holds two to three ridges. A multiple of 4 below MARGIN, as four pixels are done at once. */
export const NORMAL_RADIUS: i32 = 12
/** One standard deviation in the normalised image. */
export const NORMAL_AMPLITUDE: f32 = 400
/** Four standard deviations: dust and the print's own rim must not outweigh ridges. */
export const NORMAL_CLIP: f32 = 1600
/** Gray levels. Below it, it is the sensor's noise that would be amplified. */
export const NORMAL_DEVIATION_LEAST: f32 = 3

// --- Orientation (extract/orientation.ts) ---

/** Cells (4 px): the average of the first estimate, on the raw print; the second, on the enhanced one. */
export const ORIENTATION_FIRST_SIGMA: f32 = 2.5
export const ORIENTATION_SECOND_SIGMA: f32 = 2.0
/** The fallback's average is this many times wider. */
export const ORIENTATION_WIDE: f32 = 2.5

// --- Ridge period (extract/frequency.ts) ---

/** Cells: neighbourhood whose energies are compared. */
export const PERIOD_SIGMA: f32 = 3.0
/** Cells: neighbourhood over which the period is averaged. */
export const PERIOD_SPREAD: f32 = 5.0

// --- Segmentation (extract/enhance.ts, extract/segment.ts) ---

/** Cells: neighbourhood of the clarity. */
export const CLARITY_SIGMA: f32 = 2.5
/** Share of energy in ridges above which a cell may be print. */
export const MASK_CLARITY: f32 = 0.08
/** Gray levels. */
export const CONTRAST_LEAST: f32 = 3
/** Of the print's own contrast: a ghost of an earlier finger has about a fifth. */
export const CONTRAST_SHARE: f32 = 0.25
/** Cells: the majority filter of the mask. */
export const MASK_SIGMA: f32 = 2.0
/** Cells: half the width of the narrowest part of a print; 2 x 4 + 1 cells are 36 px, four ridges. */
export const MASK_OPENING: i32 = 4
/** Of the largest part's area. */
export const MASK_PART_LEAST: f32 = 0.1

// --- Polarity (extract/polarity.ts) ---

/** Share of the image that must be background before it is asked. */
export const BACKGROUND_LEAST: f32 = 0.05
/** Gray levels. Dev prints' backgrounds are from 21 darker (thermal sweep: mid-gray) to 179 brighter than the print. */
export const BACKGROUND_DARKER: f32 = 25

// --- Minutiae (extract/minutiae.ts, extract/false-minutiae.ts) ---

/** Clarity at a minutia that makes its quality 0 and 100. */
export const QUALITY_LEAST: f32 = 0.15
export const QUALITY_BEST: f32 = 0.65
/** px of skeleton that give a minutia its direction: one and a half ridge periods. */
export const TRACE_PX: i32 = 14
/** Cosine of the largest angle (30 degrees) between trace and orientation field at which the field is believed. */
export const DIRECTION_SNAP: f32 = 0.866
/** Cells from the rim of the print inside which there are no minutiae. */
export const RIM_CELLS: i32 = 2
/** px: an ending with no print in front of it within this distance is where the contact ended. */
export const RIM_PX: i32 = 16
/** px: longest of each false structure. One ridge period is about 9 px. */
export const ISLAND_PX: i32 = 12
export const SPUR_PX: i32 = 10
export const BRIDGE_PX: i32 = 9
export const BREAK_PX: i32 = 14
export const CLOSE_PX: i32 = 5
/** Cosine: how well the two ends of a break must be in line. */
export const BREAK_TURN: f32 = 0.8

// --- Learned extraction (network/): what is not a weight. training/quantized.py has the same numbers. ---

/** 1 in the network's maps: i16 with 11 bits after the point, so that saturation is the ramp's top. */
export const NETWORK_ONE: f32 = 2048
/** px: half a window of 33 px, three to four ridge periods. */
export const NETWORK_RADIUS: i32 = 16
/** Gray levels added to the deviation: empty background must not be blown up to ridges. */
export const NETWORK_SOFTNESS: f32 = 6
/** Deviations: the largest normalised value. */
export const NETWORK_CLIP: f32 = 4
/** px round the mask that the network sees: it misses what dry rims hold, and a code reads 85 px round its minutia. */
export const VIEW_MARGIN: i32 = 16
/** Least logit of a minutia, 1 / NETWORK_ONE: a probability of 0.3 (docs/training.md compares floors). */
export const DETECT_FLOOR: i32 = -1736
/** 1/32 px: two peaks nearer than 6 px are one minutia. */
export const DETECT_APART: i32 = 192
/** Minutiae of a print: the most probable. Plain prints have up to 80, rolled ones 76 to 200. */
export const DETECT_MOST: i32 = 200

// --- Quality (extract/quality.ts) ---

/** A cell of 4 x 4 px at 500 ppi, mm2: (4 x 25.4 / 500)^2. */
export const CELL_AREA_MM2: f32 = 0.04129
/** Cells: 28 px, three ridges apart. */
export const FLOW_CELLS: i32 = 7
/** Clarity above which ridges are clear to the classical extraction; the network says so itself. */
export const QUALITY_CLEAR: f32 = 0.25
/** Quality below which a minutia is poor. */
export const QUALITY_POOR: i32 = 25
/** px of an image's edge that a print must touch to be cut off by it: a third of a fingertip's width. */
export const CUT_LEAST_PX: i32 = 60
/** Fitted to synthetic pairs alone (training/fit-quality.js): mm2 and minutiae worth a half, and what makes 1 % of prints score 100. */
export const QUALITY_VARIED_MM2: f32 = 30
export const QUALITY_MINUTIAE: f32 = 15
export const QUALITY_GAIN: f32 = 155

// --- Growing synthetic ridges (synthesize/grow.ts) ---

/** What a ridge saturates at: two bits below the range of i16, so that no kernel's response overflows. */
export const GROWTH_AMPLITUDE: i16 = 8192
/** Doublings of a response before it saturates: 8 times. Less leaves gaps where fronts meet. */
export const GROWTH_GAIN: i32 = 3
