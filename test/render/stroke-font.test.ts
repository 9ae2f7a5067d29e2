import { describe, expect, it } from 'vitest'
import { strokeText } from '../../dist/render/stroke-font.js'

const EVERY_LETTER = 'abcdefghijklmnopqrstuvwxyz0123456789-.,:()'

describe('strokeText', () => {
  it.each([...EVERY_LETTER])('draws %s inside its cell', letter => {
    const { path, widthPx } = strokeText(letter, 0, 0, 8)
    const numbers = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
    expect(numbers.length).toBeGreaterThan(1)
    expect(path.replaceAll(/[ML][\d.]+ [\d.]+/g, '')).toBe('')
    for (const [x, y] of numbers) {
      expect(x).toBeLessThanOrEqual(widthPx)
      expect(y).toBeLessThanOrEqual(8)
    }
  })

  it('draws no two letters alike', () => {
    expect(new Set([...EVERY_LETTER].map(letter => strokeText(letter, 0, 0, 8).path)).size).toBe(EVERY_LETTER.length)
  })

  it('advances with the text and scales with the height', () => {
    expect(strokeText('ab', 0, 0, 16).widthPx).toBeCloseTo(2 * strokeText('ab', 0, 0, 8).widthPx)
    expect(strokeText('a b', 0, 0, 8).widthPx).toBeGreaterThan(strokeText('ab', 0, 0, 8).widthPx)
    expect(strokeText('', 3, 3, 8)).toEqual({ path: '', widthPx: 0 })
  })

  it('says which letter it cannot draw', () => {
    expect(() => strokeText('Ä', 0, 0, 8)).toThrow(/Ä/)
  })
})
