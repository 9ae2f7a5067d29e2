import fc from 'fast-check'
import type { MinutiaType, TemplateContents } from 'sidik'

const MINUTIA_TYPES: MinutiaType[] = ['other', 'ridge-ending', 'bifurcation']

/** Contents as a template holds them: whole pixels, directions in 256ths of a turn; sides of 1 to `maxSidePx`. */
export const quantisedContents = (maxSidePx = 0xffff): fc.Arbitrary<TemplateContents> =>
  fc
    .record({
      widthPx: fc.integer({ min: 1, max: maxSidePx }),
      heightPx: fc.integer({ min: 1, max: maxSidePx }),
      count: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(254, 255)),
      hasCodes: fc.boolean(),
      hasLearned: fc.boolean(),
    })
    .chain(({ widthPx, heightPx, count, hasCodes, hasLearned }) => {
      const codes = hasCodes ? count : 0
      return fc.record({
        widthPx: fc.constant(widthPx),
        heightPx: fc.constant(heightPx),
        sourcePpi: fc.integer({ min: 0, max: 0xffff }),
        quality: fc.integer({ min: 0, max: 100 }),
        fingerPosition: fc.integer({ min: 0, max: 10 }),
        methodVersion: fc.integer({ min: 0, max: 0xffffffff }),
        minutiae: fc.array(
          fc.record({
            xPx: fc.integer({ min: 0, max: widthPx - 1 }),
            yPx: fc.integer({ min: 0, max: heightPx - 1 }),
            directionRad: fc.integer({ min: 0, max: 255 }).map(code => (code * 2 * Math.PI) / 256),
            type: fc.constantFrom(...MINUTIA_TYPES),
            quality: fc.integer({ min: 0, max: 100 }),
          }),
          { minLength: count, maxLength: count },
        ),
        geometricCodes: fc.record({
          bits: fc.uint8Array({ minLength: 16 * codes, maxLength: 16 * codes }),
          masks: fc.uint32Array({ minLength: codes, maxLength: codes }),
        }),
        ...(hasLearned && count > 0 && { learnedCodes: learnedCodes(count) }),
      })
    })

const learnedCodes = (count: number) =>
  fc.record({
    networkVersion: fc.integer({ min: 1, max: 0xffffffff }),
    bits: fc.uint8Array({ minLength: 16 * count, maxLength: 16 * count }),
  })
