/*
 * RECORD: one print as the matcher reads it, 16-byte aligned, n minutiae, n <= MAX_MINUTIAE
 *
 *   0        u16 n
 *   2        u16 1 when the geometric codes and masks are there, 0 when they are yet to be made
 *   4        u32 length of the record in bytes
 *   8        u32 version of the network that made the learned codes; 0: there are none
 *   12       u32 address / 16 of the record's GEOMETRY, or NO_GEOMETRY
 *   16       i16 x (px at 500 ppi) x n
 *            i16 y (px at 500 ppi, down) x n
 *            u8 direction (256ths of a turn, counter-clockwise with y up) x n
 *            padding to 16
 *            128-bit learned code x n, only with a network version
 *            u8 quality (0 to 100) x n
 *            what the host keeps, of any length; padding to 16
 *
 * GEOMETRY, 16-byte aligned, by itself, because few records with learned codes are ever compared by anything else
 *
 *   0        128-bit geometric code x n
 *            u32 cell mask x n
 */

/** ISO/IEC 19794-2:2005, 7.4.1.5 keeps the count in one byte. */
export const MAX_MINUTIAE: i32 = 255

const HEADER: i32 = 16

export const RECORD_DESCRIBED: usize = 2
export const RECORD_LENGTH: usize = 4
export const RECORD_NETWORK: usize = 8
export const RECORD_GEOMETRY: usize = 12

/**
 * In RECORD_GEOMETRY: the record has no room for geometric codes. As an address it is that of the
 * last page that 32 bits reach, which no memory has (src/core/instance.ts): whoever reads or writes
 * codes or masks there is stopped.
 */
export const NO_GEOMETRY: u32 = 0xffff0000 >> 4

/** Of n minutiae, with so many bytes of the host's. */
export function recordBytes(n: i32, learned: bool, kept: i32): i32 {
  return (recordKept(n, learned) + kept + 15) & ~15
}
export function recordX(): i32 {
  return HEADER
}
export function recordY(n: i32): i32 {
  return HEADER + n * 2
}
export function recordDirections(n: i32): i32 {
  return HEADER + n * 4
}
export function recordLearned(n: i32): i32 {
  return (HEADER + n * 5 + 15) & ~15
}
export function recordQualities(n: i32, learned: bool): i32 {
  return recordLearned(n) + (learned ? n * 16 : 0)
}
export function recordKept(n: i32, learned: bool): i32 {
  return recordQualities(n, learned) + n
}

export function geometryBytes(n: i32): i32 {
  return (n * 20 + 15) & ~15
}
/**
 * Whether a record's geometric codes can be made where they are not; those of a record without
 * minutiae take no room.
 */
export function hasRoomForGeometry(record: usize): bool {
  return load<u32>(record, RECORD_GEOMETRY) !== NO_GEOMETRY || load<u16>(record) === 0
}
/** Address of a record's geometric codes, whether they were made or not; it must have room for them. */
export function geometricCodes(record: usize): usize {
  return (<usize>load<u32>(record, RECORD_GEOMETRY)) << 4
}
export function geometricMasks(record: usize): usize {
  return geometricCodes(record) + ((<usize>load<u16>(record)) << 4)
}

/** Whether two records are compared by their learned codes: one network made both. By their geometric codes if not. */
export function shareNetwork(a: usize, b: usize): bool {
  const network = load<u32>(a, RECORD_NETWORK)
  return network !== 0 && network === load<u32>(b, RECORD_NETWORK)
}
