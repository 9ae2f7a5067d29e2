import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { OpenExtraction } from '../extract/open-extraction.js'
import { directionErrorDeg, grating } from '../extract/pictures.js'

const SIDE = 128
const MIDDLE = 64
/** TRACE_PX of assembly/parameters.ts. */
const STEPS = 14

describe.each(CORE_TARGETS)('trace ($target)', ({ module }) => {
  const open = new OpenExtraction(module)

  /** Candidates on a skeleton of these pixels; the field lies across, so that directions are the traces' own. */
  function candidates(pixels: readonly (readonly [x: number, y: number])[], fieldRad: number): Minutia[] {
    let found: Minutia[] = []
    open.run(grating({ angleRad: fieldRad, periodPx: 9 }, SIDE, SIDE), (stage, { skeleton, widthPx }) => {
      if (stage === 'thin') {
        skeleton.fill(0)
        for (const [x, y] of pixels) skeleton[y * widthPx + x] = 1
      }
      if (stage === 'minutiae') found = open.minutiae()
    })
    return found
  }

  it('follows a straight line, whatever its slope', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), angle => {
        const step = Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle)))
        const line = Array.from({ length: 30 }, (_, i): [number, number] => [
          Math.round(MIDDLE + (i * Math.cos(angle)) / step),
          Math.round(MIDDLE - (i * Math.sin(angle)) / step),
        ])
        const tip = candidates(line, angle + Math.PI / 2).find(({ xPx, yPx }) => xPx === MIDDLE && yPx === MIDDLE)
        // Half a pixel in 14.
        expect(directionErrorDeg(tip!.directionRad, angle)).toBeLessThan(3)
      }),
      { numRuns: 20 },
    )
  })

  it('goes round corners pixel by pixel, and as far as it should', () => {
    // Down ten pixels, then to the right: the trace ends `STEPS - 9` pixels beyond the corner, whose own pixel thinning took.
    const bent = Array.from({ length: 30 }, (_, i): [number, number] => [
      MIDDLE + Math.max(0, i - 9),
      MIDDLE + Math.min(10, i),
    ])
    const tip = candidates(bent, 0).find(({ yPx }) => yPx === MIDDLE)!
    const expected = Math.atan2(-10, STEPS - 9)
    expect(directionErrorDeg(tip.directionRad, expected)).toBeLessThan(0.1)
  })

  it('stops at the end of what is shorter, and at a fork', () => {
    const short = candidates(
      [
        [MIDDLE, MIDDLE],
        [MIDDLE, MIDDLE + 1],
        [MIDDLE + 1, MIDDLE + 2],
      ],
      0.3,
    )
    expect(short[0].directionRad).toBeCloseTo(2 * Math.PI + Math.atan2(-2, 1), 5)
    const stem = Array.from({ length: 6 }, (_, i): [number, number] => [MIDDLE, MIDDLE + i])
    const branches = [-1, 1].flatMap(side =>
      Array.from({ length: 20 }, (_, i): [number, number] => [MIDDLE + side * (i + 1), MIDDLE + 6 + i]),
    )
    const tip = candidates([...stem, ...branches], 0).find(({ yPx }) => yPx === MIDDLE)!
    expect(tip.directionRad).toBeCloseTo((3 * Math.PI) / 2, 5)
  })

  it('gives a fork the direction of the valley between its two closest branches', () => {
    for (const turn of [0, 1, 2, 3]) {
      const rotate = ([x, y]: readonly [number, number]): [number, number] => {
        const [dx, dy] = [x, y]
        return (
          [
            [dx, dy],
            [dy, -dx],
            [-dx, -dy],
            [-dy, dx],
          ] as const
        )[turn].map(v => v + MIDDLE) as [number, number]
      }
      const pixels = [
        ...Array.from({ length: 25 }, (_, i) => [-i, 0] as const),
        ...Array.from({ length: 25 }, (_, i) => [i + 1, i + 1] as const),
        ...Array.from({ length: 25 }, (_, i) => [i + 1, -i - 1] as const),
      ]
      const fork = candidates(pixels.map(rotate), (turn * Math.PI) / 2 + Math.PI / 2).find(
        m => m.type === 'bifurcation',
      )!
      expect([fork.xPx, fork.yPx]).toEqual([MIDDLE, MIDDLE])
      expect(directionErrorDeg(fork.directionRad, (turn * Math.PI) / 2)).toBeLessThan(0.1)
    }
  })
})
