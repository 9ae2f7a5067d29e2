import {
  type ImageRecordFormat,
  imageRecordOf,
  imagesOfRecord,
  type RecordImage,
  readImageRecord,
  writeImageRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'

const FORMATS: ImageRecordFormat[] = ['iso-19794-4-2005', 'iso-19794-4-2011', 'ansi-381-2004']
const IMAGE: RecordImage = {
  payload: new Uint8Array(6),
  compression: 'raw',
  widthPx: 2,
  heightPx: 3,
  ppi: 500,
  fingerPosition: 7,
  qualityBlocks: [{ score: 62, vendorId: 1, algorithmId: 2 }],
}

describe('imageRecordOf', () => {
  it('makes records that a reader takes without complaint', () => {
    for (const format of FORMATS) {
      const several = [IMAGE, { ...IMAGE, fingerPosition: 2 }, { ...IMAGE, qualityBlocks: undefined }]
      const tagged = imageRecordOf(several, { format })
      const read = readImageRecord(writeImageRecord(tagged))
      expect(read).toEqual(tagged)
      const stated = imagesOfRecord(read)
      expect(stated.map(({ fingerPosition, quality }) => [fingerPosition, quality])).toEqual([
        [7, 62],
        [2, 62],
        [7, undefined],
      ])
      expect(stated[0]).toMatchObject({
        widthPx: 2,
        heightPx: 3,
        xPpi: 500,
        yPpi: 500,
        compression: 'raw',
        impression: 0,
      })
    }
  })

  it('counts views of a position', () => {
    const { record } = imageRecordOf([IMAGE, IMAGE, { ...IMAGE, fingerPosition: 1 }], { format: 'iso-19794-4-2005' })
    expect(record).toMatchObject({
      fingerCount: 3,
      acquisitionLevel: 30,
      views: [
        { viewCount: 2, viewNumber: 1 },
        { viewCount: 2, viewNumber: 2 },
        { viewCount: 1, viewNumber: 1 },
      ],
    })
    const newer = imageRecordOf([IMAGE, IMAGE, { ...IMAGE, fingerPosition: 1 }], { format: 'iso-19794-4-2011' })
    expect(newer.record).toMatchObject({
      positionCount: 2,
      views: [{ viewNumber: 0 }, { viewNumber: 1 }, { viewNumber: 0 }],
    })
  })

  it('takes what a format has room for', () => {
    const options = {
      captureDeviceTypeId: 9,
      captureDeviceVendorId: 8,
      ownerId: 3,
      productTypeId: 4,
      acquisitionLevel: 41,
    }
    expect(imageRecordOf([IMAGE], { format: 'ansi-381-2004', ...options }).record).toMatchObject({
      ownerId: 3,
      productTypeId: 4,
      captureDeviceTypeId: 9,
      acquisitionLevel: 41,
    })
    expect(imageRecordOf([IMAGE], { format: 'iso-19794-4-2011', ...options }).record).toMatchObject({
      views: [{ captureDeviceVendorId: 8, captureDeviceTypeId: 9, captureTime: { year: 0xffff } }],
    })
  })

  it('has a code for every compression that a format knows', () => {
    const jpeg2000 = { ...IMAGE, compression: 'jpeg2000-lossless' } as const
    expect(imageRecordOf([jpeg2000], { format: 'iso-19794-4-2005' }).record).toMatchObject({ compression: 4 })
    expect(imageRecordOf([jpeg2000], { format: 'iso-19794-4-2011' }).record).toMatchObject({
      views: [{ compression: 5 }],
    })
    const unclear = { ...IMAGE, compression: 'jpeg2000' } as const
    expect(() => imageRecordOf([unclear], { format: 'iso-19794-4-2011' })).toThrow(RangeError)
  })

  it('refuses images that one record cannot hold', () => {
    for (const other of [{ ppi: 1000 }, { bitDepth: 4 }, { compression: 'png' as const }]) {
      const images = [IMAGE, { ...IMAGE, ...other }]
      expect(() => imageRecordOf(images, { format: 'ansi-381-2004' })).toThrow(RangeError)
      expect(() => imageRecordOf(images, { format: 'iso-19794-4-2011' })).not.toThrow()
    }
    expect(() => imageRecordOf([], { format: 'iso-19794-4-2011' })).toThrow(RangeError)
    expect(() => imageRecordOf([IMAGE], { format: 'fir' as never })).toThrow(RangeError)
  })
})
