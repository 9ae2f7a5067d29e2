import { describe, expect, it } from 'vitest'
import { LANE_BYTES, SearchLane, SLICE_SLOTS } from '../../dist/core/search-lane.js'

const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })

describe('SearchLane', () => {
  it('gives every slot to exactly one of those who ask', () => {
    const shared = memory()
    const end = 3 * SLICE_SLOTS + 17
    const lanes = [new SearchLane(shared, 64), new SearchLane(shared, 64)]
    lanes[0].begin(end)
    const taken = new Uint8Array(end)
    for (let turn = 0; !lanes[turn % 2].finished; turn++) {
      const slice = lanes[turn % 2].takeSlice()!
      for (let slot = slice.first; slot < slice.last; slot++) taken[slot]++
      lanes[turn % 2].finishSlice(slice)
    }
    expect(taken.every(times => times === 1)).toBe(true)
    expect(lanes[0].searched).toBe(end)
    expect(lanes[1].takeSlice()).toBeUndefined()
  })

  it('gives nothing more once stopped, and starts anew', () => {
    const lane = new SearchLane(memory(), 0)
    lane.begin(10 * SLICE_SLOTS)
    expect(lane.takeSlice()).toEqual({ first: 0, last: SLICE_SLOTS })
    lane.stop()
    expect([lane.stopped, lane.finished, lane.takeSlice()]).toEqual([true, true, undefined])
    lane.begin(5)
    expect([lane.stopped, lane.searched, lane.takeSlice()]).toEqual([false, 0, { first: 0, last: 5 }])
  })

  it('does not touch its neighbour', () => {
    const shared = memory()
    const [one, two] = [new SearchLane(shared, 0), new SearchLane(shared, LANE_BYTES)]
    one.begin(100)
    two.begin(200)
    one.stop()
    expect([two.stopped, two.takeSlice()]).toEqual([false, { first: 0, last: 200 }])
  })
})
