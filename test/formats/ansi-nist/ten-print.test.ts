import { readFileSync } from 'node:fs'
import {
  buildTenPrint,
  imagesOf,
  readAnsiNist,
  type TaggedRecord,
  type TenPrint,
  transactionInformation,
  writeAnsiNist,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'

const PRINT = new Uint8Array(readFileSync(new URL('../../../fixtures/prints/101_1.png', import.meta.url)))
const view = new DataView(PRINT.buffer, PRINT.byteOffset)
const png = {
  data: PRINT,
  compression: 'PNG',
  widthPx: view.getUint32(16),
  heightPx: view.getUint32(20),
  ppi: 500,
} as const
const raw = {
  data: Uint8Array.from({ length: 12 }, (_, i) => 28 + (i % 4)),
  compression: 'NONE',
  widthPx: 4,
  heightPx: 3,
  ppi: 500,
} as const

const contents: TenPrint = {
  transactionType: 'CAR',
  date: '20261125',
  destinationAgency: 'DEST',
  originatingAgency: 'ORIG',
  controlNumber: 'TCN-0001',
  typeTwo: [
    { number: 18, value: 'DOE, JANE' },
    {
      number: 84,
      value: [
        ['3', 'XX'],
        ['9', 'UP'],
      ],
    },
  ],
  fingers: [
    { position: 1, impression: 1, image: raw, quality: 2 },
    { position: 2, impression: 1, image: png, captureDate: '20261124' },
    { position: 3, impression: 1, amputated: 'XX' },
    { position: 11, impression: 0, image: raw, quality: 255 },
  ],
  slaps: [
    {
      position: 13,
      impression: 0,
      image: raw,
      segments: [{ position: 2, leftPx: 0, rightPx: 2, topPx: 0, bottomPx: 3 }],
      qualities: [
        { position: 2, quality: 1 },
        { position: 5, quality: 254 },
      ],
      missing: [
        { position: 3, reason: 'XX' },
        { position: 4, reason: 'UP' },
      ],
    },
  ],
}

describe('a ten-print transaction', () => {
  it('is read again without a deviation, and the same', () => {
    const bytes = writeAnsiNist(buildTenPrint(contents))
    const transaction = readAnsiNist(bytes)
    expect(writeAnsiNist(transaction)).toEqual(bytes)
    expect(transactionInformation(transaction)).toEqual({
      version: '0502',
      contents: [{ type: 2, idc: 0 }, ...[1, 2, 3, 4, 5].map(idc => ({ type: 14, idc }))],
      transactionType: 'CAR',
      date: '20261125',
      destinationAgency: 'DEST',
      originatingAgency: 'ORIG',
      controlNumber: 'TCN-0001',
      nativePxPerMm: 0,
      nominalPxPerMm: 0,
      characterSets: [],
    })
    expect((transaction.records[1] as TaggedRecord).fields.slice(2)).toEqual([
      { number: 18, subfields: [['DOE, JANE']] },
      {
        number: 84,
        subfields: [
          ['3', 'XX'],
          ['9', 'UP'],
        ],
      },
    ])
    const images = imagesOf(transaction)
    expect(images.map(({ positions, impression }) => [positions, impression])).toEqual([
      [[1], 1],
      [[2], 1],
      [[3], 1],
      [[11], 0],
      [[13], 0],
    ])
    expect(images[0]).toMatchObject({
      captureDate: '20261125',
      sourceAgency: 'ORIG',
      image: { data: raw.data, ppi: 500 },
    })
    expect(images[0].nistQualities).toEqual([{ position: 1, quality: 2 }])
    expect(images[1]).toMatchObject({ captureDate: '20261124', compression: 'PNG', image: PRINT })
    expect(images[2]).toMatchObject({ missingFingers: [{ position: 3, reason: 'XX' }] })
    expect(images[2]).not.toHaveProperty('data')
    expect(images[3].nistQualities).toEqual([{ position: 1, quality: 255 }])
    expect(images[4]).toMatchObject({
      segments: contents.slaps?.[0].segments,
      nistQualities: contents.slaps?.[0].qualities,
      missingFingers: contents.slaps?.[0].missing,
    })
  })

  it('has all of its Type-1 fields where they are given, and UTF-8 where it needs it', () => {
    const more = {
      ...contents,
      version: '0500',
      gmt: '20261125093000Z',
      priority: 3,
      controlReference: 'TCN-0000',
      nativePxPerMm: 39.37,
      nominalPxPerMm: 19.69,
      domain: ['NORAM', '11.0'],
      typeTwo: [{ number: 18, value: '華裔' }],
    } as const
    const transaction = readAnsiNist(writeAnsiNist(buildTenPrint(more)))
    expect(transactionInformation(transaction)).toMatchObject({
      version: '0500',
      gmt: '20261125093000Z',
      priority: 3,
      controlReference: 'TCN-0000',
      nativePxPerMm: 39.37,
      nominalPxPerMm: 19.69,
      domain: ['NORAM', '11.0'],
      characterSets: [['003', 'UTF-8']],
    })
    expect((transaction.records[1] as TaggedRecord).fields[2]).toEqual({ number: 18, subfields: [['華裔']] })
  })

  it('has Type-4 records where asked', () => {
    const fingers = [
      { position: 1, impression: 3, image: raw },
      { position: 2, impression: 3, image: png },
    ]
    const built = buildTenPrint({
      ...contents,
      fingers,
      slaps: [{ position: 14, impression: 2, image: raw }],
      imageRecords: 4,
    })
    const transaction = readAnsiNist(writeAnsiNist(built))
    expect(transactionInformation(transaction)).toMatchObject({ nativePxPerMm: 19.69, nominalPxPerMm: 19.69 })
    expect(transaction.records.slice(2)).toEqual(built.records.slice(2))
    expect(
      imagesOf(transaction).map(({ recordType, positions, compression, xPpi }) => [
        recordType,
        positions,
        compression,
        xPpi,
      ]),
    ).toEqual([
      [4, [1], 'NONE', 500],
      [4, [2], 'PNG', 500],
      [4, [14], 'NONE', 500],
    ])
  })

  const finger = { position: 1, impression: 1, image: raw }
  it.each<[Partial<TenPrint>, string]>([
    [{ date: '2026-11-25' }, 'date is 2026-11-25, must be a date as YYYYMMDD'],
    [{ date: '20260229' }, 'date is 20260229, must be a date as YYYYMMDD'],
    [{ gmt: '20261125' }, 'gmt is 20261125, must be a time as YYYYMMDDHHMMSSZ'],
    [{ version: '0400' as never }, 'version is 0400'],
    [{ transactionType: '' }, 'transactionType is "", must be printable ASCII'],
    [{ transactionType: 'X'.repeat(17) }, 'transactionType has more than 16 characters'],
    [{ destinationAgency: 'Zürich' }, 'destinationAgency is "Zürich", must be printable ASCII'],
    [{ priority: 10 }, 'priority is 10'],
    [{ nativePxPerMm: 100 }, 'nativePxPerMm is 100, must be from 0 to 99.99'],
    [{ imageRecords: 15 as never }, 'imageRecords is 15, must be 4 or 14'],
    [{ typeTwo: [{ number: 2, value: 'x' }] }, 'typeTwo[0].number is 2'],
    [{ typeTwo: [{ number: 3, value: 'a\x1db' }] }, 'typeTwo[0].value has a separator (1C to 1F) in it'],
    [
      {
        typeTwo: [
          { number: 3, value: 'a' },
          { number: 3, value: 'b' },
        ],
      },
      'typeTwo have field 2.3 twice',
    ],
    [{ fingers: [], slaps: [] }, 'fingers and slaps is 0'],
    [{ fingers: [{ ...finger, position: 13 }] }, 'fingers[0].position is 13'],
    [{ fingers: [finger, finger] }, 'fingers and slaps have position 1, impression 1 twice'],
    [{ fingers: [{ ...finger, impression: 30 }] }, 'fingers[0].impression is 30'],
    [{ fingers: [{ position: 1, impression: 1 }] }, 'fingers[0] has neither image nor missing fingers'],
    [{ fingers: [{ ...finger, amputated: 'YY' as never }] }, 'fingers[0].missing has reason YY, must be XX or UP'],
    [{ fingers: [{ ...finger, quality: 6 }] }, 'fingers[0].qualities quality is 6'],
    [{ fingers: [{ ...finger, captureDate: '1' }] }, 'fingers[0].captureDate is 1'],
    [
      { fingers: [{ ...finger, image: { ...raw, widthPx: 5 } }] },
      'fingers[0].image.data has 12 bytes, 5 x 3 px need 15',
    ],
    [{ fingers: [{ ...finger, image: { ...raw, ppi: 0 } }] }, 'fingers[0].image.ppi is 0'],
    [
      { fingers: [{ ...finger, image: { ...png, compression: 'WSQ20' } }] },
      'fingers[0].image.compression is WSQ20, the data is PNG',
    ],
    [
      { fingers: [{ ...finger, image: { ...png, compression: 'GIF' as never } }] },
      'fingers[0].image.compression is GIF',
    ],
    [{ fingers: [{ ...finger, image: { ...png, widthPx: 1 } }] }, 'fingers[0].image says 1 x'],
    [
      { fingers: [{ ...finger, image: { ...png, data: PRINT.slice(0, -1) } }] },
      'fingers[0].image.data is an image that has no end',
    ],
    [
      { fingers: [{ ...finger, image: { ...png, data: Uint8Array.from([...PRINT, 0]) } }] },
      'fingers[0].image.data has 1 byte behind the end of its image',
    ],
    [
      {
        slaps: [
          {
            position: 13,
            impression: 0,
            image: raw,
            segments: [{ position: 7, leftPx: 0, rightPx: 1, topPx: 0, bottomPx: 1 }],
          },
        ],
      },
      'slaps[0].segments has finger 7, which is not in position 13',
    ],
    [
      {
        slaps: [
          {
            position: 13,
            impression: 0,
            image: raw,
            segments: [{ position: 2, leftPx: 2, rightPx: 1, topPx: 0, bottomPx: 1 }],
          },
        ],
      },
      'slaps[0].segments rightPx is 1',
    ],
    [
      { imageRecords: 4, fingers: [{ position: 1, impression: 1, amputated: 'XX' }] },
      'fingers[0].image is missing: a Type-4 record cannot say why',
    ],
    [{ imageRecords: 4, fingers: [{ ...finger, quality: 1 }] }, 'a Type-4 record has no place for them'],
    [
      { imageRecords: 4, fingers: [{ ...finger, image: { ...raw, ppi: 1000 } }], slaps: [] },
      'fingers[0].image.ppi is 1000, that of a Type-4 record is 500',
    ],
  ])('case %#: what the standard does not allow is refused', (changes, message) => {
    const attempt = () => writeAnsiNist(buildTenPrint({ ...contents, ...changes }))
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(message)
  })
})
