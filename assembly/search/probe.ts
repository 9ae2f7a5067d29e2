/** What the screen prepares once for a slice: tables, and the probe's minutiae as its kernels read them. */
import {
  geometricCodes,
  recordDirections,
  recordLearned,
  recordX,
  recordY,
  SCREEN_COS,
  SCREEN_LEARNED_PROBE,
  SCREEN_PROBE,
  SCREEN_PROBE_BYTES,
  SCREEN_RECIPROCALS,
  SCREEN_SIN,
} from '../memory'
import { SCREEN_SMOOTHING } from '../parameters'

/** Similarity 1 as an integer. */
const ONE: u32 = 1 << 24

export function tabulate(scratch: usize): void {
  for (let k: u32 = 0; k <= 256; k++) {
    store<u32>(scratch + SCREEN_RECIPROCALS + ((<usize>k) << 2), ONE / (k + SCREEN_SMOOTHING))
  }
  for (let k = 0; k < 256; k++) {
    const angle = <f32>k * (Mathf.PI / 128)
    store<f32>(scratch + SCREEN_COS + ((<usize>k) << 2), Mathf.cos(angle))
    store<f32>(scratch + SCREEN_SIN + ((<usize>k) << 2), Mathf.sin(angle))
  }
}

/** Writes SCREEN_PROBE: the minutiae that have a geometric code. Returns how many. */
export function unpackGeometric(probe: usize, scratch: usize): i32 {
  return unpack(probe, geometricCodes(probe), false, scratch + SCREEN_PROBE)
}

/** Writes SCREEN_LEARNED_PROBE: all minutiae of a record with learned codes. Returns how many. */
export function unpackLearned(probe: usize, scratch: usize): i32 {
  return unpack(probe, probe + <usize>recordLearned(<i32>load<u16>(probe)), true, scratch + SCREEN_LEARNED_PROBE)
}

/** `all`: also those whose code is 0, which a geometric code is where there is none. */
function unpack(probe: usize, codes: usize, all: bool, to: usize): i32 {
  const n = <i32>load<u16>(probe)
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < n; i++) {
    sumX += load<i16>(probe + <usize>(recordX() + 2 * i))
    sumY += load<i16>(probe + <usize>(recordY(n) + 2 * i))
  }
  let count = 0
  for (let i = 0; i < n; i++) {
    const code = codes + ((<usize>i) << 4)
    const size = <u32>(popcnt(load<u64>(code)) + popcnt(load<u64>(code, 8)))
    if (size === 0 && !all) continue
    const at = to + <usize>count * SCREEN_PROBE_BYTES
    memory.copy(at, code, 16)
    store<f32>(at, <f32>load<i16>(probe + <usize>(recordX() + 2 * i)) - <f32>sumX / <f32>n, 16)
    store<f32>(at, <f32>load<i16>(probe + <usize>(recordY(n) + 2 * i)) - <f32>sumY / <f32>n, 20)
    store<u32>(at, size, 24)
    store<u32>(at, <u32>load<u8>(probe + <usize>(recordDirections(n) + i)), 28)
    count++
  }
  return count
}
