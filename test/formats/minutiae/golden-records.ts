import type { MinutiaeRecord } from 'sidik/formats'
import { fromHex } from '../damage.js'

/** One record of each format, its bytes written by hand from the standard's tables; the spaces part the fields. */
export interface Golden {
  readonly name: string
  readonly tagged: MinutiaeRecord
  readonly bytes: Uint8Array
}

const ISO_2005: Golden = {
  name: 'ISO/IEC 19794-2:2005',
  bytes: fromHex(
    '464d5200 20323000 0000005a 8 0b5 0200 0180 00c5 00c5 02 00', // header
    '07 10 5a 02', // left index, view 1, live-scan plain, quality 90, two minutiae
    '4064 000e 50 5a', // ending at 100, 14
    '8037 017f ff 00', // bifurcation at 55, 383
    '0000', // no extended data
    '02 08 00 01', // right index, view 0, swipe, no quality, one minutia
    '01ff 0000 00 64', // other at 511, 0
    '0024',
    '0221 0003 aabbcc', // a vendor's extension of 3 bytes
    '0002 000f 02 4064 000e 50 0065 000f 01 0066 0010', // two cores, one with an angle, and a delta without
    '0003 0006 c8 c8 04 123456', // zonal quality: 3 x 2 cells of 200 x 200 px, 4 bits each
  ),
  tagged: {
    format: 'iso-19794-2-2005',
    record: {
      certifications: 8,
      captureDeviceTypeId: 0x0b5,
      widthPx: 512,
      heightPx: 384,
      xResolutionPxPerCm: 197,
      yResolutionPxPerCm: 197,
      views: [
        {
          fingerPosition: 7,
          viewNumber: 1,
          impression: 0,
          quality: 90,
          minutiae: [
            { type: 1, x: 100, y: 14, angle: 80, quality: 90 },
            { type: 2, x: 55, y: 383, angle: 255, quality: 0 },
          ],
          extensions: [],
          extensionLengthsCountHeaders: false,
        },
        {
          fingerPosition: 2,
          viewNumber: 0,
          impression: 8,
          quality: 0,
          minutiae: [{ type: 0, x: 511, y: 0, angle: 0, quality: 100 }],
          extensions: [
            { kind: 'opaque', type: 0x221, data: Uint8Array.of(0xaa, 0xbb, 0xcc) },
            {
              kind: 'cores-and-deltas',
              cores: [
                { x: 100, y: 14, angle: 80 },
                { x: 101, y: 15 },
              ],
              deltas: [{ x: 102, y: 16 }],
            },
            {
              kind: 'zonal-quality',
              cellWidthPx: 200,
              cellHeightPx: 200,
              bitsPerCell: 4,
              qualities: Uint8Array.of(1, 2, 3, 4, 5, 6),
            },
          ],
          extensionLengthsCountHeaders: false,
        },
      ],
    },
  },
}

const COUNTS = {
  kind: 'ridge-counts',
  method: 2,
  counts: [
    { first: 0, second: 1, count: 15 },
    { first: 1, second: 0, count: 25 },
  ],
} as const

