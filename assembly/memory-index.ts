/** The map, continued: the index of a segment, and scratch of looking something up in it. Sizes in bytes. */
import { INDEX_TABLES } from './parameters'

/** Slots of a table that one index covers: as many as 16 bits number. */
export const SEGMENT_SLOTS: u32 = 65_536

/** A key has 16 bits. */
export const INDEX_KEYS: u32 = 65_536

/*
 * INDEX: the learned codes of one network in a segment
 *
 *   0        u32 network version
 *   16       u32 x SEGMENT_SLOTS: the slots as they were when it was built; 0 where nothing is indexed. The host puts 0
 *            where a slot changes later.
 *            u8 x SEGMENT_SLOTS: what a vote for a slot is worth, 255 for a record of few minutiae
 *            u32 x (INDEX_KEYS + 1) x INDEX_TABLES: number of the first entry with each key, and of the end
 *            u32 x codes x INDEX_TABLES: entries, slot within the segment | sketch << 16
 */
export const INDEX_SLOTS: usize = 16
export const INDEX_WORTHS: usize = INDEX_SLOTS + <usize>SEGMENT_SLOTS * 4
export const INDEX_BUCKETS: usize = INDEX_WORTHS + <usize>SEGMENT_SLOTS
export const INDEX_TABLE_BYTES: usize = (<usize>INDEX_KEYS + 1) * 4
export const INDEX_ENTRIES: usize = INDEX_BUCKETS + <usize>INDEX_TABLES * INDEX_TABLE_BYTES

export function indexBytes(codes: u32): usize {
  return (INDEX_ENTRIES + <usize>codes * <usize>INDEX_TABLES * 4 + 15) & ~15
}

/*
 * VOTES: scratch of search/index-votes.ts
 *
 *   0        u16 x SEGMENT_SLOTS: votes for each slot
 *            u16 x SEGMENT_SLOTS: slots with VOTES_LEAST and more
 *            u32 x VOTE_LEVELS: how many of those have a level
 */
export const VOTE_LEVELS: u32 = 1_024
export const VOTES_SLOTS: usize = <usize>SEGMENT_SLOTS * 2
export const VOTES_LEVELS: usize = VOTES_SLOTS + <usize>SEGMENT_SLOTS * 2
export const VOTES_BYTES: usize = VOTES_LEVELS + <usize>VOTE_LEVELS * 4
