/**
 * Builds the index of a segment: an inverted file over codes. Centres are found by k-majority, k-means in the space of bits:
 * a centre's bit is what most of its codes have. Two levels, so that a code is compared with 2 x INDEX_CENTRES centres
 * instead of INDEX_CENTRES^2. Nothing is drawn at random: the same records in the same slots make the same bytes.
 */
import { bitsThatDiffer } from '../math/codes'
import { countUp } from '../math/counts'
import {
  INDEX_CELL_CENTRES,
  INDEX_CELLS,
  INDEX_CENTRES_ID,
  INDEX_CODE_COUNT,
  INDEX_CODES,
  INDEX_ENTRY_BYTES,
  INDEX_GROUP_CENTRES,
  INDEX_RECORDS,
  INDEX_SLOTS,
  INDEX_STARTS,
  INDEX_WORTHS,
  RECORD_NETWORK,
  recordLearned,
  SEGMENT_SLOTS,
  SETTLE_COUNTS,
} from '../memory'
import { INDEX_CENTRES, INDEX_ROUNDS, INDEX_SAMPLE, SCREEN_MIN_MINUTIAE } from '../parameters'

const WORD_BITS: usize = 64

/** Further than any centre: bits that differ << 8 | centre. */
const FARTHEST: i64 = 0xffff_ffff

/**
 * Fills an INDEX whose INDEX_SLOTS hold the segment's slots (record address / 16) and that has room for their codes of
 * `network`. Slots with other records become 0. The centres, of number `centres`, are those of the index at `like`, or found
 * when that is 0. `scratch`: SETTLE.
 */
export function indexSegment(index: usize, network: u32, centres: u32, like: usize, scratch: usize): void {
  store<u32>(index, network)
  store<u32>(index, centres, INDEX_CENTRES_ID)
  memory.fill(index + INDEX_WORTHS, 0, INDEX_CODES - INDEX_WORTHS)
  const codes = select(index, network)
  if (like) memory.copy(index + INDEX_GROUP_CENTRES, like + INDEX_GROUP_CENTRES, INDEX_STARTS - INDEX_GROUP_CENTRES)
  else findCentres(index, codes, scratch)
  sortIntoCells(index, codes)
}

function recordOf(index: usize, slot: u32): usize {
  return (<usize>load<u32>(index + INDEX_SLOTS + ((<usize>slot) << 2))) << 4
}

/** Leaves only records of `network` in the slots and counts them and their codes; returns how many those are. */
function select(index: usize, network: u32): u32 {
  let codes: u32 = 0
  let records: u32 = 0
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (!record) continue
    if (load<u32>(record, RECORD_NETWORK) !== network) {
      store<u32>(index + INDEX_SLOTS + ((<usize>slot) << 2), 0)
      continue
    }
    const n = <i32>load<u16>(record)
    const worth = <f32>255 * sqrt<f32>(<f32>SCREEN_MIN_MINUTIAE / <f32>max(SCREEN_MIN_MINUTIAE, n))
    store<u8>(index + INDEX_WORTHS + <usize>slot, <u8>(<i32>worth))
    codes += <u32>n
    records++
  }
  store<u32>(index, codes, INDEX_CODE_COUNT)
  store<u32>(index, records, INDEX_RECORDS)
  return codes
}

/** The samples stand where the entries will: first as they come, behind them group by group. */
function findCentres(index: usize, codes: u32, scratch: usize): void {
  const sample = index + INDEX_CODES
  const sampled = takeSample(index, codes, sample)
  const groups = index + INDEX_GROUP_CENTRES
  settle(sample, sampled, groups, scratch)
  chain(groups)

  const starts = index + INDEX_STARTS
  // Behind both samples, which are half of the codes at most each.
  const groupAt = sample + ((<usize>codes) << 4)
  for (let i: u32 = 0; i < sampled; i++) {
    const group = nearestOf(groups, sample + ((<usize>i) << 4))
    store<u8>(groupAt + <usize>i, <u8>group)
    countUp(starts, group)
  }
  toStarts(starts, INDEX_CENTRES)
  const sorted = sample + ((<usize>sampled) << 4)
  for (let i: u32 = 0; i < sampled; i++) {
    const place = countUp(starts, load<u8>(groupAt + <usize>i))
    memory.copy(sorted + ((<usize>place) << 4), sample + ((<usize>i) << 4), 16)
  }
  let first: u32 = 0
  for (let group = 0; group < INDEX_CENTRES; group++) {
    const end = load<u32>(starts + ((<usize>group) << 2))
    const centres = index + INDEX_CELL_CENTRES + ((<usize>group * <usize>INDEX_CENTRES) << 4)
    settle(sorted + ((<usize>first) << 4), end - first, centres, scratch)
    chain(centres)
    first = end
  }
}

