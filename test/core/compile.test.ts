import { describe, expect, it } from 'vitest'
import { coreFailed, finiteScore, isCoreFailure } from '../../dist/core/compile.js'

describe('finiteScore', () => {
  it('gives a score back', () => {
    for (const score of [0, 1.5, 300]) expect(finiteScore(score)).toBe(score)
  })

  it.each([Number.NaN, Infinity, -Infinity])('takes %d for a failure of the core', score => {
    let thrown: unknown
    try {
      finiteScore(score)
    } catch (error) {
      thrown = error
    }
    expect(isCoreFailure(thrown)).toBe(true)
    expect(coreFailed(thrown)).toMatchObject({ code: 'CORE_FAILED', message: expect.stringContaining(`${score}`) })
  })
})
