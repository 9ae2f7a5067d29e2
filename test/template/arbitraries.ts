import fc from 'fast-check'
import type { MinutiaType, TemplateContents } from 'sidik'
import type { Iso19794p2Record } from 'sidik/formats'

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

/** Records with every field free within the standard's range. */
export const isoRecord: fc.Arbitrary<Iso19794p2Record> = fc
  .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
  .chain(([widthPx, heightPx]) =>
    fc.record({
      certifications: fc.integer({ min: 0, max: 15 }),
      captureDeviceTypeId: fc.integer({ min: 0, max: 0xfff }),
      widthPx: fc.constant(widthPx),
      heightPx: fc.constant(heightPx),
      xResolutionPxPerCm: fc.integer({ min: 99, max: 0xffff }),
      yResolutionPxPerCm: fc.integer({ min: 99, max: 0xffff }),
      views: fc.array(
        fc.record({
          fingerPosition: fc.integer({ min: 0, max: 10 }),
          viewNumber: fc.integer({ min: 0, max: 15 }),
          impression: fc.integer({ min: 0, max: 15 }),
          quality: fc.integer({ min: 0, max: 100 }),
          minutiae: fc.array(
            fc.record({
              type: fc.constantFrom(0, 1, 2),
              x: fc.integer({ min: 0, max: Math.min(widthPx - 1, 0x3fff) }),
              y: fc.integer({ min: 0, max: Math.min(heightPx - 1, 0x3fff) }),
              angle: fc.integer({ min: 0, max: 255 }),
              quality: fc.integer({ min: 0, max: 100 }),
            }),
            { maxLength: 40 },
          ),
          extensions: fc.array(
            fc.record({ type: fc.integer({ min: 0, max: 0xffff }), data: fc.uint8Array({ maxLength: 20 }) }),
            { maxLength: 3 },
          ),
          extensionLengthsCountHeaders: fc.constant(false),
        }),
        { maxLength: 4 },
      ),
    }),
  )