/** Copies evenly spread codes: INDEX_SAMPLE at most, and half of all at most; returns how many. */
function takeSample(index: usize, codes: u32, sample: usize): u32 {
  const step = max(2, (codes + INDEX_SAMPLE - 1) / INDEX_SAMPLE)
  let taken: u32 = 0
  let number: u32 = 0
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (!record) continue
    const n = <u32>load<u16>(record)
    const own = record + <usize>recordLearned(<i32>n)
    for (let i: u32 = 0; i < n; i++) {
      number++
      if (number % step) continue
      memory.copy(sample + ((<usize>taken) << 4), own + ((<usize>i) << 4), 16)
      taken++
    }
  }
  return taken
}

/** Finds INDEX_CENTRES centres of `count` codes; of none, they stay as they are. */
function settle(codes: usize, count: u32, centres: usize, scratch: usize): void {
  if (count === 0) return
  for (let centre: u32 = 0; centre < <u32>INDEX_CENTRES; centre++) {
    const chosen = <usize>((<u64>centre * <u64>count) / <u64>INDEX_CENTRES)
    memory.copy(centres + ((<usize>centre) << 4), codes + (chosen << 4), 16)
  }
  for (let round = 0; round < INDEX_ROUNDS; round++) {
    memory.fill(scratch, 0, SETTLE_COUNTS + ((<usize>INDEX_CENTRES) << 2))
    for (let i: u32 = 0; i < count; i++) {
      const code = codes + ((<usize>i) << 4)
      const centre = nearestOf(centres, code)
      const bits = scratch + ((<usize>centre) << 9)
      countBits(bits, load<u64>(code))
      countBits(bits + (WORD_BITS << 2), load<u64>(code, 8))
      countUp(scratch + SETTLE_COUNTS, centre)
    }
    for (let centre: u32 = 0; centre < <u32>INDEX_CENTRES; centre++) {
      const own = load<u32>(scratch + SETTLE_COUNTS + ((<usize>centre) << 2))
      if (own === 0) continue
      const bits = scratch + ((<usize>centre) << 9)
      store<u64>(centres + ((<usize>centre) << 4), majority(bits, own))
      store<u64>(centres + ((<usize>centre) << 4), majority(bits + (WORD_BITS << 2), own), 8)
    }
  }
}

/** Puts the nearest of all others behind each centre: cells that are looked at together lie together. */
function chain(centres: usize): void {
  for (let i = 1; i < INDEX_CENTRES; i++) {
    const before = centres + ((<usize>(i - 1)) << 4)
    const low = load<u64>(before)
    const high = load<u64>(before, 8)
    let nearest: u32 = 0xffff_ffff
    for (let k = i; k < INDEX_CENTRES; k++) {
      const differ = bitsThatDiffer(low, high, centres + ((<usize>k) << 4))
      nearest = min(nearest, (differ << 8) | <u32>k)
    }
    const next = centres + ((<usize>nearest & 0xff) << 4)
    const here = centres + ((<usize>i) << 4)
    const other = v128.load(next)
    v128.store(next, v128.load(here))
    v128.store(here, other)
  }
}

function countBits(bits: usize, word: u64): void {
  while (word) {
    countUp(bits, <u32>ctz(word))
    word &= word - 1
  }
}

function majority(bits: usize, total: u32): u64 {
  let word: u64 = 0
  for (let bit: usize = 0; bit < WORD_BITS; bit++) {
    if (load<u32>(bits + (bit << 2)) << 1 > total) word |= (<u64>1) << (<u64>bit)
  }
  return word
}

