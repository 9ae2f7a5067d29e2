/** Which codes of FRICTION_RIDGE_POSITIONS finger image records have. */

const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** ISO/IEC 19794-4:2005 and ANSI INCITS 381-2004 have fingers, slaps, palms. */
export const POSITIONS_2005: ReadonlySet<number> = new Set([...codes(0, 10), ...codes(13, 15), ...codes(20, 36)])

/** ISO/IEC 19794-4:2011 has two and three fingers besides (tables 6 to 8). */
export const POSITIONS_2011: ReadonlySet<number> = new Set([...POSITIONS_2005, ...codes(40, 50)])
