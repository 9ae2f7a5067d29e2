/**
 * The eight neighbours of a pixel as bits: bit 0 to the right, then counter-clockwise on the screen (Rutovitz, J. Royal
 * Statistical Society A 129(4) 1966, whose crossing number this is for).
 */

/** The eight neighbours of the u8 pixel at `at`, their lowest bits. */
export function neighbours(at: usize, width: i32): i32 {
  const row = <usize>width
  return (
    (<i32>load<u8>(at + 1) & 1) |
    ((<i32>load<u8>(at - row + 1) & 1) << 1) |
    ((<i32>load<u8>(at - row) & 1) << 2) |
    ((<i32>load<u8>(at - row - 1) & 1) << 3) |
    ((<i32>load<u8>(at - 1) & 1) << 4) |
    ((<i32>load<u8>(at + row - 1) & 1) << 5) |
    ((<i32>load<u8>(at + row) & 1) << 6) |
    ((<i32>load<u8>(at + row + 1) & 1) << 7)
  )
}

/** Rises from empty to set while going once round: 1 at an end, 2 along a line, 3 at a fork. */
export function crossings(around: i32): i32 {
  return popcnt(around & ~((around << 1) | (around >> 7)) & 255)
}

/** Whether the set neighbours hang together without the centre (8-connected: a corner joins its two sides). */
export function isSimple(around: i32): bool {
  const right = around & 1
  const up = (around >> 2) & 1
  const left = (around >> 4) & 1
  const down = (around >> 6) & 1
  // Hilditch's crossing number for 8-connectivity, Yokoi 1973: sum of (not n[k]) and (n[k+1] or n[k+2]).
  let parts = 0
  if (!right && around & 0b00000110) parts++
  if (!up && around & 0b00011000) parts++
  if (!left && around & 0b01100000) parts++
  if (!down && around & 0b10000001) parts++
  return parts == 1
}

/** Address of neighbour `k`. */
export function neighbourAt(at: usize, width: i32, k: i32): usize {
  const dx = k == 0 || k == 1 || k == 7 ? 1 : k == 3 || k == 4 || k == 5 ? -1 : 0
  const dy = k >= 1 && k <= 3 ? -1 : k >= 5 ? 1 : 0
  return at + dy * width + dx
}
