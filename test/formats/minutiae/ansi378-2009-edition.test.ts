import fc from 'fast-check'
import {
  type Deviation,
  type MinutiaeRecord,
  minutiaeFormatOf,
  minutiaeOfRecord,
  readAnsi378v2009,
  readMinutiaeRecord,
  writeAnsi378v2009,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { editionOf } from '../../../dist/formats/minutiae/ansi378-2009-edition.js'
import { changed, fromHex } from '../damage.js'
import { recordOf } from './arbitraries.js'
import { GOLDENS } from './golden-records.js'

const NIST = GOLDENS.find(({ name }) => name.includes('NIST'))!.bytes
const RESERVED_OF_NIST = 19

function heard(bytes: Uint8Array) {
  const deviations: Deviation[] = []
  return { record: readAnsi378v2009(bytes, { onDeviation: one => deviations.push(one) }), deviations }
}

describe("a record in NIST's layout", () => {
  it('gives its views, minutiae and all', () => {
    const tagged = readMinutiaeRecord(NIST)
    expect(tagged).toMatchObject({ format: 'ansi-378-2009', record: { edition: '2007-nist' } })
    expect(minutiaeOfRecord(tagged, 0)).toMatchObject({ fingerPosition: 9, quality: 45, minutiae: [{ quality: 77 }] })
    expect(minutiaeOfRecord(tagged, 1)).toMatchObject({ fingerPosition: 2, widthPx: 256, minutiae: [] })
  })

  it('is known where owner and product are not reported', () => {
    expect(readMinutiaeRecord(changed(NIST, 12, 0, 0, 0, 0))).toMatchObject({ record: { edition: '2007-nist' } })
  })

  it('is known where it was cut, and refused', () => {
    for (let length = 21; length < NIST.length; length++) {
      const cut = NIST.subarray(0, length)
      expect([length, minutiaeFormatOf(cut), editionOf(cut).edition]).toEqual([length, 'ansi-378-2009', '2007-nist'])
      expect(() => heard(cut)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    }
  })

  it('is known where its length is wrong, or its reserved byte is not 0', () => {
    expect(heard(changed(NIST, 11, NIST.length - 2))).toMatchObject({
      record: { edition: '2007-nist', views: [{}, {}] },
      deviations: [{ field: 'length of the record' }],
    })
    expect(heard(changed(NIST, RESERVED_OF_NIST, 3))).toMatchObject({
      record: { edition: '2007-nist', views: [{}, {}] },
      deviations: [{ field: 'reserved byte', offset: RESERVED_OF_NIST }],
    })
  })

  it('is known where its count of views is 0, by the views that are there', () => {
    const uncounted = changed(NIST, 18, 0)
    expect(editionOf(uncounted)).toEqual({ edition: '2007-nist', isAmbiguous: false })
    expect(() => heard(uncounted)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    // Owner and product do not tell, nor does the position of the first finger.
    for (const position of [0, 1, 10]) {
      expect(editionOf(changed(uncounted, 20, position)).edition, `${position}`).toBe('2007-nist')
    }
  })

  it("is none where the standard's header counts none before views of its own", () => {
    const standard = GOLDENS.find(({ tagged: { format, record } }) => {
      return format === 'ansi-378-2009' && (record as { edition?: string }).edition === '2009'
    })!.bytes
    expect(editionOf(changed(standard, 19, 0)).edition).toBe('2009')
  })

  it('is none of version 035', () => {
    expect(editionOf(changed(NIST, 4, 0x30, 0x33, 0x35))).toEqual({ edition: '2009-amendment-1', isAmbiguous: false })
  })

  it('is written within its bits alone', () => {
    const { record } = heard(NIST)
    expect(() => writeAnsi378v2009({ ...record, certifications: 0x80 })).toThrow(/certifications is 128/)
    expect(() => writeAnsi378v2009({ ...record, captureDeviceTypeId: 0x1000 })).toThrow(/captureDeviceTypeId is 4096/)
    expect(() => writeAnsi378v2009({ ...record, edition: '2008' as never })).toThrow('edition is "2008"')
  })
})

/**
 * Bytes that both headers lead through: one view of one minutia each, a byte apart, and extended
 * data of 255 and 256 bytes.
 *
 * @param reserved of the standard's header; the finger position of NIST's
 */
function fittingBoth(reserved: number): Uint8Array {
  // NIST counts 1 with 01 reserved, the other 1.
  const head = fromHex('464d5200 30333000 0000012d 5678 1234 80 67 01 01')
  const bytes = new Uint8Array(301)
  bytes.set(head)
  bytes[20] = reserved
  // The standard's view is from 21, NIST's from 20: sizes and resolutions of 257, then a count of 1 for both.
  bytes.fill(1, 29, 38)
  bytes.set([1, 0, 255, 0x44, 0x55, 0, 255], 43)
  return bytes
}

describe('a record that both layouts fit, made so on purpose', () => {
  it("is the standard's where that does not deviate", () => {
    expect(editionOf(fittingBoth(0))).toEqual({ edition: '2009', isAmbiguous: false })
  })

  it('is reported where both deviate, and refused where nobody listens', () => {
    const bytes = fittingBoth(2)
    expect(editionOf(bytes)).toEqual({ edition: '2009', isAmbiguous: true })
    expect(() => readMinutiaeRecord(bytes)).toThrow(/fit NIST's header of 20 bytes too/)
    const { record, deviations } = heard(bytes)
    expect(deviations[0].message).toContain("fit NIST's header")
    expect(writeAnsi378v2009(record)).toEqual(bytes)
  })
})

describe('any record', () => {
  it("of one edition is never read as another's", () => {
    fc.assert(
      fc.property(recordOf['ansi-378-2009'], tagged => {
        const { record } = tagged as Extract<MinutiaeRecord, { format: 'ansi-378-2009' }>
        const bytes = writeAnsi378v2009(record)
        expect(editionOf(bytes)).toEqual({ edition: record.edition, isAmbiguous: false })
      }),
      { numRuns: 500 },
    )
  })

  it('that is nothing but bytes is told without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), tail => {
        expect(() => editionOf(Uint8Array.from([...fromHex('464d520030333000'), ...tail]))).not.toThrow()
      }),
    )
  })
})
