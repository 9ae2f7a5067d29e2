import { expect, it } from 'vitest'
import { countAgreement, sumCounts } from '../../dist/cli/minutiae-counts.js'
import type { Minutia } from '../../src/types.js'

const at = (xPx: number, type: Minutia['type']): Minutia => ({ xPx, yPx: 0, directionRad: 0, type, quality: 0 })
const truth = [at(0, 'ridge-ending'), at(100, 'ridge-ending'), at(200, 'bifurcation')]
const found = [at(2, 'ridge-ending'), at(101, 'bifurcation'), at(300, 'bifurcation'), at(400, 'other')]

it('pools over types, and counts each type strictly on both sides', () => {
  expect(countAgreement(found, truth, 'pooled')).toEqual({ found: 4, truth: 3, matched: 2, sameType: 1 })
  expect(countAgreement(found, truth, 'ridge-ending')).toEqual({ found: 1, truth: 2, matched: 1, sameType: 1 })
  expect(countAgreement(found, truth, 'bifurcation')).toEqual({ found: 2, truth: 1, matched: 0, sameType: 0 })
})

it('adds counts up before it divides, so that prints weigh by their minutiae', () => {
  const one = { found: 1, truth: 1, matched: 1, sameType: 1 }
  const many = { found: 9, truth: 19, matched: 1, sameType: 0 }
  expect(sumCounts([one, many])).toMatchObject({ recall: 0.1, precision: 0.2, typeAgreement: 0.5 })
})

it('gives no share of nothing', () => {
  expect(sumCounts([])).toMatchObject({ recall: null, precision: null, typeAgreement: null })
  expect(sumCounts([{ found: 0, truth: 5, matched: 0, sameType: 0 }])).toMatchObject({ recall: 0, precision: null })
})
