import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions } from './pictures.js'
import { StageLab } from './stage-lab.js'

const impressions = cleanImpressions(2)

describe.each(CORE_TARGETS)('binarize ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('is 1 where the enhanced print is positive, inside the mask and not on the rim of the image', () => {
    for (const { image } of impressions) {
      const { ridges, enhanced, mask, widthPx, heightPx } = lab.after('binarize', image)
      const expected = ridges.map((_, i) => {
        const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
        const inside = mask[Math.floor(y / 4) * (widthPx / 4) + Math.floor(x / 4)] === 1
        const rim = x === 0 || y === 0 || x === widthPx - 1 || y === heightPx - 1
        return inside && !rim && enhanced[i] > 0 ? 1 : 0
      })
      expect(Buffer.compare(ridges, expected)).toBe(0)
    }
  })

  it('shows the true ridges', () => {
    for (const { image, truth } of impressions) {
      const { ridges, mask, widthPx } = lab.after('binarize', image)
      let right = 0
      let all = 0
      ridges.forEach((ridge, i) => {
        const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
        const shade = truth.ridges.data[i]
        // The slopes between ridge and valley are neither.
        if (!mask[Math.floor(y / 4) * (widthPx / 4) + Math.floor(x / 4)] || !truth.contact.data[i]) return
        if (shade > 64 && shade < 191) return
        all++
        if (shade < 128 === (ridge === 1)) right++
      })
      expect(all).toBeGreaterThan(20_000)
      expect(right / all).toBeGreaterThan(0.97)
    }
  })
})
