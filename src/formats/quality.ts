/** Qualities that are no measure: what records of all families say instead of a number from 0 to 100. */

/** Quality that nobody measured, or that is undefined (ISO/IEC 19794-2:2011, 19794-4:2005, ANSI INCITS 378-2009, 381-2004). */
export const QUALITY_NOT_REPORTED = 254
/** Quality that could not be measured. */
export const QUALITY_FAILED = 255
