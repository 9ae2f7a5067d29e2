/** What a core function returns when it has no number to give. The core never throws: `throw` compiles to a trap. */
export const OK: i32 = 0
/** Width or height outside what the memory map was computed for. */
export const BAD_SIZE: i32 = -1
/** The print holds no area with ridges. */
export const NO_RIDGES: i32 = -2
/** More minutiae than a record holds. */
export const TOO_MANY: i32 = -3
/** A weight file whose layers are not those of this core. */
export const BAD_NETWORK: i32 = -4
/** Coded WSQ data in which bits are no code, a value is cut off, a symbol means nothing, or coefficients are left over. */
export const WSQ_NO_CODE: i32 = -5
export const WSQ_CUT_SHORT: i32 = -6
export const WSQ_NO_MEANING: i32 = -7
export const WSQ_TOO_MANY: i32 = -8
