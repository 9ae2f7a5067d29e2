/** Most bytes of what a record holds, by what it is: for those that write records, and for those that take them. */

/** An e-KTP's photo has some 10 kB, a passport's 50: this is a camera's own file, scaled down a little. */
export const MOST_PHOTO_BYTES = 2 ** 21

export const MOST_SIGNATURE_BYTES = 2 ** 19

/** One finger as a scanner gave it, also uncompressed at 1,000 ppi. A longer file is kept as WSQ. */
export const MOST_PRINT_BYTES = 2 ** 22

/** Ten fingers of 65,536 bytes, far above any template, with what stands before each. */
export const MOST_TEMPLATES_BYTES = 10 * (65_536 + 6) + 8
