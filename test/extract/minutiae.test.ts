import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { minutiaeAgreement } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { crossingNumber } from './bitmap.js'
import { OpenExtraction, type OpenParts } from './open-extraction.js'
import { cleanImpressions, directionErrorDeg, grating, paint, phaseOf, TURN } from './pictures.js'
import { StageLab } from './stage-lab.js'

const MIDDLE = 80
const impressions = cleanImpressions(6)

/**
 * Parallel ridges with one line more on one side of the middle than on the other: a turn round the middle adds a period.
 * The line begins in the middle and runs in `directionRad`; it is a ridge, or a valley between two branches of a ridge.
 */
function figure(type: 'ridge-ending' | 'bifurcation', directionRad: number, periodPx: number) {
  const wave = { angleRad: directionRad, periodPx, phaseRad: type === 'ridge-ending' ? 0 : Math.PI }
  return paint(2 * MIDDLE, 2 * MIDDLE, (x, y) => {
    const [dx, dy] = [x - MIDDLE, y - MIDDLE]
    const along = dx * Math.cos(directionRad) - dy * Math.sin(directionRad)
    const across = dx * Math.sin(directionRad) + dy * Math.cos(directionRad)
    return 128 - 100 * Math.cos(phaseOf(wave, dx, dy) + Math.atan2(across, along))
  })
}

describe.each(CORE_TARGETS)('minutiae ($target)', ({ module }) => {
  const open = new OpenExtraction(module)
  const lab = new StageLab(module)

  it.each(['ridge-ending', 'bifurcation'] as const)('finds a %s, of any direction, and nothing else', type => {
    const directionRad = fc.double({ min: 0, max: TURN, noNaN: true, maxExcluded: true })
    const periodPx = fc.double({ min: 7, max: 11, noNaN: true })
    fc.assert(
      fc.property(directionRad, periodPx, (directionRad, periodPx) => {
        const minutiae = open.run(figure(type, directionRad, periodPx))
        expect(minutiae.map(minutia => minutia.type)).toEqual([type])
        const [{ xPx, yPx, directionRad: found, quality }] = minutiae
        expect(Math.hypot(xPx - MIDDLE, yPx - MIDDLE)).toBeLessThan(periodPx)
        expect(directionErrorDeg(found, directionRad)).toBeLessThan(10)
        expect(found).toBeGreaterThanOrEqual(0)
        expect(found).toBeLessThan(TURN)
        expect(quality).toBeGreaterThan(50)
      }),
      { numRuns: 25 },
    )
  })

  it('reports every pixel with one or three ways on, in the order of the rows', () => {
    let candidates: Minutia[] = []
    let skeleton: OpenParts | undefined
    const { image } = impressions[0]
    open.run(image, (stage, parts) => {
      if (stage !== 'minutiae') return
      candidates = open.minutiae()
      skeleton = { ...parts, skeleton: parts.skeleton.slice() }
    })
    const bitmap = { data: skeleton!.skeleton, widthPx: skeleton!.widthPx, heightPx: skeleton!.heightPx }
    const expected: [number, number, string][] = []
    bitmap.data.forEach((value, i) => {
      const ways = value ? crossingNumber(bitmap, i) : 0
      if (ways !== 1 && ways !== 3) return
      const type = ways === 1 ? 'ridge-ending' : 'bifurcation'
      expected.push([i % bitmap.widthPx, Math.floor(i / bitmap.widthPx), type])
    })
    expect(expected.length).toBeGreaterThan(50)
    expect(candidates.map(({ xPx, yPx, type }) => [xPx, yPx, type])).toEqual(expected)
  })

  it('follows its trace where the orientation field disagrees', () => {
    // A skeleton that runs across the ridges of the field, of which only the mask is used.
    let candidates: Minutia[] = []
    open.run(grating({ angleRad: 0, periodPx: 9 }, 96, 96), (stage, { skeleton, widthPx }) => {
      if (stage === 'thin') {
        skeleton.fill(0)
        for (let y = 20; y <= 70; y++) skeleton[y * widthPx + 48] = 1
      }
      if (stage === 'minutiae') candidates = open.minutiae()
    })
    expect(candidates.map(({ xPx, yPx }) => [xPx, yPx])).toEqual([
      [48, 20],
      [48, 70],
    ])
    expect(candidates[0].directionRad).toBeCloseTo((3 * Math.PI) / 2, 5)
    expect(candidates[1].directionRad).toBeCloseTo(Math.PI / 2, 5)
  })

  it('finds the true minutiae of clean prints', () => {
    const counts = { matched: 0, found: 0, true_: 0, sameType: 0 }
    for (const { image, truth } of impressions) {
      const { minutiae } = lab.extractor.extract(image)
      const { matched, recall, precision, typeAgreement } = minutiaeAgreement(minutiae, truth.minutiae)
      // One finger has some 25: two more or less are a tenth.
      expect(recall).toBeGreaterThanOrEqual(0.7)
      expect(precision).toBeGreaterThanOrEqual(0.8)
      counts.matched += matched
      counts.found += minutiae.length
      counts.true_ += truth.minutiae.length
      counts.sameType += matched * (typeAgreement ?? 0)
    }
    // Measured: 0.87, 0.96, 0.98.
    expect(counts.matched / counts.true_).toBeGreaterThanOrEqual(0.8)
    expect(counts.matched / counts.found).toBeGreaterThanOrEqual(0.8)
    expect(counts.sameType / counts.matched).toBeGreaterThanOrEqual(0.9)
  })
})
