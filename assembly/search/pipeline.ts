/** 1:N: the screen over a slice of the gallery, then the full comparison of what it kept. */
import { compareRecords } from '../match/pipeline'

export { screen } from './screen'

/** Writes the f32 score of `probe` against each of the `count` u32 `slots` at `out`; an empty slot scores 0. */
export function rescore(probe: usize, table: usize, slots: usize, count: u32, out: usize, scratch: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const slot = load<u32>(slots + ((<usize>k) << 2))
    const record = (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
    store<f32>(out + ((<usize>k) << 2), record ? compareRecords(probe, record, scratch) : 0)
  }
}
