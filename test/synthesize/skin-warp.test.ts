import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'
import { stepsWithout } from '../../dist/synthesize/rendering-steps.js'
import { SkinWarp } from '../../dist/synthesize/skin-warp.js'

const steps = stepsWithout()
const drawn = fc.record({ seed: fc.nat(5000), elastic: fc.boolean(), attended: fc.boolean() })
const warps = drawn.map(({ seed, elastic, attended }) => {
  const fingerCentre = { xPx: 208, yPx: 272 }
  return {
    elastic,
    warp: new SkinWarp(new Random(seed), { widthPx: 320, heightPx: 400, fingerCentre, elastic, attended, steps }),
  }
})
const positions = fc.record({
  xPx: fc.double({ min: 0, max: 319, noNaN: true }),
  yPx: fc.double({ min: 0, max: 399, noNaN: true }),
})
const turn = (a: number, b: number) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)))

describe('SkinWarp', () => {
  it('takes a point to the finger and back', () => {
    fc.assert(
      fc.property(warps, positions, ({ warp }, at) => {
        const finger = warp.toFinger(at.xPx, at.yPx)
        const back = warp.toImage(finger.xPx, finger.yPx)
        expect(Math.hypot(back.xPx - at.xPx, back.yPx - at.yPx)).toBeLessThan(0.01)
      }),
    )
  })

  it('keeps distances when it is not elastic, and turns every direction by the rotation', () => {
    fc.assert(
      fc.property(warps, positions, positions, fc.double({ min: 0, max: 6.28, noNaN: true }), (given, a, b, angle) => {
        fc.pre(!given.elastic)
        const [p, q] = [a, b].map(at => given.warp.toFinger(at.xPx, at.yPx))
        const before = Math.hypot(p.xPx - q.xPx, p.yPx - q.yPx)
        expect(before).toBeCloseTo(Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx), 6)
        expect(turn(given.warp.toImageDirection(a, angle), angle + given.warp.rotationRad)).toBeLessThan(1e-6)
      }),
    )
  })

  it('turns a direction as it moves the points along it, where skin is stretched', () => {
    fc.assert(
      fc.property(warps, positions, fc.double({ min: 0, max: 6.28, noNaN: true }), ({ warp }, at, angle) => {
        const finger = warp.toFinger(at.xPx, at.yPx)
        const ahead = warp.toImage(finger.xPx + 2 * Math.cos(angle), finger.yPx - 2 * Math.sin(angle))
        const moved = Math.atan2(at.yPx - ahead.yPx, ahead.xPx - at.xPx)
        expect(turn(warp.toImageDirection(at, angle), moved)).toBeLessThan(0.06)
      }),
    )
  })

  it('lies straight where somebody attends to it, and by any angle where nobody does', () => {
    const fingerCentre = { xPx: 200, yPx: 250 }
    const rotations = (attended: boolean) =>
      Array.from({ length: 400 }, (_, seed) => {
        const options = { widthPx: 60, heightPx: 50, fingerCentre, elastic: false, attended, steps }
        return new SkinWarp(new Random(seed), options).rotationRad
      })
    expect(Math.max(...rotations(true).map(Math.abs))).toBeLessThan(0.62)
    const quarters = rotations(false).map(rad => Math.floor(rad / (Math.PI / 2)))
    for (const quarter of [-2, -1, 0, 1]) {
      expect(quarters.filter(each => each === quarter).length, `quarter ${quarter}`).toBeGreaterThan(60)
    }
  })

  it('agrees with itself pixel by pixel', () => {
    const fingerCentre = { xPx: 200, yPx: 250 }
    const options = { widthPx: 60, heightPx: 50, fingerCentre, elastic: true, attended: true, steps }
    const warp = new SkinWarp(new Random(4), options)
    const raster = warp.raster(60, 50)
    for (const [x, y] of [
      [0, 0],
      [59, 49],
      [17, 31],
    ]) {
      const at = warp.toFinger(x, y)
      expect(raster.xPx[y * 60 + x]).toBeCloseTo(at.xPx, 3)
      expect(raster.yPx[y * 60 + x]).toBeCloseTo(at.yPx, 3)
    }
  })
})
