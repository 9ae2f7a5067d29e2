/**
 * Marks which of `n` bytes, 0 to 100 each, are the `most` greatest ones, of equal ones the first: writes 1 or 0 to `marks` for each.
 * Returns how many are marked, `most` or all.
 */
export function markGreatest(bytes: usize, n: i32, most: i32, marks: usize): i32 {
  if (n <= most) {
    memory.fill(marks, 1, <usize>n)
    return n
  }
  let least = 0
  let above = 101
  // The greatest value that `most` and more reach.
  while (above - least > 1) {
    const middle = (least + above) >> 1
    if (countFrom(bytes, n, middle) >= most) least = middle
    else above = middle
  }
  let equals = most - countFrom(bytes, n, least + 1)
  for (let i = 0; i < n; i++) {
    const value = <i32>load<u8>(bytes + <usize>i)
    const isEqual = value === least && equals > 0
    if (isEqual) equals--
    store<u8>(marks + <usize>i, value > least || isEqual ? 1 : 0)
  }
  return most
}

function countFrom(bytes: usize, n: i32, least: i32): i32 {
  let count = 0
  for (let i = 0; i < n; i++) count += <i32>load<u8>(bytes + <usize>i) >= least ? 1 : 0
  return count
}
