/** The map, continued: the index of a segment, and scratch of looking something up in it. Sizes in bytes. */
import { INDEX_BEST, INDEX_CENTRES, INDEX_LOOKED, SCAN_PROBE } from './parameters'

/** Slots of a table that one index covers: as many as 16 bits number. */
export const SEGMENT_SLOTS: u32 = 65_536

/** Cells that an index sorts codes into. */
export const INDEX_CELLS: i32 = INDEX_CENTRES * INDEX_CENTRES

/*
 * INDEX: the learned codes of one network in a segment, sorted into cells: a code is in the cell whose centre is nearest to it
 *
 *   0        u32 network version
 *   4        u32 codes
 *   8        u32 records
 *   12       u32 which centres these are: of a memory's indexes, those with the same number have the same
 *   16       u32 x SEGMENT_SLOTS: the slots as they were when it was built; 0 where nothing is indexed. The host puts 0
 *            where a slot changes later.
 *            u8 x SEGMENT_SLOTS: what a vote for a slot is worth, 255 for a record of few minutiae
 *            128-bit x INDEX_CENTRES: centres of groups of INDEX_CENTRES cells each
 *            128-bit x INDEX_CELLS: centres of cells
 *            u32 x (INDEX_CELLS + 1): number of the first code of each cell, and of the end; padding to 16
 *            {u64, u64 code, u16 slot within the segment} x codes, cell by cell
 */
export const INDEX_CODE_COUNT: usize = 4
export const INDEX_RECORDS: usize = 8
export const INDEX_CENTRES_ID: usize = 12
export const INDEX_SLOTS: usize = 16
export const INDEX_WORTHS: usize = INDEX_SLOTS + <usize>SEGMENT_SLOTS * 4
export const INDEX_GROUP_CENTRES: usize = INDEX_WORTHS + <usize>SEGMENT_SLOTS
export const INDEX_CELL_CENTRES: usize = INDEX_GROUP_CENTRES + ((<usize>INDEX_CENTRES) << 4)
export const INDEX_STARTS: usize = INDEX_CELL_CENTRES + ((<usize>INDEX_CELLS) << 4)
export const INDEX_CODES: usize = (INDEX_STARTS + ((<usize>INDEX_CELLS + 1) << 2) + 15) & ~15

/** Of a code and its slot. */
export const INDEX_ENTRY_BYTES: usize = 18

export function indexBytes(codes: u32): usize {
  return (INDEX_CODES + <usize>codes * INDEX_ENTRY_BYTES + 15) & ~15
}

/*
 * VOTES: scratch of search/index-votes.ts
 *
 *   0        u32 x SEGMENT_SLOTS: for each slot, sum of its votes << 16 | the last minutia that voted for it << 8 | in how many bits
 *            they differ
 *            u16 x (SEGMENT_SLOTS + 8): slots with votes, and room behind them for one that has votes already
 *            u32 x 132: codes at each distance; then what a vote is worth
 *            u32 x VOTES_NEAR_CAPACITY: bits in which a code differs from the minutia's << 16 | its slot
 *            TOP of INDEX_BEST: those with most votes
 *            u32 that what is touched goes to
 */
export const VOTES_SLOTS: usize = <usize>SEGMENT_SLOTS * 4
export const VOTES_COUNTS: usize = VOTES_SLOTS + (<usize>SEGMENT_SLOTS + 8) * 2
export const VOTES_NEAR: usize = VOTES_COUNTS + 132 * 4
export const VOTES_NEAR_CAPACITY: u32 = 32_768
export const VOTES_TOP: usize = VOTES_NEAR + ((<usize>VOTES_NEAR_CAPACITY) << 2)
export const VOTES_TOUCHED: usize = VOTES_TOP + 8 + <usize>INDEX_BEST * 8
export const VOTES_BYTES: usize = VOTES_TOUCHED + 4

/** Most cells that are kept for a minutia. */
export const CELLS_KEPT: u32 = 128

/*
 * CELLS: scratch of search/cells.ts, which lasts as long as the probe does
 *
 *   0        u32 by which centres; 0: by none yet
 *   16       u16 x CELLS_KEPT x SCAN_PROBE: for each of the probe's minutiae, the nearest cells, in their order
 *            u32 x 132: groups or cells at each distance
 *            u8 x INDEX_CENTRES: bits in which a code differs from each group's centre; padding to 16
 *            u32 x CELLS_MEASURED: bits in which it differs from a cell's centre << 16 | cell
 */
export const CELLS_NEAREST: usize = 16
export const CELLS_COUNTS: usize = CELLS_NEAREST + ((<usize>CELLS_KEPT * <usize>SCAN_PROBE) << 1)
export const CELLS_GROUPS: usize = CELLS_COUNTS + 132 * 4
export const CELLS_WORDS: usize = (CELLS_GROUPS + <usize>INDEX_CENTRES + 15) & ~15
/** More than INDEX_LOOKED groups have, when many are equally near. */
export const CELLS_MEASURED: i32 = 2 * <i32>INDEX_LOOKED * INDEX_CENTRES
export const CELLS_BYTES: usize = CELLS_WORDS + ((<usize>CELLS_MEASURED) << 2)

/*
 * SETTLE: scratch of search/index-build.ts
 *
 *   0        u32 x 128 x INDEX_CENTRES: how many of a centre's codes have each bit
 *            u32 x INDEX_CENTRES: how many codes a centre has
 */
export const SETTLE_COUNTS: usize = <usize>INDEX_CENTRES * 512
