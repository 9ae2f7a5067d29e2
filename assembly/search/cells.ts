/**
 * The cells of an index whose centres are nearest to each of the probe's best minutiae. All indexes of a memory have the same centres, as a
 * rule: what was found for one is kept for the others, and costs a search of millions as much as one of thousands.
 */
import { bitsThatDiffer } from '../math/codes'
import { countUp, reach } from '../math/counts'
import {
  CELLS_COUNTS,
  CELLS_GROUPS,
  CELLS_KEPT,
  CELLS_MEASURED,
  CELLS_NEAREST,
  CELLS_WORDS,
  INDEX_CELL_CENTRES,
  INDEX_CENTRES_ID,
  INDEX_GROUP_CENTRES,
  SCREEN_CELLS,
  SCREEN_SCAN,
} from '../memory'
import { INDEX_CENTRES, INDEX_LOOKED } from '../parameters'

const CODE_BITS: u32 = 128

/** Fills CELLS with the `kept` nearest (CELLS_KEPT at most) for the `count` codes in SCREEN_SCAN, unless it is filled by the same centres. */
export function nearestCells(index: usize, count: i32, kept: u32, scratch: usize): void {
  const cells = scratch + SCREEN_CELLS
  if (load<u32>(cells) === load<u32>(index, INDEX_CENTRES_ID)) return
  for (let minutia: usize = 0; minutia < <usize>count; minutia++) {
    const code = scratch + SCREEN_SCAN + (minutia << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    const measured = measure(index, nearestGroups(index, low, high, cells), low, high, cells)
    keep(kept, measured, cells, cells + CELLS_NEAREST + minutia * ((<usize>CELLS_KEPT) << 1))
  }
  store<u32>(cells, load<u32>(index, INDEX_CENTRES_ID))
}

/** Writes how far each group is to CELLS_GROUPS. Returns how far the INDEX_LOOKED nearest are. */
function nearestGroups(index: usize, low: u64, high: u64, cells: usize): u32 {
  const counts = cells + CELLS_COUNTS
  memory.fill(counts, 0, (<usize>CODE_BITS + 1) << 2)
  for (let group: usize = 0; group < <usize>INDEX_CENTRES; group++) {
    const differ = bitsThatDiffer(low, high, index + INDEX_GROUP_CENTRES + (group << 4))
    store<u8>(cells + CELLS_GROUPS + group, <u8>differ)
    countUp(counts, differ)
  }
  return reach(INDEX_LOOKED, counts)
}

/** Writes the cells of the groups up to the distance `within`, and how far each is, to CELLS_WORDS; how many are at each distance to CELLS_COUNTS. */
function measure(index: usize, within: u32, low: u64, high: u64, cells: usize): i32 {
  const counts = cells + CELLS_COUNTS
  memory.fill(counts, 0, (<usize>CODE_BITS + 1) << 2)
  let measured: i32 = 0
  for (let group: i32 = 0; group < INDEX_CENTRES && measured < CELLS_MEASURED; group++) {
    if (<u32>load<u8>(cells + CELLS_GROUPS + <usize>group) > within) continue
    const first = group * INDEX_CENTRES
    for (let cell = first; cell < first + INDEX_CENTRES; cell++) {
      const differ = bitsThatDiffer(low, high, index + INDEX_CELL_CENTRES + ((<usize>cell) << 4))
      store<u32>(cells + CELLS_WORDS + ((<usize>measured) << 2), (differ << 16) | <u32>cell)
      countUp(counts, differ)
      measured++
    }
  }
  return measured
}

/** Writes the `kept` nearest of so many cells to `nearest` in their own order; of those that are as near as the last, the first. */
function keep(kept: u32, measured: i32, cells: usize, nearest: usize): void {
  const counts = cells + CELLS_COUNTS
  let within: u32 = 0
  let sum = load<u32>(counts)
  while (sum < kept && within < CODE_BITS) {
    within++
    sum += load<u32>(counts + ((<usize>within) << 2))
  }
  let surplus = max(sum, kept) - kept
  let next = nearest + ((<usize>kept) << 1)
  for (let k: i32 = measured - 1; k >= 0; k--) {
    const word = load<u32>(cells + CELLS_WORDS + ((<usize>k) << 2))
    const differ = word >> 16
    if (differ > within) continue
    if (differ === within && surplus > 0) {
      surplus--
      continue
    }
    next -= 2
    store<u16>(next, <u16>word)
  }
}
