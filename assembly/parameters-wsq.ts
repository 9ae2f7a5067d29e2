/** Symbols of coded WSQ data (IAFIS-IC-0110): 1 to 100 are runs of so many zeros, 107 to 254 coefficients of -73 to 74. */

export const WSQ_LAST_RUN: i32 = 100
/** A magnitude in 8 or 16 bits follows. */
export const WSQ_POSITIVE_8: i32 = 101
export const WSQ_NEGATIVE_8: i32 = 102
export const WSQ_POSITIVE_16: i32 = 103
export const WSQ_NEGATIVE_16: i32 = 104
/** A number of zeros in 8 or 16 bits follows. */
export const WSQ_RUN_8: i32 = 105
export const WSQ_RUN_16: i32 = 106
/** The symbol of a coefficient of 0, which runs are written for, and the least and greatest coefficient with a symbol. */
export const WSQ_ZERO: i32 = 180
export const WSQ_LEAST: i32 = -73
export const WSQ_MOST: i32 = 74
