import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { OpenExtraction, type OpenParts } from './open-extraction.js'
import { cleanImpressions, grating, paint, phaseOf } from './pictures.js'

const impressions = cleanImpressions(2)

const SIDE = 160
const CARRIER = grating({ angleRad: 0, periodPx: 9 }, SIDE, SIDE)

type Line = readonly [fromX: number, fromY: number, toX: number, toY: number]

describe.each(CORE_TARGETS)('false minutiae ($target)', ({ module }) => {
  const open = new OpenExtraction(module)

  /** What is left of a skeleton of these lines over a sound print of horizontal ridges. */
  function survivors(...lines: readonly Line[]): string[] {
    const minutiae = open.run(CARRIER, (stage, parts) => {
      if (stage === 'thin') draw(parts, lines)
    })
    return minutiae.map(({ xPx, yPx, type }) => `${type} ${xPx},${yPx}`)
  }

  function draw({ skeleton, widthPx }: OpenParts, lines: readonly Line[]): void {
    skeleton.fill(0)
    for (const [fromX, fromY, toX, toY] of lines) {
      const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY))
      for (let i = 0; i <= steps; i++) {
        const x = Math.round(fromX + ((toX - fromX) * i) / steps)
        const y = Math.round(fromY + ((toY - fromY) * i) / steps)
        skeleton[y * widthPx + x] = 1
      }
    }
  }

  /** A ridge across the whole print: its ends are at the rim. */
  const through = (y: number): Line => [2, y, SIDE - 3, y]

  it('keeps true ones: an ending, a fork, an island as long as three ridges apart', () => {
    expect(survivors([2, 80, 80, 80])).toEqual(['ridge-ending 80,80'])
    expect(survivors([80, 80, SIDE - 3, 80])).toEqual(['ridge-ending 80,80'])
    expect(survivors(through(80), [59, 80, 69, 70], [69, 70, SIDE - 3, 70])).toEqual(['bifurcation 60,80'])
    expect(survivors([60, 80, 90, 80])).toEqual(['ridge-ending 60,80', 'ridge-ending 90,80'])
  })

  it('drops islands up to 12 px', () => {
    expect(survivors([70, 80, 78, 80])).toEqual([])
    expect(survivors([70, 80, 81, 80])).toEqual([])
    expect(survivors([70, 80, 84, 80])).toHaveLength(2)
  })

  it('drops spurs up to 10 px with their fork, keeps longer branches', () => {
    expect(survivors(through(80), [70, 80, 75, 75])).toEqual([])
    expect(survivors(through(80), [70, 80, 77, 73])).toEqual([])
    expect(survivors(through(80), [59, 80, 79, 60])).toEqual(['ridge-ending 79,60', 'bifurcation 60,80'])
  })

  it('drops bridges between neighbouring ridges and lakes', () => {
    expect(survivors(through(80), through(88), [80, 80, 80, 88])).toEqual([])
    const lake: Line[] = [
      [2, 80, 70, 80],
      [70, 80, 74, 76],
      [70, 80, 74, 84],
      [74, 76, 78, 80],
      [74, 84, 78, 80],
      [78, 80, SIDE - 3, 80],
    ]
    expect(survivors(...lake)).toEqual([])
  })

  it('mends a break of a ridge up to 14 px, but not two ridges that end side by side', () => {
    expect(survivors([2, 80, 70, 80], [80, 80, SIDE - 3, 80])).toEqual([])
    expect(survivors([2, 80, 70, 80], [88, 80, SIDE - 3, 80])).toHaveLength(2)
    expect(survivors([2, 80, 80, 80], [80, 89, SIDE - 3, 89])).toHaveLength(2)
    expect(survivors([2, 80, 80, 80], [2, 89, 80, 89])).toHaveLength(2)
  })

  it('takes nothing at the rim of the print for an ending', () => {
    expect(survivors(through(80), through(89))).toEqual([])
    expect(survivors([2, 80, SIDE - 14, 80])).toEqual([])
    expect(survivors([2, 80, SIDE - 30, 80])).toEqual([`ridge-ending ${SIDE - 30},80`])
  })

  it('finds none in a contact area cut out of parallel ridges, none in the background of prints', () => {
    const wave = { angleRad: 0.5, periodPx: 9 }
    const oval = paint(240, 240, (x, y) => {
      return Math.hypot(x - 120, (y - 120) * 0.8) < 88 ? 128 - 100 * Math.cos(phaseOf(wave, x, y)) : 255
    })
    expect(open.run(oval)).toEqual([])
    for (const { image, truth } of impressions) {
      for (const { xPx, yPx } of open.run(image)) {
        expect(truth.contact.data[yPx * image.widthPx + xPx]).toBe(255)
      }
    }
  })

  it('rates minutiae by the clarity of the ridges round them', () => {
    const clear = open.run(CARRIER, (stage, parts) => {
      if (stage === 'thin') draw(parts, [[2, 80, 80, 80]])
    })
    const qualities = [0.1, 0.15, 0.4, 0.65, 0.9].map(clarity => {
      return open.run(CARRIER, (stage, parts) => {
        if (stage !== 'thin') return
        draw(parts, [[2, 80, 80, 80]])
        parts.clarity.fill(clarity)
      })[0].quality
    })
    expect(clear[0].quality).toBe(100)
    // 0.15 counts as nothing, 0.65 as perfect; a minutia that is reported has at least 1.
    expect(qualities).toEqual([1, 1, 50, 100, 100])
  })

  it('keeps the 255 best of more, of equal ones the first', () => {
    const lines: Line[] = []
    for (let y = 12; y < 950; y += 12) for (let x = 100; x < 500; x += 80) lines.push([x, y, x + 40, y])
    const minutiae = open.run(grating({ angleRad: 0, periodPx: 9 }, 600, 960), (stage, parts) => {
      if (stage !== 'thin') return
      draw(parts, lines)
      // The upper fifth is clear, the lowest fifth clearer.
      const columns = parts.widthPx / 4
      parts.clarity.forEach((_, cell) => {
        const row = Math.floor(cell / columns)
        parts.clarity[cell] = row < 50 ? 0.6 : row < 200 ? 0.4 : 0.8
      })
    })
    expect(minutiae).toHaveLength(255)
    const counts = [0.6, 0.4, 0.8].map(clarity => {
      const quality = Math.round(Math.min(100, (clarity - 0.15) * 200))
      return minutiae.filter(minutia => minutia.quality === quality).length
    })
    // The 13 clearest rows of ten, then the first of the next best 16, none of the rest.
    expect(counts).toEqual([125, 0, 130])
    expect(Math.max(...minutiae.filter(minutia => minutia.quality === 90).map(minutia => minutia.yPx))).toBe(156)
    for (const [i, minutia] of minutiae.entries()) {
      if (i > 0) expect(minutia.yPx).toBeGreaterThanOrEqual(minutiae[i - 1].yPx)
    }
  })
})
