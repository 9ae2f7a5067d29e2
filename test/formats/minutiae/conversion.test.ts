import fc from 'fast-check'
import type { Minutia } from 'sidik'
import {
  decodeTemplate,
  encodeTemplate,
  type MinutiaeRecord,
  minutiaeOfRecord,
  type RecordOptions,
  readMinutiaeRecord,
  recordOfMinutiae,
  recordToTemplate,
  templateOfMinutiae,
  templateToRecord,
  writeMinutiaeRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { quantisedContents } from '../../template/arbitraries.js'
import { KINDS, recordOf } from './arbitraries.js'

const FORMATS = ['iso-19794-2-2005', 'iso-19794-2-2011', 'ansi-378-2004', 'ansi-378-2009'] as const

/** Sides whose coordinates have the 14 bits of a record. */
const withinCoordinates = quantisedContents(0x4000)

const WITHOUT_CODES = {
  methodVersion: 0,
  geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  learnedCodes: undefined,
}

/** 256ths of a turn between two directions. */
const codesBetween = (a: number, b: number) => {
  const codes = Math.round((a - b) / (Math.PI / 128)) & 0xff
  return Math.min(codes, 256 - codes)
}

/** Most 256ths of a turn between the directions of minutiae that are the same otherwise. */
function mostCodesBetween(minutiae: readonly Minutia[], others: readonly Minutia[]): number {
  const rest = (all: readonly Minutia[]) => all.map(minutia => ({ ...minutia, directionRad: 0 }))
  expect(rest(minutiae)).toEqual(rest(others))
  return Math.max(0, ...minutiae.map(({ directionRad }, i) => codesBetween(directionRad, others[i].directionRad)))
}

function recordAt(pxPerCm: number, widthPx: number, heightPx: number, x: number, y: number): MinutiaeRecord {
  return {
    format: 'iso-19794-2-2005',
    record: {
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
    },
  }
}

describe('templateToRecord and recordToTemplate', () => {
  it.each(FORMATS)(
    '%s: keep everything but codes, source resolution and, by ANSI, half a unit of direction',
    format => {
      fc.assert(
        fc.property(withinCoordinates, contents => {
          const back = decodeTemplate(recordToTemplate(templateToRecord(encodeTemplate(contents), { format })))
          const most = format.startsWith('ansi') ? 1 : 0
          expect(mostCodesBetween(back.minutiae, contents.minutiae)).toBeLessThanOrEqual(most)
          expect({ ...back, minutiae: [] }).toEqual({ ...contents, minutiae: [], sourcePpi: 500, ...WITHOUT_CODES })
        }),
      )
    },
  )

  it('go through all formats and back with at most one 256th of a turn of difference', () => {
    fc.assert(
      fc.property(withinCoordinates, fc.shuffledSubarray([...FORMATS], { minLength: 2 }), (contents, formats) => {
        let template = encodeTemplate(contents)
        for (const format of formats) template = recordToTemplate(templateToRecord(template, { format }))
        const back = decodeTemplate(template)
        expect({ ...back, minutiae: [] }).toEqual({ ...contents, minutiae: [], sourcePpi: 500, ...WITHOUT_CODES })
        expect(mostCodesBetween(back.minutiae, contents.minutiae)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it.each(['ansi-378-2004', 'ansi-378-2009'] as const)('%s: give the same record again', format => {
    fc.assert(
      fc.property(withinCoordinates, contents => {
        const once = templateToRecord(encodeTemplate(contents), { format })
        expect(templateToRecord(recordToTemplate(once), { format })).toEqual(once)
      }),
    )
  })

  it('write what the options say', () => {
    const template = recordToTemplate(writeMinutiaeRecord(recordAt(197, 300, 400, 10, 20)))
    const common = { captureDeviceTypeId: 77, impression: 1, fingerPosition: 9 }
    const read = (options: RecordOptions) => readMinutiaeRecord(templateToRecord(template, options)).record
    const position = { fingerPosition: 9, viewNumber: 0, impression: 1 }
    const view = { ...position, quality: 77 }
    const image = { widthPx: 300, heightPx: 400, xResolutionPxPerCm: 197, yResolutionPxPerCm: 197 }
    expect(read({ format: 'iso-19794-2-2005', ...common, certifications: 8 })).toMatchObject({
      certifications: 8,
      captureDeviceTypeId: 77,
      ...image,
      views: [view],
    })
    expect(read({ format: 'ansi-378-2004', ...common, ownerId: 5, productTypeId: 6 })).toMatchObject({
      ownerId: 5,
      productTypeId: 6,
      captureDeviceTypeId: 77,
      ...image,
      views: [view],
    })
    expect(read({ format: 'ansi-378-2009', ...common, certifications: 0x80 })).toMatchObject({
      edition: '2009',
      certifications: 0x80,
      captureDeviceTypeId: 77,
      views: [{ ...view, ...image }],
    })
    expect(read({ format: 'iso-19794-2-2011', ...common, captureDeviceVendorId: 4 })).toMatchObject({
      views: [
        {
          captureDeviceVendorId: 4,
          captureDeviceTypeId: 77,
          qualityBlocks: [{ score: 77, vendorId: 0, algorithmId: 0 }],
          ...position,
          ...image,
          minutiaBytes: 6,
          endingType: 1,
        },
      ],
    })
  })

  it('refuse what is damaged with the code of its kind, and what makes no record', () => {
    const template = recordToTemplate(writeMinutiaeRecord(recordAt(197, 300, 400, 10, 20)))
    const attempt = (options: object) => () => templateToRecord(template, options as RecordOptions)
    expect(() => templateToRecord(new Uint8Array(40), { format: 'ansi-378-2004' })).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_FORMAT' }),
    )
    expect(() => recordToTemplate(new Uint8Array(40))).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT' }))
    expect(attempt({ format: 'iso-19794-2-2005', impression: 16 })).toThrow(RangeError)
    expect(attempt({ format: 'iso-19794-2-2005', impression: 16 })).toThrow('impression')
    expect(attempt({ format: 'iso-19794-2-2005', ownerId: 1 })).toThrow(TypeError)
    expect(attempt({ format: 'fmr' })).toThrow(RangeError)
    expect(attempt({ format: 'iso-19794-2-2005-card' })).toThrow('cardSize')
    expect(attempt({ format: 'iso-19794-2-2005', order: { by: 'size' } })).toThrow(RangeError)
    expect(attempt({ format: 'iso-19794-2-2005', maxMinutiae: -1 })).toThrow('maxMinutiae')
  })

  it('refuse a minutia beyond 14 bits, or leave it out', () => {
    const far = decodeTemplate(recordToTemplate(writeMinutiaeRecord(recordAt(197, 20000, 400, 10, 20))))
    const [minutia] = far.minutiae
    const template = encodeTemplate({ ...far, minutiae: [{ ...minutia, xPx: 16384 }, minutia] })
    const format = 'ansi-378-2009'
    expect(() => templateToRecord(template, { format })).toThrow(RangeError)
    const back = decodeTemplate(recordToTemplate(templateToRecord(template, { format, removeBeyondReach: true })))
    expect(back.minutiae).toEqual([minutia])
  })

  it('refuse 256 minutiae, or keep 255', () => {
    const print = minutiaeOfRecord(recordAt(197, 300, 400, 10, 20))
    const crowded = { ...print, minutiae: new Array(256).fill(print.minutiae[0]) }
    expect(() => writeMinutiaeRecord(recordOfMinutiae(crowded, { format: 'ansi-378-2004' }))).toThrow('minutiae.length')
    const record = recordOfMinutiae(crowded, { format: 'ansi-378-2004', maxMinutiae: 255 })
    expect(minutiaeOfRecord(readMinutiaeRecord(writeMinutiaeRecord(record))).minutiae).toHaveLength(255)
  })
})

describe('minutiaeOfRecord', () => {
  it.each([196, 197, 198])('takes %i px/cm as 500 ppi and leaves coordinates alone', pxPerCm => {
    expect(minutiaeOfRecord(recordAt(pxPerCm, 300, 400, 299, 399))).toEqual({
      widthPx: 300,
      heightPx: 400,
      sourcePpi: 500,
      quality: 77,
      fingerPosition: 3,
      minutiae: [{ xPx: 299, yPx: 399, directionRad: Math.PI / 2, type: 'bifurcation', quality: 41 }],
    })
  })

  it('scales other resolutions to 500 ppi', () => {
    const double = minutiaeOfRecord(recordAt(394, 600, 800, 300, 799))
    expect(double).toMatchObject({ widthPx: 300, heightPx: 400, sourcePpi: 1000 })
    expect(double.minutiae[0]).toMatchObject({ xPx: 150, yPx: 399, directionRad: Math.PI / 2 })
    const coarse = minutiaeOfRecord(recordAt(118, 180, 240, 100, 200))
    expect(coarse).toMatchObject({ widthPx: 300, heightPx: 400, sourcePpi: 300 })
    expect(coarse.minutiae[0]).toMatchObject({ xPx: 167, yPx: 334 })
  })

  it.each(KINDS)('%s: gives what a template can hold, or says that the image is too large', kind => {
    fc.assert(
      fc.property(recordOf[kind], tagged => {
        const { record } = tagged
        const views = 'views' in record ? record.views : [record]
        views.forEach((view, i) => {
          const image = 'widthPx' in view ? view : 'widthPx' in record ? record : null
          const sidesCm = image
            ? [image.widthPx / image.xResolutionPxPerCm, image.heightPx / image.yResolutionPxPerCm]
            : []
          if (sidesCm.every(cm => cm < 330)) templateOfMinutiae(minutiaeOfRecord(tagged, i))
          if (sidesCm.some(cm => cm > 340)) expect(() => minutiaeOfRecord(tagged, i)).toThrow('at 500 ppi')
        })
      }),
    )
    expect(() => minutiaeOfRecord(recordAt(99, 65535, 400, 1, 1))).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringContaining('widthPx') }),
    )
  })

  it('names a view that is not there', () => {
    for (const index of [1, -1, 0.5]) {
      const message = `viewIndex is ${index}, the record has 1 views`
      expect(() => minutiaeOfRecord(recordAt(197, 300, 400, 1, 1), index)).toThrow(new RangeError(message))
    }
  })

  it('takes a quality that is not reported or failed, and several fingers, for none', () => {
    const { record } = recordOfMinutiae(minutiaeOfRecord(recordAt(197, 300, 400, 1, 1)), {
      format: 'ansi-378-2009',
      fingerPosition: 13,
    }) as Extract<MinutiaeRecord, { format: 'ansi-378-2009' }>
    expect(record.edition).toBe('2009-amendment-1')
    const [view] = record.views
    const minutiae = [254, 255].map(quality => ({ ...view.minutiae[0], quality }))
    const print = minutiaeOfRecord({
      format: 'ansi-378-2009',
      record: { ...record, views: [{ ...view, minutiae, quality: 255 }] },
    })
    expect(print).toMatchObject({ quality: 0, fingerPosition: 0, minutiae: [{ quality: 0 }, { quality: 0 }] })
    const back = recordOfMinutiae(print, { format: 'ansi-378-2009' }) as unknown as { record: typeof record }
    const [written] = back.record.views
    expect(written).toMatchObject({ quality: 0, minutiae: [{ quality: 254 }, { quality: 254 }] })
  })
})

describe('card formats', () => {
  it.each([
    ['normal', 3000, 0, 0],
    ['compact', 502, 1, 2],
  ] as const)('%s size keeps positions and directions to half its unit', (cardSize, maxSidePx, mostPx, mostCodes) => {
    fc.assert(
      fc.property(quantisedContents(maxSidePx), contents => {
        const format = 'iso-19794-2-2005-card'
        const tagged = recordOfMinutiae(contents, { format, cardSize })
        const print = minutiaeOfRecord(tagged)
        expect(print).toMatchObject({ quality: 0, fingerPosition: 0, sourcePpi: 0 })
        const rounded = print.minutiae.map((minutia, i) => {
          const { xPx, yPx } = contents.minutiae[i]
          const isNear = Math.max(Math.abs(minutia.xPx - xPx), Math.abs(minutia.yPx - yPx)) <= mostPx
          return isNear ? { ...minutia, xPx, yPx } : minutia
        })
        const withoutQuality = contents.minutiae.map(minutia => ({ ...minutia, quality: 0 }))
        expect(mostCodesBetween(rounded, withoutQuality)).toBeLessThanOrEqual(mostCodes)
        expect(recordOfMinutiae(print, { format, cardSize })).toEqual(tagged)
        templateOfMinutiae(print)
      }),
    )
  })

  it('reach 163.83 and 25.5 mm', () => {
    const print = minutiaeOfRecord(recordAt(197, 16384, 400, 503, 10))
    const options = { format: 'iso-19794-2-2005-card', cardSize: 'compact' } as const
    expect(() => recordOfMinutiae(print, options)).toThrow('minutiae[0] at 503, 10 px')
    expect(recordOfMinutiae(print, { ...options, removeBeyondReach: true }).record).toMatchObject({ minutiae: [] })
    expect(recordOfMinutiae(print, { ...options, cardSize: 'normal' }).record).toMatchObject({
      minutiae: [{ x: 2555, y: 51, angle: 64, type: 2 }],
    })
  })
})
