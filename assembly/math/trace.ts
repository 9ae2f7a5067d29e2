/** Walking along a skeleton. */
import { crossings, neighbourAt, neighbours } from './neighbourhood'

/**
 * From `from` over its neighbour `next`, at most `steps` pixels on, stopping at an end or a fork. Returns the address
 * of the last pixel reached.
 */
export function follow(from: usize, next: usize, width: i32, steps: i32): usize {
  let before = from
  let at = next
  for (let step = 1; step < steps; step++) {
    const around = neighbours(at, width)
    if (crossings(around) != 2) return at
    const on = onward(before, at, around, width)
    if (on == at) return at
    before = at
    at = on
  }
  return at
}

/** The neighbour of `at` that does not touch `before`; `at` itself when there is none. */
function onward(before: usize, at: usize, around: i32, width: i32): usize {
  let corner = at
  for (let k = 0; k < 8; k++) {
    if (!((around >> k) & 1)) continue
    const on = neighbourAt(at, width, k)
    if (on == before || touches(on, before, width)) continue
    if (!(k & 1)) return on
    corner = on
  }
  return corner
}

function touches(a: usize, b: usize, width: i32): bool {
  const distance = <i32>(a > b ? a - b : b - a)
  return distance == 1 || (distance >= width - 1 && distance <= width + 1)
}
