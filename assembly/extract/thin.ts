/**
 * Ridges -> skeleton one pixel wide: Zhang, Suen, CACM 27(3) 1984, then a pass that takes out the corners of staircases
 * (pixels whose removal disconnects nothing), so that the crossing number of every pixel is what it looks like.
 * */
import { crossings, isSimple, neighbours } from '../math/neighbourhood'
import { Extraction } from '../memory'

export function thin(r: Extraction): void {
  const width = r.paddedWidth
  const pixels = width * r.paddedHeight
  memory.copy(r.skeleton, r.ridges, pixels)
  let count = 0
  for (let i = 0; i < pixels; i++) {
    if (!load<u8>(r.skeleton + <usize>i)) continue
    store<i32>(r.list + ((<usize>count) << 2), i)
    count++
  }
  let before = 0
  do {
    before = count
    count = peel(r, count, 0)
    count = peel(r, count, 1)
  } while (count < before)
  for (let k = 0; k < count; k++) {
    const at = r.skeleton + <usize>load<i32>(r.list + ((<usize>k) << 2))
    const around = neighbours(at, width)
    if (popcnt(around) >= 2 && isSimple(around)) store<u8>(at, 0)
  }
}

/** One sub-iteration: finds what can go, then removes it all at once. Returns how many ridge pixels are left. */
function peel(r: Extraction, count: i32, phase: i32): i32 {
  for (let k = 0; k < count; k++) {
    const at = r.skeleton + <usize>load<i32>(r.list + ((<usize>k) << 2))
    const around = neighbours(at, r.paddedWidth)
    if (around == 255) continue
    const set = popcnt(around)
    if (set < 2 || set > 6 || crossings(around) != 1) continue
    const right = around & 1
    const up = (around >> 2) & 1
    const left = (around >> 4) & 1
    const down = (around >> 6) & 1
    const stays = phase ? (up & right & left) | (up & down & left) : (up & right & down) | (right & down & left)
    if (!stays) store<u8>(at, 3)
  }
  let kept = 0
  for (let k = 0; k < count; k++) {
    const i = load<i32>(r.list + ((<usize>k) << 2))
    const at = r.skeleton + <usize>i
    if (load<u8>(at) == 3) store<u8>(at, 0)
    else {
      store<i32>(r.list + ((<usize>kept) << 2), i)
      kept++
    }
  }
  return kept
}
