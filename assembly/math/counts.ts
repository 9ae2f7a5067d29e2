/** Adds 1 to the u32 at `number`; returns what it was. */
export function countUp(words: usize, number: u32): u32 {
  const at = words + ((<usize>number) << 2)
  const before = load<u32>(at)
  store<u32>(at, before + 1)
  return before
}

/** The last of 129 distances up to which their counts come to no more than `allowed`, or, if the first that are there are more, that of these. */
export function reach(allowed: u32, counts: usize): u32 {
  let within: u32 = 0
  let sum = load<u32>(counts)
  while (within < 128) {
    const next = load<u32>(counts + ((<usize>within + 1) << 2))
    if (sum > 0 && sum + next > allowed) break
    sum += next
    within++
  }
  return within
}
