import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pairsSvg, renderPairs } from '../../dist/render/pairs.js'
import { pairColour } from '../../dist/render/style.js'
import type { Minutia } from '../../src/types.js'

const sheet = { widthPx: 100, heightPx: 80 }
const at = (xPx: number, yPx: number): Minutia => ({ xPx, yPx, directionRad: 1, type: 'ridge-ending', quality: 0 })
const a = [at(10, 20), at(50, 50), at(90, 10)]
const b = [at(80, 70), at(20, 30)]

describe('pairsSvg', () => {
  it('joins the partners by lines of their own colours, from print to print', () => {
    const { svg, secondLeftPx } = pairsSvg(sheet, a, sheet, b, [
      [0, 1],
      [1, 0],
    ])
    expect(secondLeftPx).toBeGreaterThan(200)
    expect(svg).toContain(`M21.0 41.0L${(secondLeftPx + 41).toFixed(1)} 61.0`)
    expect(svg).toContain(`M101.0 101.0L${(secondLeftPx + 161).toFixed(1)} 141.0`)
    for (const index of [0, 1]) {
      expect(svg.split(pairColour(index)).length - 1, 'a line and two markers').toBe(3)
    }
  })

  it('refuses a pair that is not in the lists', () => {
    expect(() => pairsSvg(sheet, a, sheet, b, [[0, 2]])).toThrow(RangeError)
    expect(() => pairsSvg(sheet, a, sheet, b, [[-1, 0]])).toThrow(RangeError)
    expect(() => pairsSvg(sheet, a, sheet, b, [[0.5, 0]])).toThrow(RangeError)
  })
})

describe('pairColour', () => {
  it('differs between the first hundred pairs and is never pale', () => {
    const colours = Array.from({ length: 100 }, (_, index) => pairColour(index))
    expect(new Set(colours).size).toBe(100)
    for (const colour of colours) {
      expect(colour).toMatch(/^#[0-9a-f]{6}$/)
      const darkest = Math.min(...[1, 3, 5].map(start => Number.parseInt(colour.slice(start, start + 2), 16)))
      expect(darkest).toBeLessThan(40)
    }
  })
})

describe('renderPairs', () => {
  it('sets both prints side by side at their own sizes', async () => {
    const image = { data: new Uint8Array(60 * 120).fill(90), widthPx: 60, heightPx: 120, ppi: 500 }
    const png = await renderPairs(sheet, a, image, [at(30, 100)], [[0, 0]])
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    const grayAt = (x: number, y: number) => data[(y * info.width + x) * 3]
    expect(info.height).toBeGreaterThan(240)
    expect(info.width).toBe(200 + 24 + 120)
    expect(grayAt(190, 150)).toBe(244)
    expect(grayAt(212, 10)).toBe(255)
    expect(grayAt(230, 10)).toBe(90)
  })
})
