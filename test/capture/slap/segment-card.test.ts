import type { GrayImage } from 'sidik'
import { type CardLayout, FD249, FD249_PRINTS, segmentTenPrintCard } from 'sidik/capture'
import { synthesizeSlap } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { slapTouches } from '../../support/slap-touches.js'

const PPI = 250
const LAYOUT: CardLayout = {
  widthIn: 6,
  heightIn: 6,
  boxes: [
    { position: 1, impression: 'rolled', leftIn: 0, topIn: 0, widthIn: 1.5, heightIn: 2 },
    { position: 11, impression: 'plain', leftIn: 1.5, topIn: 0, widthIn: 1.5, heightIn: 2 },
    { position: 13, impression: 'plain', leftIn: 0, topIn: 2, widthIn: 6, heightIn: 4 },
  ],
}

function sheet(widthIn: number, heightIn: number): GrayImage {
  const [widthPx, heightPx] = [widthIn * PPI, heightIn * PPI]
  return { data: new Uint8Array(widthPx * heightPx).fill(250), widthPx, heightPx, ppi: PPI }
}

/** Lays an image on a sheet, and says where its corner is. */
function lay(on: GrayImage, what: GrayImage, leftIn: number, topIn: number): void {
  for (let y = 0; y < what.heightPx; y++) {
    const row = what.data.subarray(y * what.widthPx, (y + 1) * what.widthPx)
    on.data.set(row, (topIn * PPI + y) * on.widthPx + leftIn * PPI)
  }
}

describe('segmentTenPrintCard', () => {
  it('gives rolled prints whole and plain ones cut, where they are on the card', () => {
    const touches = slapTouches()
    const draw = { ppi: PPI, background: 250, residue: 0, rotationRad: 0 }
    const card = sheet(6, 6)
    const slap = synthesizeSlap(touches, 1, { ...draw, code: 13, strength: [0.8, 0.8, 0.8, 0.8] })
    const thumb = synthesizeSlap(touches, 1, { ...draw, code: 11, strength: [0.8] })
    lay(card, thumb.image, 0.1, 0.1)
    lay(card, thumb.image, 1.6, 0.1)
    lay(card, slap.image, 0.5, 2.1)
    // A frame, as cards have them.
    for (let x = 0; x < card.widthPx; x++)
      card.data.fill(20, 2 * PPI * card.widthPx + x, 2 * PPI * card.widthPx + x + 1)
    const { fingers, problems } = segmentTenPrintCard(card, { layout: LAYOUT })
    expect(problems).toEqual([])
    expect(fingers.map(({ position, impression }) => `${position} ${impression}`)).toEqual([
      '1 rolled',
      '1 plain',
      '2 plain',
      '3 plain',
      '4 plain',
      '5 plain',
    ])
    expect(fingers[0].box.rotationRad).toBe(0)
    const middle = slap.fingers[1].corners
    expect(fingers[3].box.xPx).toBeCloseTo((middle[0].xPx + middle[2].xPx) / 2 + 0.5 * PPI, -1.5)
    expect(fingers[3].box.yPx).toBeCloseTo((middle[0].yPx + middle[2].yPx) / 2 + 2.1 * PPI, -1.5)
    const without = segmentTenPrintCard(card, { layout: LAYOUT, missing: [1] })
    expect(without.fingers.map(({ position }) => position)).toEqual([2, 3, 4, 5])
  })

  it('says which boxes of an empty card show nothing', () => {
    const { fingers, problems } = segmentTenPrintCard(sheet(8, 5))
    expect(fingers).toEqual([])
    const empty = problems.filter(({ code }) => code === 'no-finger').map(({ boxPosition }) => boxPosition)
    expect(empty).toEqual(FD249_PRINTS.boxes.map(({ position }) => position))
    expect(segmentTenPrintCard(sheet(8, 8)).problems).toHaveLength(problems.length)
  })

  it('has layouts whose boxes lie beside each other', () => {
    for (const { boxes, widthIn, heightIn } of [FD249, FD249_PRINTS]) {
      const area = boxes.reduce((sum, box) => sum + box.widthIn * box.heightIn, 0)
      expect(area).toBeCloseTo(8 * 5)
      expect(Math.max(...boxes.map(box => box.leftIn + box.widthIn))).toBeCloseTo(widthIn)
      expect(Math.max(...boxes.map(box => box.topIn + box.heightIn))).toBeCloseTo(heightIn)
    }
  })

  it('refuses what does not fit', () => {
    expect(() => segmentTenPrintCard(sheet(4, 8))).toThrow(/^image shows 4.0 x 8.0 inches/)
    const [first] = LAYOUT.boxes
    const beyond = { ...LAYOUT, boxes: [{ ...first, leftIn: 5 }] }
    expect(() => segmentTenPrintCard(sheet(6, 6), { layout: beyond })).toThrow(/^layout.boxes\[0\] reaches beyond/)
    const four = { ...LAYOUT, boxes: [{ ...first, position: 13 }] }
    expect(() => segmentTenPrintCard(sheet(6, 6), { layout: four })).toThrow(/not rolled together/)
    expect(() => segmentTenPrintCard(sheet(6, 6), { layout: {} as CardLayout })).toThrow(TypeError)
  })
})
