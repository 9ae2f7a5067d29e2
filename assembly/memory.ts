/**
 * The map of every memory region. TypeScript owns the memories and says where a region begins; what lies where inside
 * a region is decided here and nowhere else, so that no size is ever typed twice.
 *
 * The first page (64 KiB) of every memory belongs to the compiler (constant data of the debug build's assertions).
 *
 * RECORD: one print as the matcher reads it, 16-byte aligned, n minutiae, n <= MAX_MINUTIAE
 *
 *   0        u16 n
 *   2        u16 0
 *   4        u32 length of the record in bytes
 *   8        u64 0
 *   16       128-bit geometric code x n
 *            u32 cell mask x n
 *            i16 x (px at 500 ppi) x n
 *            i16 y (px at 500 ppi, down) x n
 *            u8 direction (256ths of a turn, counter-clockwise with y up) x n
 *            padding to 16
 */

/** Changes whenever a region does; TypeScript refuses a core of another layout. */
export const LAYOUT_VERSION: i32 = 1

/** ISO/IEC 19794-2:2005, 7.4.1.5 keeps the count in one byte. */
export const MAX_MINUTIAE: i32 = 255

const HEADER: i32 = 16

export function recordBytes(n: i32): i32 {
  return (HEADER + n * 25 + 15) & ~15
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

/** Side of a cell, the unit of orientation, period and segmentation, px. */
export const CELL: i32 = 4

/** Margin round every padded image, px: a kernel of radius 9 with its taps rounded up to 24 reads 14 px further. */
export const MARGIN: i32 = 16

/** Pixels from one row of a padded image to the next. */
export function paddedStride(width: i32): i32 {
  return width + 2 * MARGIN
}
export function paddedBytes(width: i32, height: i32): usize {
  return (<usize>(paddedStride(width) * (height + 2 * MARGIN))) << 1
}
/** Address of the i16 pixel (x, y) of a padded image. */
export function paddedPixel(image: usize, width: i32, x: i32, y: i32): usize {
  return image + ((<usize>((y + MARGIN) * paddedStride(width) + x + MARGIN)) << 1)
}

/** A kernel row holds 19 taps and 5 zeros: three vectors of eight i16. */
export const KERNEL_ROW_BYTES: usize = 48
export const KERNEL_BYTES: usize = 19 * KERNEL_ROW_BYTES
/** 32 orientations x 8 periods. */
export const BANK_BYTES: usize = 256 * KERNEL_BYTES
