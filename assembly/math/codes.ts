/** In how many of its 128 bits the code at `code` differs from another, given as two words. */
export function bitsThatDiffer(low: u64, high: u64, code: usize): u32 {
  return <u32>(popcnt(low ^ load<u64>(code)) + popcnt(high ^ load<u64>(code, 8)))
}
