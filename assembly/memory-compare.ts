/** The map, continued: scratch of description, comparison and search. Sizes in bytes. */
/*
 * HULL: convex hull of a record's minutiae (math/hull.ts)
 *
 *   0        u32 corners
 *   16       {f32 x, f32 y, f32 to next x, f32 to next y, f32 1 / squared length of the edge} x corners
 *   then     working space: u32 sorted points x MAX_MINUTIAE, u32 chain x 2 MAX_MINUTIAE
 */
export const HULL_EDGES: usize = 16
export const HULL_EDGE_BYTES: usize = 20
export const HULL_SORTED: usize = 16 + 256 * HULL_EDGE_BYTES
export const HULL_CHAIN: usize = HULL_SORTED + 256 * 4
export const HULL_BYTES: usize = HULL_CHAIN + 512 * 4

/*
 * DESCRIBE: scratch of describe/geometric.ts
 */
/** f32 x 256: what a neighbour whose direction is k 256ths of a turn off a section's middle gives to that section. */
export const DESCRIBE_DIRECTIONS: usize = 0
/** f32 x 128: contributions to the cells of the minutia at hand. */
export const DESCRIBE_SUMS: usize = 1024
export const DESCRIBE_HULL: usize = 1536
export const DESCRIBE_BYTES: usize = DESCRIBE_HULL + HULL_BYTES

/*
 * COMPARE: scratch of match/pipeline.ts, one comparison at a time. a is the canonically first record, b the other.
 */
/** Pairs that relaxation looks at: more than a print of good size has minutiae to pair. */
export const MAX_PAIRS: i32 = 128
/** Candidates that a fit may choose from: minutiae of b within the tolerance, over all minutiae of a. */
export const MAX_CLOSE: i32 = 1024
/** f32 x (na x nb): similarity of codes. */
export const COMPARE_SIMILARITY: usize = 0
/** u32 x (na x nb): pairs (index in a << 8 | index in b) from the most similar down. */
export const COMPARE_ORDER: usize = COMPARE_SIMILARITY + 255 * 256 * 4
/** u32 x 257: counting sort. */
export const COMPARE_BUCKETS: usize = COMPARE_ORDER + 255 * 256 * 4
/** u32 x MAX_PAIRS: distinct pairs. */
export const COMPARE_PAIRS: usize = COMPARE_BUCKETS + 272 * 4
/** f32 x MAX_PAIRS, three times: similarity before relaxation, after it, and the next round's. */
export const COMPARE_INITIAL: usize = COMPARE_PAIRS + 128 * 4
export const COMPARE_LEVEL: usize = COMPARE_INITIAL + 128 * 4
export const COMPARE_NEXT: usize = COMPARE_LEVEL + 128 * 4
/** f32 x (pairs x pairs): geometric compatibility. */
export const COMPARE_COMPATIBILITY: usize = COMPARE_NEXT + 128 * 4
/** u32 x SEEDS, most consistent first. */
export const COMPARE_SEEDS: usize = COMPARE_COMPATIBILITY + 128 * 128 * 4
/** u8 x 256, twice: which minutiae of a and of b are taken. */
export const COMPARE_USED: usize = COMPARE_SEEDS + 64 * 4
/** {f32 similarity, u32 pair} x MAX_CLOSE. */
export const COMPARE_CLOSE: usize = COMPARE_USED + 512
/** u32 count, then u32 pair x 255: of the fit at hand, and of the best one. */
export const COMPARE_MATCHED: usize = COMPARE_CLOSE + 1024 * 8
export const COMPARE_BEST: usize = COMPARE_MATCHED + 1024
export const COMPARE_HULL_A: usize = COMPARE_BEST + 1024
export const COMPARE_HULL_B: usize = COMPARE_HULL_A + HULL_BYTES
export const COMPARE_BYTES: usize = COMPARE_HULL_B + HULL_BYTES

/*
 * TOP: the best of a scan, a binary heap with the worst first (math/top-list.ts)
 *
 *   0        u32 count
 *   4        u32 0
 *   8        {u32 slot, f32 score} x count
 */
export const TOP_ENTRIES: usize = 8
export function topBytes(capacity: i32): i32 {
  return 8 + capacity * 8
}
