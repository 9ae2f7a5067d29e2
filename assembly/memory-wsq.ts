import { RowTap } from './math/weigh-rows'

/**
 * WSQ: one image between its pixels and its coded data. The header (this class, at the start of the region) holds the address
 * of every part; `planWsq` fills it in.
 */
@unmanaged
export class WsqImage {
  /** px. */
  width: i32
  height: i32
  /** Samples from one row of a plane to the next: the width rounded up to what is written at once. */
  stride: i32
  /** u8, row by row. */
  pixels: usize
  /** f32: the image, or the coefficients of its subbands, each where it lies. */
  plane: usize
  /** f32, as large: what filtering along y leaves to filtering along x. Else the quantized coefficients, one subband after the other. */
  other: usize
  /** WsqBank, WsqRegion x WSQ_REGIONS, WsqSubband x WSQ_SUBBANDS: from the host. */
  bank: usize
  regions: usize
  subbands: usize
  /** WsqSource: for each place of a line and WSQ_REACH before and behind it, of both halves. */
  sources: usize
  /** RowTap x WSQ_TAPS. */
  taps: usize
  /** f32: four lines, two that are read and two that are written. */
  lines: usize
  /** u32 x 256: how often each symbol was used. */
  counts: usize
  /**
   * To write: u32 x 256, code << 8 | its bits. To read: for the first WSQ_LOOKUP_BITS bits of what comes u16 bits << 8 | symbol
   * of the code that they begin with, 0 where it is longer; then for each length, 0 to 16 bits, u32 where its codes end, where
   * they begin (both left-aligned in 16 bits: the codes of one length are a range of numbers) and where their symbols do; then
   * u8 symbols in the order of codes.
   */
  codes: usize
  /** WsqMeasures. */
  measures: usize
  /** u32 a symbol: it, and the bits of a value after it. */
  tokens: usize
  /** Coded data, to the end of the memory. */
  data: usize
}

/** Two filters as weights of samples in two halves of a line: what one step of the transform does in either direction. */
@unmanaged
export class WsqBank {
  /** 1 where the filters have an even number of taps. */
  even: i32
  count: i32
}

/** The sample `step` places further in half 0 or 1, and its weights in both results. */
@unmanaged
export class WsqTap {
  half: i32
  step: i32
  first: f32
  second: f32
}

/** A rectangle of the plane that is split into four, or joined from them; mirrored along an axis: high half first. */
@unmanaged
export class WsqRegion {
  x: i32
  y: i32
  width: i32
  height: i32
  mirroredX: i32
  mirroredY: i32
}

/**
 * A rectangle of the plane and the width of its bins, 0 where it is not in the stream. `offset` is half the width of the bin
 * about zero to put values into bins; to take them out again, the value of bin n is n * bin + offset.
 */
@unmanaged
export class WsqSubband {
  x: i32
  y: i32
  width: i32
  height: i32
  bin: f32
  offset: f32
}

/** Where in a line a sample is taken from, and its factor: outside the line it is one from within. */
@unmanaged
export class WsqSource {
  at: i32
  factor: f32
}

/** Results that are more than one number. */
@unmanaged
export class WsqMeasures {
  sum: f64
  squares: f64
  least: f64
  most: f64
  /** Bytes of coded data. */
  used: f64
}

export const WSQ_REGIONS: i32 = 20
export const WSQ_SUBBANDS: i32 = 60
/** Filters have at most 32 taps: they reach 9 places of either half to either side, with both halves 38 in all. */
export const WSQ_REACH: i32 = 10
export const WSQ_TAPS: i32 = 40
/** Bits of a code that are looked up at once. */
export const WSQ_LOOKUP_BITS: i32 = 10
/** Bytes of the parts of what codes are read with: u16 an entry, u32 a length three times, u8 a symbol. */
export const WSQ_LOOKUP_BYTES: usize = 2 << WSQ_LOOKUP_BITS
export const WSQ_LENGTHS_BYTES: usize = 17 * 4
export const WSQ_SYMBOLS_BYTES: usize = 4096

/** Samples that a filter writes at once: rows may be overrun by one fewer. */
export const WSQ_RUN: i32 = 16

/** Lays out the region at `base`; returns where coded data begin. */
export function planWsq(base: usize, width: i32, height: i32): usize {
  const image = changetype<WsqImage>(base)
  const stride = (width + WSQ_RUN - 1) & -WSQ_RUN
  const samples = <usize>stride * <usize>height + WSQ_RUN
  const longest = <usize>max(width, height)
  image.width = width
  image.height = height
  image.stride = stride
  image.bank = aligned(base + offsetof<WsqImage>())
  image.regions = aligned(image.bank + offsetof<WsqBank>() + <usize>WSQ_TAPS * offsetof<WsqTap>())
  image.subbands = aligned(image.regions + <usize>WSQ_REGIONS * offsetof<WsqRegion>())
  image.taps = aligned(image.subbands + <usize>WSQ_SUBBANDS * offsetof<WsqSubband>())
  image.counts = aligned(image.taps + <usize>WSQ_TAPS * offsetof<RowTap>())
  image.codes = aligned(image.counts + 256 * 4)
  image.measures = aligned(image.codes + WSQ_LOOKUP_BYTES + 3 * WSQ_LENGTHS_BYTES + WSQ_SYMBOLS_BYTES)
  image.sources = aligned(image.measures + offsetof<WsqMeasures>())
  image.lines = aligned(image.sources + 2 * sourcesOf(<i32>longest) * offsetof<WsqSource>())
  image.pixels = aligned(image.lines + 4 * lineBytes(<i32>longest))
  image.plane = aligned(image.pixels + <usize>(width * height) + <usize>WSQ_RUN)
  image.other = image.plane + (samples << 2)
  image.tokens = image.other + (samples << 2)
  image.data = image.tokens + (samples << 2)
  return image.data
}

/** Sources of one half of a line of so many samples. */
export function sourcesOf(length: i32): usize {
  return <usize>(((length + 1) >> 1) + 2 * WSQ_REACH)
}

/** Bytes of one half of a line with what it is continued by. */
export function lineBytes(length: i32): usize {
  return (sourcesOf(length) + <usize>WSQ_RUN) << 2
}

function aligned(at: usize): usize {
  return (at + 15) & ~15
}

export function wsqPixelsAt(base: usize): usize {
  return changetype<WsqImage>(base).pixels
}
export function wsqBankAt(base: usize): usize {
  return changetype<WsqImage>(base).bank
}
export function wsqRegionsAt(base: usize): usize {
  return changetype<WsqImage>(base).regions
}
export function wsqSubbandsAt(base: usize): usize {
  return changetype<WsqImage>(base).subbands
}
export function wsqCountsAt(base: usize): usize {
  return changetype<WsqImage>(base).counts
}
export function wsqCodesAt(base: usize): usize {
  return changetype<WsqImage>(base).codes
}
export function wsqMeasuresAt(base: usize): usize {
  return changetype<WsqImage>(base).measures
}
export function wsqStride(base: usize): i32 {
  return changetype<WsqImage>(base).stride
}
export function wsqPlaneAt(base: usize): usize {
  return changetype<WsqImage>(base).plane
}
export function wsqOtherAt(base: usize): usize {
  return changetype<WsqImage>(base).other
}
