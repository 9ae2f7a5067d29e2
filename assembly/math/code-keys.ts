/**
 * Keys of a learned code: 16 of its bits in each of INDEX_TABLES ways, and a sketch of 16 others that is kept beside the
 * slot, so that most codes with the same key need not be looked up to be told apart.
 */

/** Bytes of the code that make the key of a table: eight neighbouring pairs, then four others. */
export function keyOf(code: usize, table: i32): u32 {
  if (table < 8) return load<u16>(code + ((<usize>table) << 1))
  const at = <usize>((table - 8) << 2)
  return <u32>load<u8>(code + at) | ((<u32>load<u8>(code + ((at + 3) & 15))) << 8)
}

/** Two bytes that are in no part of the table's key, as they stand in an entry: in the upper half. */
export function sketchOf(code: usize, table: i32): u32 {
  const at = <usize>(table < 8 ? table << 1 : (table - 8) << 2)
  const low = <u32>load<u8>(code + ((at + 6) & 15))
  const high = <u32>load<u8>(code + ((at + 11) & 15))
  return (low << 16) | (high << 24)
}
