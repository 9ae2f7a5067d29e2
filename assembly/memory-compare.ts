/** The map, continued: scratch of description, comparison and search. Sizes in bytes. */
import { CELLS_BYTES, VOTES_BYTES } from './memory-index'
import { SCAN_PROBE } from './parameters'

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
/** f32 x 32, twice: middles of the cells along the minutia's direction and to its right, px. */
export const DESCRIBE_ALONG: usize = 1536
export const DESCRIBE_ACROSS: usize = 1664
/** f32 x 4, twice: x and y of the middles of four cells. */
export const DESCRIBE_MIDDLES: usize = 1792
export const DESCRIBE_HULL: usize = 1824
export const DESCRIBE_BYTES: usize = DESCRIBE_HULL + HULL_BYTES

/*
 * POINTS: a record's minutiae as the matcher's kernels read them: f32 x, y, cosine and sine of the direction, 256 each
 */
export const POINTS_Y: usize = 1024
export const POINTS_COS: usize = 2048
export const POINTS_SIN: usize = 3072
export const POINTS_DIRECTION: usize = 4096
export const POINTS_COUNT: usize = 4352
export const POINTS_BYTES: usize = 4368

/*
 * UNPACKED: pairs of minutiae as math/agreement.ts reads them: f32 x, y in a, x, y in b, cosine and sine of the turn
 * from a to b, i32 direction in a less that in b (256ths of a turn), u32 index in a << 8 | index in b, 256 each
 */
export const UNPACKED_Y: usize = 1024
export const UNPACKED_BX: usize = 2048
export const UNPACKED_BY: usize = 3072
export const UNPACKED_COS: usize = 4096
export const UNPACKED_SIN: usize = 5120
export const UNPACKED_TURN: usize = 6144
export const UNPACKED_NAMES: usize = 7168
export const UNPACKED_BYTES: usize = 8192

/*
 * MATCHED: an alignment and what it pairs
 *
 *   0        f32 c, s, tx, ty: b = (c x + s y + tx, c y - s x + ty)
 *   16       f32 evidence
 *   20       u32 pairs
 *   24       {f32 evidence, u32 pair} x 255
 */
export const MATCHED_EVIDENCE: usize = 16
export const MATCHED_COUNT: usize = 20
export const MATCHED_PAIRS: usize = 24
export const MATCHED_BYTES: usize = 24 + 255 * 8

/*
 * COMPARE: scratch of match/pipeline.ts, one comparison at a time. a is the canonically first record, b the other.
 */
/** Pairs that relaxation looks at: enough to hold a few dozen true ones among false ones; a multiple of 4. */
export const MAX_PAIRS: i32 = 64
/** Pairs that an alignment may choose from. */
export const MAX_CLOSE: i32 = 1024
/** f32 x (na x nb): similarity of codes. */
export const COMPARE_SIMILARITY: usize = 0
/** u32 x (na x nb): pairs (index in a << 8 | index in b) from the most similar down. */
export const COMPARE_ORDER: usize = COMPARE_SIMILARITY + 255 * 256 * 4
/** u32 x 257: counting sort. */
export const COMPARE_BUCKETS: usize = COMPARE_ORDER + 255 * 256 * 4
/** u32 x MAX_PAIRS: candidate pairs. */
export const COMPARE_PAIRS: usize = COMPARE_BUCKETS + 272 * 4
/** f32 x MAX_PAIRS, three times: similarity before relaxation, after it, and the next round's. */
export const COMPARE_INITIAL: usize = COMPARE_PAIRS + 64 * 4
export const COMPARE_LEVEL: usize = COMPARE_INITIAL + 64 * 4
export const COMPARE_NEXT: usize = COMPARE_LEVEL + 64 * 4
/** f32 x (MAX_PAIRS x MAX_PAIRS): geometric agreement. */
export const COMPARE_AGREEMENT: usize = COMPARE_NEXT + 64 * 4
/** u32 x SEEDS, most consistent first. */
export const COMPARE_SEEDS: usize = COMPARE_AGREEMENT + 64 * 64 * 4
/** u8 x 256, twice: how often minutiae of a and of b are taken. */
export const COMPARE_USED: usize = COMPARE_SEEDS + 64 * 4
/** Half of COMPARE_CLOSE while it is sorted. */
export const COMPARE_SORTING: usize = COMPARE_AGREEMENT
/** {f32 evidence, u32 pair} x MAX_CLOSE. */
export const COMPARE_CLOSE: usize = COMPARE_USED + 512
/** MATCHED: of the alignment at hand, and of the best one. */
export const COMPARE_MATCHED: usize = COMPARE_CLOSE + 1024 * 8
export const COMPARE_BEST: usize = COMPARE_MATCHED + MATCHED_BYTES
export const COMPARE_HULL_A: usize = COMPARE_BEST + MATCHED_BYTES
export const COMPARE_HULL_B: usize = COMPARE_HULL_A + HULL_BYTES
export const COMPARE_POINTS_A: usize = COMPARE_HULL_B + HULL_BYTES
export const COMPARE_POINTS_B: usize = COMPARE_POINTS_A + POINTS_BYTES
/** {f32 x, y in a, f32 dx, dy off the motion} x 255: how skin was stretched where pairs are. */
export const COMPARE_FIELD: usize = COMPARE_POINTS_B + POINTS_BYTES
/** u32 x 256, twice: bits that differ, summed over the rows and over the columns of COMPARE_SIMILARITY. */
export const COMPARE_MEANS: usize = COMPARE_FIELD + 255 * 16
/** f32 x 4, three times: places of four minutiae, and how far off they may be. */
export const COMPARE_FOUR: usize = COMPARE_MEANS + 2 * 1024
/** u32 x 256 and u8 x (na x nb): lengths and indices of learned rows (match/learned-rows.ts). */
export const COMPARE_COUNTS: usize = COMPARE_FOUR + 48
export const COMPARE_NAMES: usize = COMPARE_COUNTS + 1024
/** Pairs of COMPARE_MATCHED in the round before. */
export const COMPARE_BEFORE: usize = COMPARE_NAMES + 255 * 256
/** UNPACKED: the candidate pairs, then those of COMPARE_MATCHED. */
export const COMPARE_UNPACKED: usize = (COMPARE_BEFORE + 255 * 8 + 15) & ~15
export const COMPARE_BYTES: usize = COMPARE_UNPACKED + UNPACKED_BYTES

