import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { decodeImage } from '../../dist/image/decode.js'
import { loadNetwork } from '../../dist/node/network-file.js'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions, placed } from '../extract/pictures.js'
import { OpenNetwork } from './open-network.js'

const file = fileURLToPath(new URL('../../fixtures/prints/104_3.png', import.meta.url))
const faulty = await decodeImage(readFileSync(file), {})
const clean = placed(cleanImpressions(1)[0].image, 480, 560, 60, 70)
const CELL_MM2 = (4 * 25.4) ** 2 / 500 ** 2
/** What the network looks at begins so far from the print, at a multiple of 16 px. */
const MARGIN_PX = 16
const CLARITY = 2

it.each(CORE_TARGETS)('the varied area is that of the cells that the network calls clear ($target)', ({ module }) => {
  for (const image of [faulty, clean]) {
    const extractor = new Extractor(module, loadNetwork())
    const { measures, minutiae } = extractor.extract(image)
    const { mask, orientation, widthPx, cellPx } = extractor.stages()
    const network = new OpenNetwork(module)
    network.run(image)
    const { values, shape } = network.map('output')
    const columns = widthPx / cellPx
    const inside = [...mask.keys()].filter(cell => mask[cell] === 1)
    const start = (cell: number) => (Math.max(0, cell * cellPx - MARGIN_PX) & ~15) / cellPx
    const left = start(inside.reduce((least, cell) => Math.min(least, cell % columns), columns))
    const top = start(Math.floor(inside[0] / columns))
    const clear = inside.filter(cell => {
      const at = (Math.floor(cell / columns) - top) * shape[1] + (cell % columns) - left
      return values[at * shape[2] + CLARITY] > 0
    })
    const sum = (of: (angle: number) => number) =>
      clear.reduce((total, cell) => total + of((orientation[cell] * Math.PI) / 128), 0)
    const varied = (clear.length - Math.hypot(sum(Math.cos), sum(Math.sin))) * CELL_MM2
    expect(clear.length).toBeGreaterThan(100)
    expect(clear.length).toBeLessThan(inside.length)
    expect(measures.variedMm2).toBeGreaterThan(5)
    expect(Math.abs(measures.variedMm2 / varied - 1)).toBeLessThan(0.001)
    const poor = minutiae.filter(minutia => minutia.quality < 25).length / minutiae.length
    expect(measures.poorShare).toBeCloseTo(poor, 6)
    const good = (minutiae.length * (1 - poor)) / (minutiae.length + 15)
    expect(measures.quality).toBeCloseTo(Math.min(100, (155 * good * varied) / (varied + 30)), 1)
  }
})
