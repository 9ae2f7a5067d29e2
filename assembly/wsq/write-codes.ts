/** Quantized coefficients to the coded data of a WSQ stream (IAFIS-IC-0110: Huffman codes, runs of zeros, escapes). */
import { WsqImage } from '../memory'
import {
  WSQ_LAST_RUN,
  WSQ_LEAST,
  WSQ_MOST,
  WSQ_NEGATIVE_8,
  WSQ_NEGATIVE_16,
  WSQ_POSITIVE_8,
  WSQ_POSITIVE_16,
  WSQ_RUN_8,
  WSQ_RUN_16,
  WSQ_ZERO,
} from '../parameters-wsq'

const LONGEST_RUN: usize = 65_535

/**
 * Symbols of `count` coefficients from place `from` on, as tokens from place `token` on: symbol | bits << 8 | value << 16,
 * value being what so many bits say after the symbol. Adds to the counts of symbols.
 *
 * @returns the place behind the last token
 */
export function findSymbols(base: usize, from: i32, count: i32, token: i32): i32 {
  const image = changetype<WsqImage>(base)
  const end = image.other + ((<usize>(from + count)) << 1)
  let at = image.other + ((<usize>from) << 1)
  let to = image.tokens + ((<usize>token) << 2)
  while (at < end) {
    const value = <i32>load<i16>(at)
    let word: u32
    if (value == 0) {
      const run = runAt(at, min(end, at + (LONGEST_RUN << 1)))
      at += (<usize>run) << 1
      word =
        run <= WSQ_LAST_RUN
          ? run
          : run < 256
            ? WSQ_RUN_8 | (8 << 8) | (run << 16)
            : WSQ_RUN_16 | (16 << 8) | (run << 16)
    } else {
      at += 2
      if (value >= WSQ_LEAST && value <= WSQ_MOST) word = value + WSQ_ZERO
      else if (value > 0) word = (value < 256 ? WSQ_POSITIVE_8 | (8 << 8) : WSQ_POSITIVE_16 | (16 << 8)) | (value << 16)
      else word = (value > -256 ? WSQ_NEGATIVE_8 | (8 << 8) : WSQ_NEGATIVE_16 | (16 << 8)) | (-value << 16)
    }
    const uses = image.counts + ((<usize>(word & 0xff)) << 2)
    store<u32>(uses, load<u32>(uses) + 1)
    store<u32>(to, word)
    to += 4
  }
  return <i32>((to - image.tokens) >> 2)
}

export function clearCounts(base: usize): void {
  memory.fill(changetype<WsqImage>(base).counts, 0, 256 * 4)
}

/** Zeros from `at` on. */
function runAt(at: usize, end: usize): i32 {
  let to = at
  while (to + 16 <= end && !v128.any_true(v128.load(to))) to += 16
  while (to < end && load<i16>(to) == 0) to += 2
  return <i32>((to - at) >> 1)
}

/**
 * Codes of the tokens `from` to `to`, filled up with ones to a whole byte, to the coded data from byte `offset` on: with a
 * zero after each byte of ones.
 *
 * @returns the bytes written
 */
export function writeCodes(base: usize, from: i32, to: i32, offset: i32): i32 {
  const image = changetype<WsqImage>(base)
  const end = image.tokens + ((<usize>to) << 2)
  const start = image.data + <usize>offset
  let at = start
  let window: u64 = 0
  let bits = 0
  for (let token = image.tokens + ((<usize>from) << 2); token < end; token += 4) {
    const word = load<u32>(token)
    const code = load<u32>(image.codes + ((<usize>(word & 0xff)) << 2))
    const codeBits = <i32>(code & 0xff)
    const valueBits = <i32>((word >> 8) & 0xff)
    window = (((window << codeBits) | <u64>(code >> 8)) << valueBits) | <u64>(word >> 16)
    bits += codeBits + valueBits
    if (bits < 32) continue
    bits -= 32
    const four = <u32>(window >> bits)
    if ((four & (~four - 0x01010101) & 0x80808080) == 0) {
      store<u32>(at, bswap<u32>(four))
      at += 4
    } else {
      for (let shift = 24; shift >= 0; shift -= 8) at = writeByte(at, (four >> shift) & 0xff)
    }
  }
  const fill = -bits & 7
  window = (window << fill) | <u64>((1 << fill) - 1)
  for (bits += fill; bits > 0; bits -= 8) at = writeByte(at, <u32>(window >> (bits - 8)) & 0xff)
  return <i32>(at - start)
}

function writeByte(at: usize, byte: u32): usize {
  if (byte != 0xff) {
    store<u8>(at, byte)
    return at + 1
  }
  store<u16>(at, 0x00ff)
  return at + 2
}
