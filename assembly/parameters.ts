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

// --- Growing synthetic ridges (synthesize/grow.ts) ---

/** What a ridge saturates at: two bits below the range of i16, so that no kernel's response overflows. */
export const GROWTH_AMPLITUDE: i16 = 8192
/** Doublings of a response before it saturates: 8 times. Less leaves gaps where fronts meet. */
export const GROWTH_GAIN: i32 = 3
