import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { type MinutiaOrder, type MinutiaTypeCode, pruneMinutiae } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { sortMinutiae } from '../../../src/formats/minutiae/minutia-order.js'
import { quantisedContents } from '../../template/arbitraries.js'

const at = (xPx: number, yPx: number, more: Partial<Minutia> = {}): Minutia => ({
  xPx,
  yPx,
  directionRad: 0,
  type: 'other',
  quality: 0,
  ...more,
})

describe('pruneMinutiae', () => {
  it('removes the lowest quality first, the farthest of one quality', () => {
    const minutiae = [
      at(0, 0, { quality: 50 }),
      at(10, 10, { quality: 20 }),
      at(90, 90, { quality: 20 }),
      at(5, 5, { quality: 80 }),
    ]
    expect(pruneMinutiae(minutiae, 3)).toEqual([minutiae[0], minutiae[1], minutiae[3]])
    expect(pruneMinutiae(minutiae, 2)).toEqual([minutiae[0], minutiae[3]])
  })

  it('removes the farthest from the centre of all where there is no quality', () => {
    // The centre is 25, 0 and stays there, whatever was removed before.
    const minutiae = [at(0, 0), at(100, 0), at(0, 0), at(0, 0)]
    expect(pruneMinutiae(minutiae, 3)).toEqual([at(0, 0), at(0, 0), at(0, 0)])
    expect(pruneMinutiae([at(0, 0), at(50, 0), at(52, 0)], 2)).toEqual([at(50, 0), at(52, 0)])
  })

  it('decides what is left by type, then by direction, then by place', () => {
    const ring = [
      at(0, 10, { type: 'bifurcation', directionRad: 1 }),
      at(20, 10, { type: 'ridge-ending', directionRad: 1 }),
      at(10, 0, { type: 'bifurcation', directionRad: 2 }),
      at(10, 20, { type: 'bifurcation', directionRad: 1 }),
    ]
    expect(pruneMinutiae(ring, 3)).toEqual([ring[0], ring[2], ring[3]])
    expect(pruneMinutiae(ring, 2)).toEqual([ring[0], ring[3]])
    expect(pruneMinutiae(ring, 1)).toEqual([ring[0]])
    expect(pruneMinutiae(ring, 0)).toEqual([])
  })

  it('keeps the best, in their order, and makes up none', () => {
    fc.assert(
      fc.property(quantisedContents(1000), fc.nat(300), ({ minutiae }, most) => {
        const kept = pruneMinutiae(minutiae, most)
        expect(kept).toHaveLength(Math.min(most, minutiae.length))
        expect(minutiae.filter(minutia => kept.includes(minutia))).toEqual(kept)
        const removed = minutiae.filter(minutia => !kept.includes(minutia))
        const lowest = Math.min(...kept.map(({ quality }) => quality))
        for (const { quality } of removed) expect(quality).toBeLessThanOrEqual(lowest)
      }),
    )
  })
})

describe('the order of minutiae', () => {
  const minutiae = [
    [5, 1, 3],
    [1, 5, 2],
    [1, 4, 9],
    [9, 4, 2],
  ].map(([x, y, angle], i) => ({ x, y, angle, type: (i % 3) as MinutiaTypeCode }))
  const order = (by: MinutiaOrder['by'], descending?: boolean) =>
    sortMinutiae(minutiae, { by, ...(descending !== undefined && { descending }) }).map(minutia =>
      minutiae.indexOf(minutia),
    )

  it('is by coordinates, angle or distance from the centre', () => {
    expect(order('x-y')).toEqual([2, 1, 0, 3])
    expect(order('y-x')).toEqual([0, 2, 3, 1])
    expect(order('angle')).toEqual([1, 3, 0, 2])
    // The centre is 4, 3.5.
    expect(order('polar')).toEqual([0, 2, 1, 3])
    expect(order('x-y', true)).toEqual([3, 0, 1, 2])
    expect(order('angle', true)).toEqual([2, 0, 1, 3])
    expect(order('polar', true)).toEqual([3, 1, 2, 0])
  })

  it('by distance is by angle where distances are equal', () => {
    const pair = [2, 1].map((angle, i) => ({ x: 10 * i, y: 0, angle, type: 0 as const }))
    expect(sortMinutiae(pair, { by: 'polar' })).toEqual([pair[1], pair[0]])
  })
})
