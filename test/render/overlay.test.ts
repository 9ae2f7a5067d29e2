import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { minutiaeSvg, renderMinutiae } from '../../dist/render/overlay.js'
import type { GrayImage, Minutia } from '../../src/types.js'

const gray = (widthPx: number, heightPx: number, ppi = 500): GrayImage => ({
  data: new Uint8Array(widthPx * heightPx).fill(128),
  widthPx,
  heightPx,
  ppi,
})

const ending: Minutia = { xPx: 30, yPx: 40, directionRad: 0, type: 'ridge-ending', quality: 80 }
const bifurcation: Minutia = { xPx: 70, yPx: 60, directionRad: Math.PI / 2, type: 'bifurcation', quality: 80 }

const anyMinutia = fc.record({
  xPx: fc.integer({ min: 0, max: 99 }),
  yPx: fc.integer({ min: 0, max: 99 }),
  directionRad: fc.double({ min: 0, max: 6.28, noNaN: true }),
  type: fc.constantFrom('ridge-ending' as const, 'bifurcation' as const, 'other' as const),
  quality: fc.integer({ min: 0, max: 100 }),
})

async function pixels(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
  return { ...info, at }
}

describe('renderMinutiae', () => {
  it('doubles an image of 500 ppi and adds the legend below', async () => {
    const bare = await pixels(await renderMinutiae(gray(120, 90), [ending], { legend: false }))
    expect([bare.width, bare.height]).toEqual([240, 180])
    const whole = await pixels(await renderMinutiae(gray(120, 90), [ending]))
    expect(whole.width).toBe(240)
    expect(whole.height).toBeGreaterThan(180 + 40)
  })

  it('scales other resolutions, so that positions at 500 ppi fit', async () => {
    const picture = await pixels(await renderMinutiae(gray(240, 180, 1000), [ending], { legend: false }))
    expect([picture.width, picture.height]).toEqual([240, 180])
    expect(picture.at(61 - 6, 81)).not.toEqual([128, 128, 128])
  })

  it('draws an ending as an orange circle and a bifurcation as a blue square, ticks in their directions', async () => {
    const { at } = await pixels(await renderMinutiae(gray(100, 100), [ending, bifurcation], { legend: false }))
    const isOrange = ([r, , b]: number[]) => r > b + 60
    const isBlue = ([r, , b]: number[]) => b > r + 60
    expect(isOrange(at(61 - 6, 81))).toBe(true)
    expect(isOrange(at(61 + 18, 81))).toBe(true)
    expect(at(61 - 18, 81)).toEqual([128, 128, 128])
    expect(isBlue(at(141 - 6, 121 - 6))).toBe(true)
    expect(isBlue(at(141, 121 - 18))).toBe(true)
    expect(at(141, 121 + 18)).toEqual([128, 128, 128])
    expect(isOrange(at(61 - 6, 81 - 6))).toBe(false)
  })

  it('leaves the print as it is away from minutiae', async () => {
    const { at } = await pixels(await renderMinutiae(gray(100, 100), [ending], { legend: false }))
    for (let x = 120; x < 200; x++) expect(at(x, 20)).toEqual([128, 128, 128])
  })

  it('draws the minutiae of a template without an image on a plain sheet', async () => {
    const { width, height, at } = await pixels(await renderMinutiae({ widthPx: 100, heightPx: 80 }, [ending]))
    expect(width).toBeGreaterThanOrEqual(200)
    expect(height).toBeGreaterThan(160)
    expect(at(5, 5)).toEqual([244, 244, 244])
  })

  it('gives the same bytes for the same print', async () => {
    const first = await renderMinutiae(gray(60, 60), [ending])
    expect((await renderMinutiae(gray(60, 60), [ending])).equals(first)).toBe(true)
  })
})

describe('minutiaeSvg', () => {
  it('holds one marker for each minutia, and numbers only', () => {
    fc.assert(
      fc.property(fc.array(anyMinutia, { maxLength: 20 }), minutiae => {
        const { svg } = minutiaeSvg({ widthPx: 100, heightPx: 100 }, minutiae, { legend: false })
        expect(svg.match(/<g /g)?.length ?? 0).toBe(minutiae.length)
        expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      }),
      { numRuns: 30 },
    )
  })
})
