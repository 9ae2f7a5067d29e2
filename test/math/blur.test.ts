import { describe, expect, it } from 'vitest'
import type { Stages } from '../../dist/core/extractor.js'
import { CORE_TARGETS } from '../core-targets.js'
import { grating, noise, paint, phaseOf } from '../extract/pictures.js'
import { StageLab } from '../extract/stage-lab.js'

/** CLARITY_SIGMA of assembly/parameters.ts. */
const SIGMA = 2.5

/** A Gaussian of 3 sigma either way over a grid, along both axes; what lies off the grid has no weight. */
function blurred(grid: readonly number[], columns: number, rows: number): number[] {
  const weight = (distance: number) => Math.exp(-0.5 * (distance / SIGMA) ** 2)
  const reach = Math.ceil(3 * SIGMA)
  return grid.map((_, cell) => {
    const [column, row] = [cell % columns, Math.floor(cell / columns)]
    let sum = 0
    let weights = 0
    for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++) {
        const w = weight(x - column) * weight(y - row)
        sum += w * grid[y * columns + x]
        weights += w
      }
    }
    return sum / weights
  })
}

function cellEnergies(image: Int16Array, { widthPx, heightPx }: Stages): number[] {
  const columns = widthPx / 4
  const energies = new Array<number>((columns * heightPx) / 4).fill(0)
  image.forEach((value, i) => {
    energies[Math.floor(i / widthPx / 4) * columns + Math.floor((i % widthPx) / 4)] += value * value
  })
  return energies
}

describe.each(CORE_TARGETS)('blur, as the clarity goes through it ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const grain = noise(6, 132, 76)
  const patches = paint(132, 76, (x, y) => {
    const ridges = -70 * Math.cos(phaseOf({ angleRad: x / 60, periodPx: 8 }, x, y))
    return 128 + (x + y > 90 ? ridges : 0) + (x < 80 ? 40 * grain[y * 132 + x] : 0)
  })

  it.each([
    ['a mixture of ridges and noise', patches],
    ['the smallest image with a mask', grating({ angleRad: 0.3, periodPx: 9 }, 36, 36)],
    ['a thread', grating({ angleRad: 1.3, periodPx: 7 }, 260, 36)],
  ])('is a Gaussian whose weights end at the edge of the grid: %s', (_, image) => {
    const stages = lab.after('refine', image)
    const columns = stages.widthPx / 4
    const rows = stages.heightPx / 4
    const ridges = blurred(cellEnergies(stages.enhanced, stages), columns, rows)
    const whole = blurred(cellEnergies(stages.normalized, stages), columns, rows)
    stages.clarity.forEach((clarity, cell) => {
      const expected = ridges[cell] / whole[cell]
      if (Math.abs(clarity - expected) > 1e-4 * expected) expect.fail(`cell ${cell}: ${clarity}, not ${expected}`)
    })
  })

  it('leaves a constant alone, up to the corners', () => {
    // Every cell of parallel ridges of a whole number of cells has the same energy as the one four periods on.
    const { periodPx } = lab.after('frequency', grating({ angleRad: 0, periodPx: 8 }, 160, 160))
    expect(Math.max(...periodPx) - Math.min(...periodPx)).toBeLessThan(0.1)
  })
})
