import fc from 'fast-check'
import { synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { grating, noise, paint, TURN } from './pictures.js'
import { innerCells, StageLab } from './stage-lab.js'

const prints = [1, 2, 3].map(finger => {
  const master = synthesizeFinger(11, finger)
  return { master, image: synthesizeImpression(master, 1, { clean: true }).image }
})

describe.each(CORE_TARGETS)('frequency ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('of parallel ridges is theirs to 5 % from 6 to 12 px, to 7 % up to 13 px, at any angle', () => {
    const angleRad = fc.double({ min: 0, max: Math.PI, noNaN: true })
    const periodPx = fc.double({ min: 6, max: 13, noNaN: true })
    fc.assert(
      fc.property(angleRad, periodPx, (angleRad, periodPx) => {
        const stages = lab.after('frequency', grating({ angleRad, periodPx }))
        const errors = Array.from(stages.periodPx, found => Math.abs(found / periodPx - 1))
        expect(Math.max(...errors)).toBeLessThan(periodPx <= 12 ? 0.05 : 0.07)
      }),
      { numRuns: 25 },
    )
  })

  it('differs from place to place', () => {
    const image = paint(320, 160, (x, y) => 128 + 100 * Math.cos((TURN * y) / (x < 160 ? 7 : 11)))
    const { periodPx, widthPx } = lab.after('frequency', image)
    const columns = widthPx / 4
    periodPx.forEach((found, cell) => {
      const x = (cell % columns) * 4
      if (x < 80) expect(Math.abs(found / 7 - 1)).toBeLessThan(0.05)
      if (x >= 240) expect(Math.abs(found / 11 - 1)).toBeLessThan(0.05)
    })
  })

  it('is a period of ours where there are no ridges', () => {
    const grain = noise(3, 96, 96)
    for (const image of [paint(96, 96, () => 255), paint(96, 96, (x, y) => 128 + 50 * grain[y * 96 + x])]) {
      for (const found of lab.after('frequency', image).periodPx) {
        expect(found).toBeGreaterThanOrEqual(5)
        expect(found).toBeLessThan(15.4)
      }
    }
  })

  it('of clean prints is the true one', () => {
    for (const { master, image } of prints) {
      const stages = lab.after('segment', image)
      const inside = innerCells(stages, 0).filter(cell => stages.mask[cell])
      const mean = inside.reduce((sum, cell) => sum + stages.periodPx[cell], 0) / inside.length
      expect(Math.abs(mean / master.meanPeriodPx - 1)).toBeLessThan(0.06)
    }
  })
})
