import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitText, type TextBox, type TextItem } from '../../../../dist/station/print/render/scene.js'

const MM_PER_PT = 25.4 / 72
const box: TextBox = { xMm: 10, yMm: 20, widthMm: 40, sizePt: 8, leastPt: 5 }

const widthOf = ({ runs, sizePt }: TextItem) => runs.reduce((sum, { widthEm }) => sum + widthEm, 0) * sizePt * MM_PER_PT
const textOf = (items: readonly TextItem[]) => items.map(({ runs }) => runs.map(({ text }) => text).join('')).join(' ')

describe('fitText', () => {
  it('keeps the size where there is room, then lessens it, then takes the condensed face', () => {
    const [short] = fitText('Siti', box).items
    expect([short.sizePt, short.runs[0].face]).toEqual([8, 'regular'])
    const [smaller] = fitText('Siti Nurhaliza binti Tarudin Kamil', box).items
    expect(smaller.sizePt).toBeLessThan(8)
    expect([smaller.runs[0].face, smaller.yMm]).toEqual(['regular', short.yMm])
    const [narrow] = fitText('Siti Nurhaliza binti Tarudin Wijayakusuma', { ...box, face: 'bold' }).items
    expect(narrow.runs[0].face).toBe('condensed-bold')
  })

  it('then takes lines where it may, and at last cuts, and says what', () => {
    const name = 'I Gusti Ngurah Agung Made Wijayakusuma Prawirodirdjo'
    const two = fitText(name, { ...box, lines: 2 })
    expect(two.items).toHaveLength(2)
    expect([textOf(two.items), two.cut]).toEqual([name, undefined])
    const one = fitText(name, box)
    expect(one.items).toHaveLength(1)
    const shown = textOf(one.items)
    expect(shown.endsWith('…')).toBe(true)
    expect(`${shown.slice(0, -1)}${one.cut}`.replaceAll(' ', '')).toBe(name.replaceAll(' ', ''))
  })

  it('stands where it is told', () => {
    const right = fitText('Siti', { ...box, align: 'right' }).items[0]
    expect(right.xMm + widthOf(right)).toBeCloseTo(50, 6)
    const middle = fitText('Siti', { ...box, align: 'center' }).items[0]
    expect(middle.xMm + widthOf(middle) / 2).toBeCloseTo(30, 6)
    expect(fitText('', box).items).toEqual([])
  })

  it('never leaves its box, whatever the text', () => {
    const letters = ['A', 'z', 'm', ' ', ' ', '-', 'ñ', 'أ', 'ب', 'א', 'ﷺ', '😀', '大', 'e\u0301', 'x\u0331']
    const words = fc.string({ unit: fc.constantFrom(...letters), maxLength: 200 })
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 4, max: 60 }), (text, lines, widthMm) => {
        const heightMm = lines * 6 * 1.18 * MM_PER_PT
        const { items, bottomMm } = fitText(text, { ...box, widthMm, lines, leastPt: 5, sizePt: 6, heightMm })
        expect(items.length).toBeLessThanOrEqual(lines)
        for (const item of items) {
          expect(item.xMm).toBeGreaterThanOrEqual(10 - 1e-9)
          expect(item.xMm + widthOf(item)).toBeLessThanOrEqual(10 + widthMm + 1e-6)
        }
        expect(bottomMm).toBeLessThanOrEqual(20 + heightMm + 1e-6)
      }),
      { numRuns: 60 },
    )
  })
})
