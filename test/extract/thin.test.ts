import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { type Bitmap, isRedundant, partSizes } from './bitmap.js'
import { OpenExtraction } from './open-extraction.js'
import { cleanImpressions, grating, noise } from './pictures.js'
import { StageLab } from './stage-lab.js'

const impressions = cleanImpressions(2)

const SIDE = 96
const CARRIER = grating({ angleRad: 0, periodPx: 9 }, SIDE, SIDE)

/** Blobs, worms and holes of all shapes, none of them smaller than a bit of ridge; empty at the rim. */
function shapes(seed: number, sigmaPx: number, level: number): Bitmap {
  const grain = noise(seed, SIDE, SIDE, sigmaPx)
  const data = Uint8Array.from(grain, (value, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    return value > level && x > 1 && y > 1 && x < SIDE - 2 && y < SIDE - 2 ? 1 : 0
  })
  return { data, widthPx: SIDE, heightPx: SIDE }
}

function expectSkeleton(skeleton: Bitmap, of: Bitmap): void {
  expect(skeleton.data.every((value, i) => value <= of.data[i])).toBe(true)
  const redundant = skeleton.data.reduce((sum, value, i) => sum + (value && isRedundant(skeleton, i) ? 1 : 0), 0)
  expect(redundant).toBe(0)
  expect(partSizes(skeleton, 0).length).toBe(partSizes(of, 0).length)
}

describe.each(CORE_TARGETS)('thin ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const open = new OpenExtraction(module)

  function thin(ridges: Bitmap): Bitmap {
    let data = new Uint8Array(0)
    open.run(CARRIER, (stage, parts) => {
      if (stage === 'binarize') parts.ridges.set(ridges.data)
      if (stage === 'thin') data = parts.skeleton.slice()
    })
    return { ...ridges, data }
  }

  it('leaves lines one pixel wide of the ridges of prints, as many parts and holes as there were', () => {
    for (const { image } of impressions) {
      const { ridges, skeleton, widthPx, heightPx } = lab.after('thin', image)
      const before = { data: ridges, widthPx, heightPx }
      const after = { data: skeleton, widthPx, heightPx }
      expectSkeleton(after, before)
      expect(partSizes(after, 1).length).toBe(partSizes(before, 1).length)
    }
  })

  it.each([1, 2, 3, 4, 5, 6])('keeps the holes of any shapes and loses only specks (seed %i)', seed => {
    const before = shapes(seed, 1 + (seed % 3), (seed % 4) * 0.3 - 0.4)
    const after = thin(before)
    expectSkeleton(after, before)
    // Zhang and Suen's rules take a square of 2 x 2 px whole, and what shrinks to one.
    const specks = partSizes(before, 1).filter(size => size <= 8).length
    const lost = partSizes(before, 1).length - partSizes(after, 1).length
    expect(lost).toBeGreaterThanOrEqual(0)
    expect(lost).toBeLessThanOrEqual(specks)
  })

  it('changes a skeleton no more', () => {
    for (const seed of [7, 8]) {
      const once = thin(shapes(seed, 2, 0))
      expect(thin(once).data).toEqual(once.data)
    }
  })

  it('takes the middle of a bar and keeps its length', () => {
    const bar = new Uint8Array(SIDE * SIDE)
    for (let y = 40; y < 45; y++) bar.fill(1, y * SIDE + 10, y * SIDE + 80)
    const { data } = thin({ data: bar, widthPx: SIDE, heightPx: SIDE })
    const set = Array.from(data.keys()).filter(i => data[i])
    const [xs, ys] = [set.map(i => i % SIDE), set.map(i => Math.floor(i / SIDE))]
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([42, 42])
    expect(Math.min(...xs)).toBeLessThanOrEqual(13)
    expect(Math.max(...xs)).toBeGreaterThanOrEqual(76)
  })
})
