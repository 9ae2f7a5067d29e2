import { FRICTION_RIDGE_POSITIONS } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

describe('friction ridge positions', () => {
  it('numbers the fingers as the standards do', () => {
    expect([1, 2, 5, 6, 7, 10].map(code => FRICTION_RIDGE_POSITIONS.get(code)?.name)).toEqual([
      'right thumb',
      'right index finger',
      'right little finger',
      'left thumb',
      'left index finger',
      'left little finger',
    ])
  })

  it('has each code and each name once', () => {
    const positions = [...FRICTION_RIDGE_POSITIONS.values()]
    expect(new Set(positions.map(({ name }) => name)).size).toBe(positions.length)
    for (const [code, position] of FRICTION_RIDGE_POSITIONS) expect(position.code).toBe(code)
  })

  it('lists the fingers of a slap as they lie: the little finger outside', () => {
    expect(FRICTION_RIDGE_POSITIONS.get(13)?.fingers).toEqual([2, 3, 4, 5])
    expect(FRICTION_RIDGE_POSITIONS.get(14)?.fingers).toEqual([10, 9, 8, 7])
    expect(FRICTION_RIDGE_POSITIONS.get(15)?.fingers).toEqual([6, 1])
  })
})
