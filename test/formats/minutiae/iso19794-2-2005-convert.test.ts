import fc from 'fast-check'
import {
  decodeTemplate,
  encodeTemplate,
  type Iso19794p2Record,
  isoToMinutiae,
  isoToTemplate,
  readIso19794p2v2005,
  templateToIso,
  writeIso19794p2v2005,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { isoRecord, quantisedContents } from '../../template/arbitraries.js'

/** Sides whose coordinates have the 14 bits of a record. */
const withinCoordinates = quantisedContents(0x4000)

function recordOf(pxPerCm: number, widthPx: number, heightPx: number, x: number, y: number): Iso19794p2Record {
  return {
    certifications: 0,
    captureDeviceTypeId: 0,
    widthPx,
    heightPx,
    xResolutionPxPerCm: pxPerCm,
    yResolutionPxPerCm: pxPerCm,
    views: [
      {
        fingerPosition: 3,
        viewNumber: 0,
        impression: 0,
        quality: 77,
        minutiae: [{ type: 2, x, y, angle: 64, quality: 41 }],
        extensions: [],
        extensionLengthsCountHeaders: false,
      },
    ],
  }
}

describe('templateToIso and isoToTemplate', () => {
  it('keep everything but codes and source resolution', () => {
    fc.assert(
      fc.property(withinCoordinates, contents => {
        const back = decodeTemplate(isoToTemplate(templateToIso(encodeTemplate(contents))))
        expect(back).toEqual({
          ...contents,
          sourcePpi: 500,
          methodVersion: 0,
          geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
          learnedCodes: undefined,
        })
      }),
    )
  })

  it('write what the options say', () => {
    const template = isoToTemplate(writeIso19794p2v2005(recordOf(197, 300, 400, 10, 20)))
    const bytes = templateToIso(template, {
      certifications: 8,
      captureDeviceTypeId: 77,
      impression: 1,
      fingerPosition: 9,
    })
    expect(readIso19794p2v2005(bytes)).toMatchObject({
      certifications: 8,
      captureDeviceTypeId: 77,
      widthPx: 300,
      xResolutionPxPerCm: 197,
      yResolutionPxPerCm: 197,
      views: [{ fingerPosition: 9, viewNumber: 0, impression: 1, quality: 77 }],
    })
    expect(() => templateToIso(template, { impression: 16 })).toThrow(RangeError)
    expect(() => templateToIso(template, { impression: 16 })).toThrow('impression')
  })

  it('refuse what is damaged with the code of its kind', () => {
    expect(() => templateToIso(new Uint8Array(40))).toThrow(expect.objectContaining({ code: 'TEMPLATE_FORMAT' }))
    expect(() => isoToTemplate(new Uint8Array(40))).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT' }))
  })

  it('refuse a minutia beyond 14 bits', () => {
    const far = { ...decodeTemplate(isoToTemplate(writeIso19794p2v2005(recordOf(197, 20000, 400, 10, 20)))) }
    const template = encodeTemplate({ ...far, minutiae: [{ ...far.minutiae[0], xPx: 16384 }] })
    expect(() => templateToIso(template)).toThrow(RangeError)
  })
})

describe('isoToMinutiae', () => {
  it.each([196, 197, 198])('takes %i px/cm as 500 ppi and leaves coordinates alone', pxPerCm => {
    expect(isoToMinutiae(recordOf(pxPerCm, 300, 400, 299, 399))).toEqual({
      widthPx: 300,
      heightPx: 400,
      sourcePpi: 500,
      quality: 77,
      fingerPosition: 3,
      minutiae: [{ xPx: 299, yPx: 399, directionRad: Math.PI / 2, type: 'bifurcation', quality: 41 }],
    })
  })

  it('scales other resolutions to 500 ppi', () => {
    const double = isoToMinutiae(recordOf(394, 600, 800, 300, 799))
    expect(double).toMatchObject({ widthPx: 300, heightPx: 400, sourcePpi: 1001 })
    expect(double.minutiae[0]).toMatchObject({ xPx: 150, yPx: 399, directionRad: Math.PI / 2 })
    const coarse = isoToMinutiae(recordOf(118, 180, 240, 100, 200))
    expect(coarse).toMatchObject({ widthPx: 300, heightPx: 400, sourcePpi: 300 })
    expect(coarse.minutiae[0]).toMatchObject({ xPx: 167, yPx: 334 })
  })

  it('gives what a template can hold, or says that the image is too large', () => {
    fc.assert(
      fc.property(isoRecord, record => {
        record.views.forEach((_, i) => {
          const sides = [record.widthPx / record.xResolutionPxPerCm, record.heightPx / record.yResolutionPxPerCm]
          if (sides.every(cm => cm < 330)) expect(() => isoToTemplate(writeIso19794p2v2005(record), i)).not.toThrow()
          if (sides.some(cm => cm > 340)) expect(() => isoToMinutiae(record, i)).toThrow('at 500 ppi')
        })
      }),
    )
    expect(() => isoToMinutiae(recordOf(99, 65535, 400, 1, 1))).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringContaining('widthPx') }),
    )
  })

  it('names a view that is not there', () => {
    const record = recordOf(197, 300, 400, 1, 1)
    for (const index of [1, -1, 0.5]) {
      expect(() => isoToMinutiae(record, index)).toThrow(
        new RangeError(`viewIndex is ${index}, the record has 1 views`),
      )
    }
  })
})
