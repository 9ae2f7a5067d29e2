import { expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { loadNetwork } from '../../dist/node/network-file.js'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions, regrayed } from '../extract/pictures.js'

it.each(CORE_TARGETS)('the network reads bright ridges on black as dark ones on white ($target)', ({ module }) => {
  const extractor = new Extractor(module, loadNetwork())
  for (const { image } of cleanImpressions(2)) {
    const { minutiae, learnedCodes } = extractor.extract(image)
    const other = extractor.extract(regrayed(image, gray => 255 - gray))
    expect(minutiae.length).toBeGreaterThan(12)
    // Halves are rounded up, also of what was negated: a code's bit may fall to the other side.
    const places = minutiae.map(({ xPx, yPx }) => `${xPx} ${yPx}`)
    const same = other.minutiae.filter(({ xPx, yPx }) => places.includes(`${xPx} ${yPx}`))
    expect(same.length).toBeGreaterThanOrEqual(0.9 * minutiae.length)
    expect(other.minutiae.length).toBeLessThanOrEqual(1.1 * minutiae.length)
    expect(learnedCodes?.bits).toHaveLength(16 * minutiae.length)
  }
})
