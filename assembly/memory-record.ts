/*
 * RECORD: one print as the matcher reads it, 16-byte aligned, n minutiae, n <= MAX_MINUTIAE
 *
 *   0        u16 n
 *   2        u16 1 when the geometric codes and masks are there, 0 when they are yet to be made
 *   4        u32 length of the record in bytes
 *   8        u32 version of the network that made the learned codes; 0: there are none
 *   12       u32 0
 *   16       128-bit geometric code x n
 *            u32 cell mask x n
 *            i16 x (px at 500 ppi) x n
 *            i16 y (px at 500 ppi, down) x n
 *            u8 direction (256ths of a turn, counter-clockwise with y up) x n
 *            padding to 16
 *            128-bit learned code x n, only with a network version
 */

/** ISO/IEC 19794-2:2005, 7.4.1.5 keeps the count in one byte. */
export const MAX_MINUTIAE: i32 = 255

const HEADER: i32 = 16

export const RECORD_DESCRIBED: usize = 2
export const RECORD_NETWORK: usize = 8

export function recordBytes(n: i32, learned: bool): i32 {
  return recordLearned(n) + (learned ? n * 16 : 0)
}
export function recordCodes(): i32 {
  return HEADER
}
export function recordMasks(n: i32): i32 {
  return HEADER + n * 16
}
export function recordX(n: i32): i32 {
  return HEADER + n * 20
}
export function recordY(n: i32): i32 {
  return HEADER + n * 22
}
export function recordDirections(n: i32): i32 {
  return HEADER + n * 24
}
export function recordLearned(n: i32): i32 {
  return (HEADER + n * 25 + 15) & ~15
}

/** Whether two records are compared by their learned codes: one network made both. By their geometric codes if not. */
export function shareNetwork(a: usize, b: usize): bool {
  const network = load<u32>(a, RECORD_NETWORK)
  return network !== 0 && network === load<u32>(b, RECORD_NETWORK)
}