/*
 * SCREEN: scratch of the screen in search/pipeline.ts. Filled anew for every slice.
 */
/** u32 x 272: 2^24 / (bits set in both codes + SCREEN_SMOOTHING). */
export const SCREEN_RECIPROCALS: usize = 0
/** f32 x 256, twice: cosine and sine of 256ths of a turn. */
export const SCREEN_COS: usize = 272 * 4
export const SCREEN_SIN: usize = SCREEN_COS + 1024
/** The probe's minutiae that have a code: {u64, u64 code, f32 x, f32 y from their centre, u32 bits set, u32 direction}. */
export const SCREEN_PROBE: usize = SCREEN_SIN + 1024
export const SCREEN_PROBE_BYTES: usize = 32
/** u32 x 256: bits set in the codes of the record at hand, times 4. */
export const SCREEN_SIZES: usize = SCREEN_PROBE + 255 * SCREEN_PROBE_BYTES + 16
/** u32 x 256, twice: best key of every minutia of the probe and of the record. */
export const SCREEN_ROWS: usize = SCREEN_SIZES + 1024
export const SCREEN_COLUMNS: usize = SCREEN_ROWS + 1024
/** {f32 weight, f32 dx, f32 dy, u32 turn} x 255. */
export const SCREEN_VOTES: usize = SCREEN_COLUMNS + 1024
/** As SCREEN_PROBE: all the probe's minutiae, with their learned codes. */
export const SCREEN_LEARNED_PROBE: usize = SCREEN_VOTES + 255 * 16
/** {u64, u64 code} x SCAN_PROBE: the probe's minutiae that the scan looks for. */
export const SCREEN_SCAN: usize = SCREEN_LEARNED_PROBE + 255 * SCREEN_PROBE_BYTES + 16
/** u8 x 256: which minutiae of the probe were taken already. */
export const SCREEN_TAKEN: usize = SCREEN_SCAN + <usize>SCAN_PROBE * 16
/** i32 each: minutiae of the probe in SCREEN_LEARNED_PROBE and in SCREEN_PROBE. */
export const SCREEN_LEARNED: usize = SCREEN_TAKEN + 256
export const SCREEN_GEOMETRIC: usize = SCREEN_LEARNED + 4
/** Scratch of describe/geometric.ts. */
export const SCREEN_DESCRIBE: usize = SCREEN_TAKEN + 272
/** VOTES. */
export const SCREEN_TALLY: usize = SCREEN_DESCRIBE + DESCRIBE_BYTES
/** CELLS, which nothing else is written over. */
export const SCREEN_CELLS: usize = (SCREEN_TALLY + VOTES_BYTES + 15) & ~15
export const SCREEN_BYTES: usize = SCREEN_CELLS + CELLS_BYTES

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
