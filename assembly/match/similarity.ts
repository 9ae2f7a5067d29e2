/**
 * Similarity of two codes: 1 - sqrt(bits that differ) / (sqrt(bits set in one) + sqrt(bits set in the other)), all over
 * the cells both prints cover (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12) 2010, bit form): 0 to 1.
 */
import { geometricCodes, geometricMasks } from '../memory'
import { SIMILARITY_MIN_CELLS } from '../parameters'

/** Similarity of two minutiae whose codes cannot be compared. */
const NO_CODE: f32 = -1

/** Writes f32 similarities of every minutia of `a` with every one of `b` at `out`, row by row. */
export function codeSimilarities(a: usize, b: usize, out: usize): void {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  const codesB = geometricCodes(b)
  const masksB = geometricMasks(b)
  const codesA = geometricCodes(a)
  const masksA = geometricMasks(a)
  let to = out
  for (let i = 0; i < na; i++) {
    const codeA = codesA + ((<usize>i) << 4)
    const low = load<u64>(codeA)
    const high = load<u64>(codeA, 8)
    const maskA = load<u32>(masksA + ((<usize>i) << 2))
    for (let j = 0; j < nb; j++) {
      const mask = maskA & load<u32>(masksB + ((<usize>j) << 2))
      const codeB = codesB + ((<usize>j) << 4)
      store<f32>(
        to,
        <i32>popcnt(mask) < SIMILARITY_MIN_CELLS
          ? NO_CODE
          : similarity(low, high, load<u64>(codeB), load<u64>(codeB, 8), mask),
      )
      to += 4
    }
  }
}

function similarity(lowA: u64, highA: u64, lowB: u64, highB: u64, cells: u32): f32 {
  const mask = ((<u64>cells) << 32) | <u64>cells
  const la = lowA & mask
  const ha = highA & mask
  const lb = lowB & mask
  const hb = highB & mask
  const set = sqrt<f32>(<f32>(popcnt(la) + popcnt(ha))) + sqrt<f32>(<f32>(popcnt(lb) + popcnt(hb)))
  if (set === 0) return NO_CODE
  return 1 - sqrt<f32>(<f32>(popcnt(la ^ lb) + popcnt(ha ^ hb))) / set
}
