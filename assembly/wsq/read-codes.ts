/** Coded data of a WSQ stream to quantized coefficients (IAFIS-IC-0110: Huffman codes, runs of zeros, escapes). */
import { WSQ_LENGTHS_BYTES, WSQ_LOOKUP_BITS, WSQ_LOOKUP_BYTES, WsqImage, WsqMeasures } from '../memory'
import {
  WSQ_LAST_RUN,
  WSQ_NEGATIVE_8,
  WSQ_NEGATIVE_16,
  WSQ_POSITIVE_8,
  WSQ_RUN_8,
  WSQ_RUN_16,
  WSQ_ZERO,
} from '../parameters-wsq'
import { OK, WSQ_CUT_SHORT, WSQ_NO_CODE, WSQ_NO_MEANING, WSQ_TOO_MANY } from '../status'

/**
 * Reads `length` bytes of the coded data from byte `from` on to coefficients from place `filled` on, at most to `capacity`. Stops
 * at the last whole code: what fills the last byte is none.
 *
 * @returns how far coefficients are filled then, or a status; measures then say how many bytes were read before what is wrong
 */
export function readCodes(base: usize, from: i32, length: i32, filled: i32, capacity: i32): i32 {
  const image = changetype<WsqImage>(base)
  const codes = image.codes
  const start = image.data + <usize>from
  const end = start + <usize>length
  let at = start
  let window: u64 = 0
  let bits = 0
  let status = OK
  for (;;) {
    // A code and a value after it have at most 32 bits.
    if (bits < 32) {
      const four: u32 = at + 4 <= end ? load<u32>(at) : 0xffffffff
      if ((four & (~four - 0x01010101) & 0x80808080) == 0) {
        window = (window << 32) | <u64>bswap<u32>(four)
        at += 4
        bits += 32
      } else {
        while (at < end && bits < 32) {
          const byte = load<u8>(at)
          window = (window << 8) | <u64>byte
          bits += 8
          // A byte of ones has a zero after it.
          at += byte == 0xff ? 2 : 1
        }
      }
    }
    // Ones after the end, which begin no code: no conforming table has a code of ones alone.
    const missing = max(0, 16 - bits)
    const next = <u32>(((window << missing) | ((1 << missing) - 1)) >> (bits + missing - 16)) & 0xffff
    const entry = codeAt(codes, next)
    const codeBits = entry >> 8
    if (entry == 0 || codeBits > bits) {
      if (bits >= 8) status = WSQ_NO_CODE
      break
    }
    bits -= codeBits
    const symbol = entry & 0xff
    if (symbol > WSQ_RUN_16 && symbol < 255) {
      if (filled >= capacity) {
        status = WSQ_TOO_MANY
        break
      }
      store<i32>(image.other + ((<usize>filled) << 2), symbol - WSQ_ZERO)
      filled++
      continue
    }
    let run = symbol
    if (symbol > WSQ_LAST_RUN) {
      const valueBits = symbol == WSQ_POSITIVE_8 || symbol == WSQ_NEGATIVE_8 || symbol == WSQ_RUN_8 ? 8 : 16
      if (symbol > WSQ_RUN_16) {
        status = WSQ_NO_MEANING
        break
      }
      if (bits < valueBits) {
        status = WSQ_CUT_SHORT
        break
      }
      bits -= valueBits
      const value = <i32>(window >> bits) & ((1 << valueBits) - 1)
      if (symbol < WSQ_RUN_8) {
        if (filled >= capacity) {
          status = WSQ_TOO_MANY
          break
        }
        const isNegative = symbol == WSQ_NEGATIVE_8 || symbol == WSQ_NEGATIVE_16
        store<i32>(image.other + ((<usize>filled) << 2), isNegative ? -value : value)
        filled++
        continue
      }
      run = value
    } else if (symbol == 0) {
      status = WSQ_NO_MEANING
      break
    }
    if (run > capacity - filled) {
      status = WSQ_TOO_MANY
      break
    }
    // Four at a time: what is behind the run is not there yet.
    const runEnd = image.other + ((<usize>(filled + run)) << 2)
    for (let to = image.other + ((<usize>filled) << 2); to < runEnd; to += 16) v128.store(to, i32x4.splat(0))
    filled += run
  }
  if (status == OK) return filled
  changetype<WsqMeasures>(image.measures).used = <f64>(<i32>(at - start) - ((bits + 7) >> 3))
  return status
}

/** Sets coefficients that no stream has brought to zero. */
export function clearCoefficients(base: usize, from: i32, to: i32): void {
  const image = changetype<WsqImage>(base)
  memory.fill(image.other + ((<usize>from) << 2), 0, (<usize>(to - from)) << 2)
}

/** Bits << 8 | symbol of the code that 16 bits begin with; 0 where there is none. */
function codeAt(codes: usize, next: u32): i32 {
  const entry = <i32>load<u16>(codes + ((<usize>(next >> (16 - WSQ_LOOKUP_BITS))) << 1))
  return entry != 0 ? entry : longCodeAt(codes + WSQ_LOOKUP_BYTES, next)
}

/** Codes are in order of their lengths, so the first range that does not end before the bits has them. */
function longCodeAt(lengths: usize, next: u32): i32 {
  for (let bits = WSQ_LOOKUP_BITS + 1; bits <= 16; bits++) {
    const length = lengths + ((<usize>bits) << 2)
    if (next >= load<u32>(length)) continue
    const start = load<u32>(length, WSQ_LENGTHS_BYTES)
    const first = load<u32>(length, 2 * WSQ_LENGTHS_BYTES)
    const symbols = lengths + 3 * WSQ_LENGTHS_BYTES
    return (bits << 8) | <i32>load<u8>(symbols + <usize>(first + ((next - start) >> (16 - bits))))
  }
  return 0
}
