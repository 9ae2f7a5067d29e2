import { minutiaeAgreement } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions, cropped, placed, regrayed } from './pictures.js'
import { StageLab } from './stage-lab.js'

const images = cleanImpressions(2).map(impression => impression.image)
const inverted = (gray: number) => 255 - gray

describe.each(CORE_TARGETS)('polarity ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('gives the same minutiae of dark ridges on white and of bright ones on black', () => {
    for (const image of images) {
      const { minutiae, quality } = lab.extractor.extract(image)
      expect(minutiae.length).toBeGreaterThan(12)
      const other = lab.extractor.extract(regrayed(image, inverted))
      expect(other.minutiae).toEqual(minutiae)
      expect(other.quality).toEqual(quality)
    }
  })

  it('turns the sign of the ridges, not their place', () => {
    const dark = lab.after('refine', images[0])
    const bright = lab.after('refine', regrayed(images[0], inverted))
    // Responses are rounded up at a half, which is down for their negatives.
    const worst = bright.enhanced.map((value, i) => Math.abs(value - dark.enhanced[i])).sort()
    expect(worst[Math.floor(0.999 * worst.length)]).toBeLessThanOrEqual(1)
    expect(bright.mask).toEqual(dark.mask)
  })

  it('takes a background that is hardly darker than the print for no sign', () => {
    const print = cropped(images[0], 80, 110, 160, 180)
    const { minutiae } = lab.extractor.extract(placed(print, 240, 260, 40, 40, 255))
    const onGray = lab.extractor.extract(placed(print, 240, 260, 40, 40, 140)).minutiae
    expect(minutiaeAgreement(onGray, minutiae).recall).toBeGreaterThan(0.8)
    expect(minutiaeAgreement(onGray, minutiae).typeAgreement).toBeGreaterThan(0.9)
  })

  it('takes a print that fills its image as it is: only the types are exchanged', () => {
    const print = cropped(images[0], 90, 110, 150, 180)
    const { minutiae } = lab.extractor.extract(print)
    const agreement = minutiaeAgreement(lab.extractor.extract(regrayed(print, inverted)).minutiae, minutiae)
    expect(minutiae.length).toBeGreaterThan(8)
    expect(agreement.recall).toBeGreaterThanOrEqual(0.7)
    expect(agreement.precision).toBeGreaterThanOrEqual(0.7)
    expect(agreement.typeAgreement).toBeLessThan(0.2)
  })
})