const ISO_2011: Golden = {
  name: 'ISO/IEC 19794-2:2011',
  bytes: fromHex(
    '464d5200 30333000 00000080 0001 01', // header: one representation, with certification blocks
    '00000071', // its length
    '07db 03 11 07 33 21 0315', // 2011-03-17 07:51:33.789
    '07 1234 5678', // optical, infrared; vendor; type
    '01 37 5432 9876', // one quality block: 55, vendor, algorithm
    '01 1234 02', // one certification block
    '09 00 00c8 00b4 03 0258 0190', // left ring, 200 and 180 px/cm, non-live rolled, 600 x 400 px
    '61 02', // minutiae of 6 bytes, endings where ridges end; two of them
    '41f4 012c 63 4d',
    '8000 0000 00 fe', // quality not reported
    '003a',
    '0001 000b 02 00010f 010019', // ridge counts: octants
    '0002 001a 02 407b 00ea 37 0141 0138 02 406f 00de 0a141e 014d 012f', // two cores, two deltas, with angles and without
    '0003 000e 2345 6789 c8 c8 03 29cb80', // zonal quality: 3 x 2 cells, 3 bits each
    '4455 0007 010203',
  ),
  tagged: {
    format: 'iso-19794-2-2011',
    record: {
      hasCertificationBlocks: true,
      views: [
        {
          captureTime: { year: 2011, month: 3, day: 17, hour: 7, minute: 51, second: 33, millisecond: 789 },
          captureDeviceTechnology: 7,
          captureDeviceVendorId: 0x1234,
          captureDeviceTypeId: 0x5678,
          qualityBlocks: [{ score: 55, vendorId: 0x5432, algorithmId: 0x9876 }],
          certificationBlocks: [{ authorityId: 0x1234, scheme: 2 }],
          fingerPosition: 9,
          viewNumber: 0,
          xResolutionPxPerCm: 200,
          yResolutionPxPerCm: 180,
          impression: 3,
          widthPx: 600,
          heightPx: 400,
          minutiaBytes: 6,
          endingType: 1,
          minutiae: [
            { type: 1, x: 500, y: 300, angle: 99, quality: 77 },
            { type: 2, x: 0, y: 0, angle: 0, quality: 254 },
          ],
          extensions: [
            COUNTS,
            {
              kind: 'cores-and-deltas',
              cores: [
                { x: 123, y: 234, angle: 55 },
                { x: 321, y: 312 },
              ],
              deltas: [
                { x: 111, y: 222, angles: [10, 20, 30] },
                { x: 333, y: 303 },
              ],
            },
            {
              kind: 'zonal-quality',
              algorithm: { vendorId: 0x2345, id: 0x6789 },
              cellWidthPx: 200,
              cellHeightPx: 200,
              bitsPerCell: 3,
              qualities: Uint8Array.of(1, 2, 3, 4, 5, 6),
            },
            { kind: 'opaque', type: 0x4455, data: Uint8Array.of(1, 2, 3) },
          ],
          extensionLengthsCountHeaders: true,
        },
      ],
    },
  },
}

const ANSI_2004: Golden = {
  name: 'ANSI INCITS 378-2004',
  bytes: fromHex(
    '464d5200 20323000 003a 0042 0011 8 0b5 0200 0180 00c5 00c5 01 00', // header
    '07 10 5a 02', // left index, view 1, live-scan plain, quality 90, two minutiae
    '4064 000e 50 5a',
    '8037 017f b3 00', // 358 degrees
    '000e',
    '0002 000e 01 0064 0065 01 00c8 00c9', // a core and a delta, no angles
  ),
  tagged: {
    format: 'ansi-378-2004',
    record: {
      ownerId: 0x42,
      productTypeId: 0x11,
      certifications: 8,
      captureDeviceTypeId: 0x0b5,
      widthPx: 512,
      heightPx: 384,
      xResolutionPxPerCm: 197,
      yResolutionPxPerCm: 197,
      views: [
        {
          fingerPosition: 7,
          viewNumber: 1,
          impression: 0,
          quality: 90,
          minutiae: [
            { type: 1, x: 100, y: 14, angle: 80, quality: 90 },
            { type: 2, x: 55, y: 383, angle: 179, quality: 0 },
          ],
          extensions: [{ kind: 'cores-and-deltas', cores: [{ x: 100, y: 101 }], deltas: [{ x: 200, y: 201 }] }],
          extensionLengthsCountHeaders: true,
        },
      ],
    },
  },
}

