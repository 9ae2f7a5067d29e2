/** Records written by hand from the tables of the standards (spaces part the fields), and what they say. */
import type { Ansi381v2004Record, Iso19794p4v2005Record, Iso19794p4v2011Record } from 'sidik/formats'
import { fromHex } from '../damage.js'

const IMAGES_2005 = [
  '00000016 07 02 01 fe 00 0004 0002 00', // left index, view 1 of 2, quality undefined, live-scan plain, 4 x 2
  '00112233 44556677',
  '00000014 07 02 02 50 01 0002 0003 00', // its second view: quality 80, rolled, 2 x 3
  'ff00 ee11 dd22',
  '0000000f 00 01 01 00 08 0001 0001 00 80', // unknown finger, swipe, 1 x 1
]

export const ISO_2005 = fromHex(
  '46495200 30313000 000000000059 0b05 001f 02 01 01f4 01f4 01f4 01f4 08 00 0000',
  ...IMAGES_2005,
)

export const ANSI_2004 = fromHex(
  '46495200 30313000 00000000005d 00171234 0b05 001f 02 01 01f4 01f4 01f4 01f4 08 00 0000',
  ...IMAGES_2005,
)

export const ISO_2005_RECORD: Iso19794p4v2005Record = {
  captureDeviceTypeId: 0x0b05,
  acquisitionLevel: 31,
  fingerCount: 2,
  scaleUnits: 1,
  xScanResolution: 500,
  yScanResolution: 500,
  xImageResolution: 500,
  yImageResolution: 500,
  bitDepth: 8,
  compression: 0,
  views: [
    {
      fingerPosition: 7,
      viewCount: 2,
      viewNumber: 1,
      quality: 254,
      impression: 0,
      widthPx: 4,
      heightPx: 2,
      payload: fromHex('00112233 44556677'),
    },
    {
      fingerPosition: 7,
      viewCount: 2,
      viewNumber: 2,
      quality: 80,
      impression: 1,
      widthPx: 2,
      heightPx: 3,
      payload: fromHex('ff00ee11dd22'),
    },
    {
      fingerPosition: 0,
      viewCount: 1,
      viewNumber: 1,
      quality: 0,
      impression: 8,
      widthPx: 1,
      heightPx: 1,
      payload: fromHex('80'),
    },
  ],
}

export const ANSI_2004_RECORD: Ansi381v2004Record = { ownerId: 0x17, productTypeId: 0x1234, ...ISO_2005_RECORD }

export const ISO_2011 = fromHex(
  '46495200 30323000 000000c5 0002 01 02', // two representations, certified, two positions
  '00000077', // a slap, packed, with all kinds of extended data
  '07e8 02 1d 17 3b 3b 03e7 04 0040 1020', // 2024-02-29 23:59:59.999, monochromatic visible light, total internal reflection
  '02 5a 0040 000f ff 0021 0001', // quality 90, and another that could not be computed
  '01 0040 02', // certified by one
  '0d 00 02 00c5 00c5 00c5 00c5 04 01 00', // right four, number 0, 197 px/cm, 4 bits, packed, live-scan plain
  '0003 0003 00000005 123456789a',
  '0001 0026 0040 0001 39 0040 000f 02', // segmentation into two
  '02 50 02 0000 0000 0001 0002 00 03 ff 02 0002 0000 0002 0002 40',
  '0002 0007 01 05 01', // the little finger is amputated
  '0003 0008 6fc3a9 21', // a comment
  '1234 0006 beef', // a vendor's own
  '0000003e', // and one finger of nothing known
  'ffff ff ff ff ff ff ffff 00 0000 0000 00 00',
  '0a 00 01 01f4 01f4 03e8 03e8 08 06 1d 0020 0020 00000014 89504e470d0a1a0a 0000000049454e44ae426082',
)

export const ISO_2011_RECORD: Iso19794p4v2011Record = {
  hasCertificationBlocks: true,
  positionCount: 2,
  views: [
    {
      captureTime: { year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59, millisecond: 999 },
      captureDeviceTechnology: 4,
      captureDeviceVendorId: 0x40,
      captureDeviceTypeId: 0x1020,
      qualityBlocks: [
        { score: 90, vendorId: 0x40, algorithmId: 0xf },
        { score: 255, vendorId: 0x21, algorithmId: 1 },
      ],
      certificationBlocks: [{ authorityId: 0x40, scheme: 2 }],
      fingerPosition: 13,
      viewNumber: 0,
      scaleUnits: 2,
      xScanResolution: 197,
      yScanResolution: 197,
      xImageResolution: 197,
      yImageResolution: 197,
      bitDepth: 4,
      compression: 1,
      impression: 0,
      widthPx: 3,
      heightPx: 3,
      payload: fromHex('123456789a'),
      extensions: [
        {
          kind: 'segmentation',
          vendorId: 0x40,
          algorithmId: 1,
          quality: 57,
          qualityVendorId: 0x40,
          qualityAlgorithmId: 0xf,
          segments: [
            {
              fingerPosition: 2,
              quality: 80,
              corners: [
                { xPx: 0, yPx: 0 },
                { xPx: 1, yPx: 2 },
              ],
              orientation: 0,
            },
            {
              fingerPosition: 3,
              quality: 255,
              corners: [
                { xPx: 2, yPx: 0 },
                { xPx: 2, yPx: 2 },
              ],
              orientation: 64,
            },
          ],
        },
        { kind: 'annotation', annotations: [{ fingerPosition: 5, code: 1 }] },
        { kind: 'comment', text: 'o\u00e9!' },
        { kind: 'opaque', type: 0x1234, data: fromHex('beef') },
      ],
    },
    {
      captureTime: { year: 0xffff, month: 255, day: 255, hour: 255, minute: 255, second: 255, millisecond: 0xffff },
      captureDeviceTechnology: 0,
      captureDeviceVendorId: 0,
      captureDeviceTypeId: 0,
      qualityBlocks: [],
      certificationBlocks: [],
      fingerPosition: 10,
      viewNumber: 0,
      scaleUnits: 1,
      xScanResolution: 500,
      yScanResolution: 500,
      xImageResolution: 1000,
      yImageResolution: 1000,
      bitDepth: 8,
      compression: 6,
      impression: 29,
      widthPx: 32,
      heightPx: 32,
      payload: fromHex('89504e470d0a1a0a 0000000049454e44ae426082'),
      extensions: [],
    },
  ],
}
