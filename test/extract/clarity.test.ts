import { describe, expect, it } from 'vitest'
import type { Stages } from '../../dist/core/extractor.js'
import { CORE_TARGETS } from '../core-targets.js'
import { blurred } from '../math/blurred.js'
import { cleanImpressions, grating, noise, paint, phaseOf } from './pictures.js'
import { innerCells, StageLab } from './stage-lab.js'

const WAVE = { angleRad: 0.6, periodPx: 9 }

/** Cells: CLARITY_SIGMA of assembly/parameters.ts. */
const SIGMA = 2.5

/** Of the rows of pixels that are looked at: two of four, in every second cell, as on a chessboard. */
function sampledEnergies(image: Int16Array, { widthPx, heightPx }: Stages): number[] {
  const columns = widthPx / 4
  const energies = new Array<number>((columns * heightPx) / 4).fill(0)
  image.forEach((value, i) => {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
    const [column, row] = [Math.floor(x / 4), Math.floor(y / 4)]
    if (y % 2 === 0 && (row + column) % 2 === 0) energies[row * columns + column] += value * value
  })
  return energies
}

describe.each(CORE_TARGETS)('clarity ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const grain = noise(4, 160, 160)
  const noisy = paint(160, 160, (x, y) => 128 - 60 * Math.cos(phaseOf(WAVE, x, y)) + 60 * grain[y * 160 + x])

  it('calls clean ridges clear, noise not, and mixtures in between', () => {
    const mean = (stages: ReturnType<StageLab['after']>) => {
      const cells = innerCells(stages, 4)
      return cells.reduce((sum, cell) => sum + stages.clarity[cell], 0) / cells.length
    }
    const white = paint(160, 160, (x, y) => 128 + 40 * grain[y * 160 + x])
    expect(mean(lab.after('clarity', grating(WAVE, 160, 160)))).toBeGreaterThan(0.9)
    expect(mean(lab.after('clarity', white))).toBeLessThan(0.06)
    const share = mean(lab.after('clarity', noisy))
    expect(share).toBeGreaterThan(0.25)
    expect(share).toBeLessThan(0.45)
  })

  it('is 0 where there is nothing', () => {
    const blank = lab.after(
      'clarity',
      paint(64, 64, () => 255),
    )
    expect(blank.clarity.every(value => value === 0)).toBe(true)
  })

  it.each([
    ['a print', cleanImpressions(1)[0].image],
    ['ridges under noise', noisy],
    ['a thread', grating({ angleRad: 1.3, periodPx: 7 }, 260, 36)],
  ])('is the share of energy that the filters keep of the pixels that are looked at: %s', (_, image) => {
    // The classical extraction enhances the whole print with the same orientation and period.
    const stages = lab.after('enhance', image)
    const columns = stages.widthPx / 4
    const rows = stages.heightPx / 4
    const ridges = blurred(sampledEnergies(stages.enhanced, stages), columns, rows, SIGMA)
    const whole = blurred(sampledEnergies(stages.normalized, stages), columns, rows, SIGMA)
    stages.clarity.forEach((clarity, cell) => {
      const expected = whole[cell] > 0 ? ridges[cell] / whole[cell] : 0
      if (Math.abs(clarity - expected) > 1e-4 * expected) expect.fail(`cell ${cell}: ${clarity}, not ${expected}`)
    })
  })
})
