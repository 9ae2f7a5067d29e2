import { describe, expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { loadNetwork } from '../../dist/node/network-file.js'
import { CORE_TARGETS, RELEASE } from '../core-targets.js'
import { cleanImpressions, paint, placed } from '../extract/pictures.js'
import { OpenNetwork } from './open-network.js'

const print = cleanImpressions(1)[0].image
/** Of what the maps are computed for, px. */
const GRAIN = 16

it('takes the largest print, at the highest resolution, and a small one after it', () => {
  const extractor = new Extractor(RELEASE, loadNetwork())
  const before = extractor.extract(print)
  const side = 4400
  const large = paint(side, side, (x, y) => {
    const [column, row] = [Math.floor((x * 500) / 1100), Math.floor((y * 500) / 1100)]
    return print.data[(100 + (row % 200)) * print.widthPx + 100 + (column % 120)]
  })
  const { minutiae, widthPx, learnedCodes } = extractor.extract({ ...large, ppi: 1100 })
  expect([widthPx, minutiae.length]).toEqual([2000, 200])
  expect(learnedCodes?.bits).toHaveLength(16 * 200)
  expect({ ...extractor.extract(print), extractMs: 0 }).toEqual({ ...before, extractMs: 0 })
})

describe.each(CORE_TARGETS)('the part of the image that the network sees ($target)', ({ module }) => {
  it('moves with the print: the same minutiae and codes, by whole steps of the coarsest map', () => {
    const extractor = new Extractor(module, loadNetwork())
    const at = (leftPx: number, topPx: number) => extractor.extract(placed(print, 640, 720, leftPx, topPx))
    const { minutiae, learnedCodes } = at(48, 48)
    expect(minutiae.length).toBeGreaterThan(20)
    for (const [dx, dy] of [
      [GRAIN, 0],
      [-2 * GRAIN, 3 * GRAIN],
      [10 * GRAIN, 12 * GRAIN],
    ]) {
      const moved = at(48 + dx, 48 + dy)
      expect(moved.minutiae).toEqual(minutiae.map(each => ({ ...each, xPx: each.xPx + dx, yPx: each.yPx + dy })))
      expect(moved.learnedCodes).toEqual(learnedCodes)
    }
  })

  it('is no more than the print: nothing is computed beside it', () => {
    const network = new OpenNetwork(module)
    network.run(placed(print, 640, 720, 160, 160))
    const { values, shape } = network.map('output')
    const [rows, columns, channels] = shape
    expect(rows * 4).toBeLessThan(print.heightPx + 4 * GRAIN)
    expect(columns * 4).toBeLessThan(print.widthPx + 4 * GRAIN)
    // The corners of an oval.
    for (const row of [0, rows - 1]) {
      for (const column of [0, columns - 1]) {
        const at = (row * columns + column) * channels
        expect([...values.subarray(at, at + channels)]).toEqual(new Array(channels).fill(0))
      }
    }
  })
})
