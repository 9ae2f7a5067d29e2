import { describe, expect, it } from 'vitest'
import type { Stages } from '../../dist/core/extractor.js'
import { CORE_TARGETS } from '../core-targets.js'
import { grating, noise, paint, phaseOf } from '../extract/pictures.js'
import { StageLab } from '../extract/stage-lab.js'
import { blurred } from './blurred.js'

/** Cells: ORIENTATION_FIRST_SIGMA of assembly/parameters.ts. */
const SIGMA = 2.5

/** Sums of the doubled gradient vector (Scharr), and of its length, over each cell; off the image is 0. */
function tensorOf({ normalized, widthPx, heightPx }: Stages) {
  const columns = widthPx / 4
  const pixel = (x: number, y: number) => {
    return x < 0 || y < 0 || x >= widthPx || y >= heightPx ? 0 : normalized[y * widthPx + x]
  }
  const [cos, sin, energy] = [0, 0, 0].map(() => new Array<number>((columns * heightPx) / 4).fill(0))
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const across = (dy: number) => pixel(x + 1, y + dy) - pixel(x - 1, y + dy)
      const down = (dx: number) => pixel(x + dx, y + 1) - pixel(x + dx, y - 1)
      const gx = 3 * across(-1) + 10 * across(0) + 3 * across(1)
      const gy = 3 * down(-1) + 10 * down(0) + 3 * down(1)
      const cell = Math.floor(y / 4) * columns + Math.floor(x / 4)
      cos[cell] += gy * gy - gx * gx
      sin[cell] += 2 * gx * gy
      energy[cell] += gx * gx + gy * gy
    }
  }
  return { cos, sin, energy }
}

describe.each(CORE_TARGETS)('blur, as the structure tensor goes through it ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const grain = noise(6, 132, 76)
  const patches = paint(132, 76, (x, y) => {
    const ridges = -70 * Math.cos(phaseOf({ angleRad: x / 60, periodPx: 8 }, x, y))
    return 128 + (x + y > 90 ? ridges : 0) + (x < 80 ? 40 * grain[y * 132 + x] : 0)
  })

  it.each([
    ['a mixture of ridges and noise', patches],
    ['the smallest image', grating({ angleRad: 0.3, periodPx: 9 }, 32, 32)],
    ['a thread', grating({ angleRad: 1.3, periodPx: 7 }, 260, 32)],
  ])('is a Gaussian whose weights end at the edge of the grid: %s', (_, image) => {
    const stages = lab.after('orientation', image)
    const columns = stages.widthPx / 4
    const rows = stages.heightPx / 4
    const tensor = tensorOf(stages)
    const [cos, sin, energy] = [tensor.cos, tensor.sin, tensor.energy].map(grid => blurred(grid, columns, rows, SIGMA))
    // After this stage it is the coherence.
    stages.clarity.forEach((coherence, cell) => {
      const expected = Math.hypot(cos[cell], sin[cell]) / energy[cell]
      if (Math.abs(coherence - expected) > 1e-4) expect.fail(`cell ${cell}: ${coherence}, not ${expected}`)
    })
  })

  it('leaves a constant alone, up to the corners', () => {
    // Every cell of parallel ridges of a whole number of cells has the same energy as the one four periods on.
    const { periodPx } = lab.after('frequency', grating({ angleRad: 0, periodPx: 8 }, 160, 160))
    expect(Math.max(...periodPx) - Math.min(...periodPx)).toBeLessThan(0.1)
  })
})