const ANSI_2009: Golden = {
  name: 'ANSI INCITS 378-2009',
  bytes: fromHex(
    '464d5200 30333000 00000058 5678 1234 80 6789 01 00', // header
    '09 00 1b 2d f00f 2002 0258 0190 00c8 00b4 02', // left ring, view 0, impression 27, quality 45; 600 x 400 px
    '41f4 012c 63 4d',
    '8000 0000 00 fe',
    '0024',
    '0001 000b 02 00010f 010019',
    '0002 0012 41 007b 00ea 37 41 006f 00de 0a141e', // a core and a delta, with angles
    '4455 0007 010203',
  ),
  tagged: {
    format: 'ansi-378-2009',
    record: {
      edition: '2009',
      ownerId: 0x5678,
      productTypeId: 0x1234,
      certifications: 0x80,
      captureDeviceTypeId: 0x6789,
      views: [
        {
          fingerPosition: 9,
          viewNumber: 0,
          impression: 27,
          quality: 45,
          qualityVendorId: 0xf00f,
          qualityAlgorithmId: 0x2002,
          widthPx: 600,
          heightPx: 400,
          xResolutionPxPerCm: 200,
          yResolutionPxPerCm: 180,
          minutiae: [
            { type: 1, x: 500, y: 300, angle: 99, quality: 77 },
            { type: 2, x: 0, y: 0, angle: 0, quality: 254 },
          ],
          extensions: [
            COUNTS,
            {
              kind: 'cores-and-deltas',
              cores: [{ x: 123, y: 234, angle: 55 }],
              deltas: [{ x: 111, y: 222, angles: [10, 20, 30] }],
            },
            { kind: 'opaque', type: 0x4455, data: Uint8Array.of(1, 2, 3) },
          ],
          extensionLengthsCountHeaders: true,
        },
      ],
    },
  },
}

const NIST_2007: Golden = {
  name: "ANSI INCITS 378 in NIST's layout",
  bytes: fromHex(
    '464d5200 30333000 00000047 5678 1234 8 789 02 00', // header of 20 bytes
    '09 00 1b 2d f00f2002 0258 0190 00c8 00b4 01', // left ring, view 0, impression 27, quality 45; 600 x 400 px
    '41f4 012c 63 4d',
    '0000',
    '02 01 00 fe 00000000 0100 0200 00c5 00c5 00', // right index, view 1, no minutiae
    '0007',
    '4455 0007 010203',
  ),
  tagged: {
    format: 'ansi-378-2009',
    record: {
      edition: '2007-nist',
      ownerId: 0x5678,
      productTypeId: 0x1234,
      certifications: 8,
      captureDeviceTypeId: 0x789,
      views: [
        {
          fingerPosition: 9,
          viewNumber: 0,
          impression: 27,
          quality: 45,
          qualityVendorId: 0xf00f,
          qualityAlgorithmId: 0x2002,
          widthPx: 600,
          heightPx: 400,
          xResolutionPxPerCm: 200,
          yResolutionPxPerCm: 180,
          minutiae: [{ type: 1, x: 500, y: 300, angle: 99, quality: 77 }],
          extensions: [],
          extensionLengthsCountHeaders: true,
        },
        {
          fingerPosition: 2,
          viewNumber: 1,
          impression: 0,
          quality: 254,
          qualityVendorId: 0,
          qualityAlgorithmId: 0,
          widthPx: 256,
          heightPx: 512,
          xResolutionPxPerCm: 197,
          yResolutionPxPerCm: 197,
          minutiae: [],
          extensions: [{ kind: 'opaque', type: 0x4455, data: Uint8Array.of(1, 2, 3) }],
          extensionLengthsCountHeaders: true,
        },
      ],
    },
  },
}

const NORMAL_CARD: Golden = {
  name: 'ISO/IEC 19794-2:2005, normal card',
  bytes: fromHex('4064 000e 50', '8037 3fff ff'),
  tagged: {
    format: 'iso-19794-2-2005-card',
    record: {
      size: 'normal',
      minutiae: [
        { type: 1, x: 100, y: 14, angle: 80 },
        { type: 2, x: 55, y: 0x3fff, angle: 255 },
      ],
    },
  },
}

const COMPACT_CARD: Golden = {
  name: 'ISO/IEC 19794-2:2005, compact card',
  bytes: fromHex('64 0e 50', '37 ff bf'), // type and angle: 01 010000, 10 111111
  tagged: {
    format: 'iso-19794-2-2005-card',
    record: {
      size: 'compact',
      minutiae: [
        { type: 1, x: 100, y: 14, angle: 16 },
        { type: 2, x: 55, y: 255, angle: 63 },
      ],
    },
  },
}

export const GOLDENS: readonly Golden[] = [
  ISO_2005,
  ISO_2011,
  ANSI_2004,
  ANSI_2009,
  NIST_2007,
  NORMAL_CARD,
  COMPACT_CARD,
]
