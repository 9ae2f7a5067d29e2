import { describe, expect, it } from 'vitest'
import { screeningOrder } from '../../dist/persons/screening-order.js'

const finger = (index: number, position: number, minutiae = 40, quality = 50) => ({
  index,
  position,
  contents: { minutiae: Array(minutiae).fill({}), quality },
})

describe('screeningOrder', () => {
  it('begins with thumbs and index fingers, and ends with the little ones', () => {
    const hands = Array.from({ length: 10 }, (_, i) => finger(i, i + 1))
    expect(screeningOrder(hands).map(({ position }) => position)).toEqual([1, 6, 2, 7, 3, 8, 4, 9, 5, 10])
  })

  it('leaves a poor thumb for later', () => {
    const order = screeningOrder([finger(0, 1, 12), finger(1, 5), finger(2, 8, 40, 5), finger(3, 0)])
    expect(order.map(({ index }) => index)).toEqual([3, 1, 2, 0])
  })

  it('does not depend on the order in which they came', () => {
    const fingers = [finger(0, 3), finger(1, 8), finger(2, 1), finger(3, 4, 90)]
    expect(screeningOrder([...fingers].reverse())).toEqual(screeningOrder(fingers))
  })
})