/**
 * Which of INDEX_CENTRES centres, a multiple of 4, is nearest: the first of equals. Four at a time, as 64-bit numbers: what is least is found in four
 * places that do not wait for each other, and nothing is narrowed on the way.
 */
function nearestOf(centres: usize, code: usize): u32 {
  const low = load<u64>(code)
  const high = load<u64>(code, 8)
  let nearest0 = FARTHEST
  let nearest1 = FARTHEST
  let nearest2 = FARTHEST
  let nearest3 = FARTHEST
  let first: i64 = 0
  const end = centres + ((<usize>INDEX_CENTRES) << 4)
  for (let centre = centres; centre < end; centre += 64, first += 4) {
    const key0 = ((<i64>bitsThatDiffer(low, high, centre)) << 8) + first
    const key1 = ((<i64>bitsThatDiffer(low, high, centre + 16)) << 8) + first
    const key2 = ((<i64>bitsThatDiffer(low, high, centre + 32)) << 8) + first
    const key3 = ((<i64>bitsThatDiffer(low, high, centre + 48)) << 8) + first
    nearest0 = key0 < nearest0 ? key0 : nearest0
    nearest1 = key1 < nearest1 ? key1 : nearest1
    nearest2 = key2 < nearest2 ? key2 : nearest2
    nearest3 = key3 < nearest3 ? key3 : nearest3
  }
  const nearest = min(min(nearest0, nearest1 + 1), min(nearest2 + 2, nearest3 + 3))
  return <u32>nearest & 0xff
}

/** Turns counts into the number of the first: as things are then put in their places, it moves on to the end. */
function toStarts(words: usize, count: i32): void {
  let next: u32 = 0
  for (let i = 0; i < count; i++) {
    const at = words + ((<usize>i) << 2)
    const here = load<u32>(at)
    store<u32>(at, next)
    next += here
  }
}

/**
 * Counting sort without room of its own. Each code's cell waits at the beginning of the entries' room; when the slots have been
 * sorted, 3 bytes of each entry, its slot and which of its record's codes it is, wait in the last sixth of that room. Those of entry p of n
 * are at 15 n + 3 p bytes, and entries up to p reach to 18 (p + 1), which is never beyond those of entry p + 1.
 */
function sortIntoCells(index: usize, codes: u32): void {
  const starts = index + INDEX_STARTS
  memory.fill(starts, 0, (<usize>INDEX_CELLS + 1) << 2)
  const sorted = index + INDEX_CODES
  const waiting = sorted + 15 * <usize>codes
  let number: usize = 0
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (!record) continue
    const n = <i32>load<u16>(record)
    const own = record + <usize>recordLearned(n)
    for (let i = 0; i < n; i++, number++) {
      const cell = cellOf(index, own + ((<usize>i) << 4))
      store<u16>(sorted + (number << 1), <u16>cell)
      countUp(starts, cell)
    }
  }
  toStarts(starts, INDEX_CELLS + 1)
  number = 0
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (!record) continue
    const n = <i32>load<u16>(record)
    for (let i = 0; i < n; i++, number++) {
      const place = <usize>countUp(starts, load<u16>(sorted + (number << 1)))
      store<u16>(waiting + 3 * place, <u16>slot)
      store<u8>(waiting + 3 * place, <u8>i, 2)
    }
  }
  // They moved on to the ends, each of which is the next one's start.
  memory.copy(starts + 4, starts, (<usize>INDEX_CELLS) << 2)
  store<u32>(starts, 0)
  for (let place: usize = 0; place < <usize>codes; place++) {
    const slot = load<u16>(waiting + 3 * place)
    const record = recordOf(index, slot)
    const code =
      record + <usize>recordLearned(<i32>load<u16>(record)) + ((<usize>load<u8>(waiting + 3 * place, 2)) << 4)
    const entry = sorted + place * INDEX_ENTRY_BYTES
    memory.copy(entry, code, 16)
    store<u16>(entry, slot, 16)
  }
}

function cellOf(index: usize, code: usize): u32 {
  const group = nearestOf(index + INDEX_GROUP_CENTRES, code)
  const first = group * <u32>INDEX_CENTRES
  return first + nearestOf(index + INDEX_CELL_CENTRES + ((<usize>first) << 4), code)
}
