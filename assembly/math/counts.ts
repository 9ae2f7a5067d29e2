/** Adds to the u32 at `number`; returns what it was. */
export function addTo(words: usize, number: u32, value: u32): u32 {
  const at = words + ((<usize>number) << 2)
  const before = load<u32>(at)
  store<u32>(at, before + value)
  return before
}

/** Adds 1 to the u32 at `number`; returns what it was. */
export function countUp(words: usize, number: u32): u32 {
  return addTo(words, number, 1)
}
