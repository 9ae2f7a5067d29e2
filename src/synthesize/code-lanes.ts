/**
 * The normal variables behind the 128 bits of a code, added up two at a time: word j of 64 holds bit j in its lower half and bit
 * j + 64 in its upper half, as upper x 65,536 + lower with both signed. Sums and whole multiples of such words are those of
 * their halves while no half leaves 16 bits, so that a code is a sum of a few rows of tables.
 */

/** Of a learned code. */
export const BITS = 128
export const CODE_BYTES = BITS / 8
/** 32-bit words of a row. */
export const ROW = BITS / 2
/** A deviation of 1. Sums stay within 16 of them: means within 8, all else within 8. */
export const DEVIATION = 2048

/** Writes the row of `values` x DEVIATION (BITS of them) at `at`. */
export function packRow(values: ArrayLike<number>, out: Int32Array, at: number): void {
  for (let j = 0; j < ROW; j++) {
    const low = Math.round(values[j] * DEVIATION)
    const high = Math.round(values[j + ROW] * DEVIATION)
    out[at + j] = (high * 65_536 + low) | 0
  }
}

/** Writes the code of a row at `at`: bit k of it is 1 where value k is 0 or more. */
export function writeSigns(row: Int32Array, out: Uint8Array, at: number): void {
  for (let byte = 0, j = 0; byte < ROW / 8; byte++) {
    let low = 0
    let high = 0
    for (let bit = 0; bit < 8; bit++, j++) {
      // The lower half becomes unsigned, so that it borrows nothing from the upper one.
      const word = row[j] + 0x8000
      low |= ((word >>> 15) & 1) << bit
      high |= (~word >>> 31) << bit
    }
    out[at + byte] = low
    out[at + ROW / 8 + byte] = high
  }
}
