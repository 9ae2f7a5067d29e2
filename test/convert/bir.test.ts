import {
  type Bir,
  birOfFinger,
  type Deviation,
  imageRecordOf,
  readCbeff,
  writeCbeff,
  writeImageRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { convertPrint } from '../../dist/convert/convert.js'
import { readDocument } from '../../dist/convert/document.js'
import { printsOf } from '../../dist/convert/prints.js'
import { STRUCTURES } from '../../dist/formats/cbeff/schema.js'
import { HEIGHT, PIXELS, png, WIDTH } from '../image/files.js'

const extract = async () => new Uint8Array()
const DAY = '2026-11-25T09:30:00.000Z'
const ORIGIN = { organization: 'VENDOR', type: '2' }

const imageRecord = (fingerPosition: number) => {
  const image = { payload: PIXELS, compression: 'raw', widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 } as const
  return writeImageRecord(imageRecordOf([{ ...image, fingerPosition }], { format: 'iso-19794-4-2011' }))
}

function read(birs: Bir | readonly Bir[]) {
  const heard: string[] = []
  const options = { onDeviation: ({ field, message }: Deviation) => heard.push(`${field} ${message}`) }
  const document = readDocument(new TextEncoder().encode(writeCbeff(birs)), options)
  return { prints: printsOf(document, options), heard, document }
}

const lossesOf = async (bir: Bir | readonly Bir[]) =>
  (await convertPrint(read(bir).prints[0], 'png', { extract, ppi: 500 })).losses

describe('a Subtype', () => {
  it('that its own record contradicts is reported, and named where it is converted', async () => {
    const finger = [birOfFinger({ position: 6, missing: false, data: imageRecord(2) })]
    const says = 'says left thumb, the record within right index finger'
    const { heard, document, prints } = read(finger)
    expect(heard).toEqual([`BIR BIR 1 (Left Thumb) BDBInfo Subtype ${says}`])
    expect(prints.map(({ fingerPosition }) => fingerPosition)).toEqual([6])
    expect(await lossesOf(finger)).toContain(`fingerPosition: ${says}`)
    expect(() => printsOf(document)).toThrow(says)
  })

  it('of the same finger, or beside a record of an unknown one, is sound', () => {
    for (const position of [6, 0]) {
      expect(read(birOfFinger({ position: 6, missing: false, data: imageRecord(position) })).heard).toEqual([])
    }
  })

  it.each([[['Right', 'Left', 'IndexFinger']], [['Thumb']], [undefined]])('%j is not one finger', subtype => {
    const { bdbInfo, ...bir } = birOfFinger({ position: 2, missing: false, data: imageRecord(2) })
    const { heard, prints, document } = read([
      { ...bir, bdbInfo: { ...bdbInfo, subtype } },
      birOfFinger({ position: 3, missing: true }),
    ])
    const name = subtype === undefined ? '' : ` (${subtype.join(' ')})`
    expect(heard).toEqual([`BIR BIR 1${name} BDB is not read: its Subtype is not that of one finger`])
    expect(prints).toEqual([])
    // A slap, say: lawful, and nothing for who asks for a finger.
    expect(printsOf(document)).toEqual([])
  })

  it('without a type may be of anything', () => {
    const { bdbInfo: _, ...bir } = birOfFinger({ position: 2, missing: false, data: imageRecord(2) })
    expect(read([bir]).heard).toEqual([])
  })

  it('keeps what it says on one line', async () => {
    const others = [{ key: 'REMARK', value: 'a\n  lost: nothing at all' }]
    const finger = birOfFinger({ position: 6, missing: false, data: imageRecord(6), others })
    expect((await lossesOf(finger)).filter(line => line.includes('nothing at all'))).toEqual([
      'REMARK: a   lost: nothing at all',
    ])
  })

  it('of a face has no print', () => {
    expect(read([{ birInfo: { integrity: false }, bdbInfo: { type: ['Face'] }, bdb: PIXELS }]).heard).toEqual([])
  })
})

/** A value for each kind of property of the schema. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...{ text: 'a text', moment: DAY, boolean: true, count: 3, score: 81, bytes: Uint8Array.of(1, 2, 3) },
  RegistryId: ORIGIN,
  Quality: { algorithm: ORIGIN, score: 81 },
}

/** A structure with all that the schema has, and something that it has not. */
function full(name: 'BirInfo' | 'BdbInfo' | 'SbInfo', but: Readonly<Record<string, unknown>> = {}) {
  const fields = STRUCTURES[name].map(({ property, kind, values }) => [property, [...(values ?? [VALUES[kind]])][0]])
  return {
    ...Object.fromEntries(fields),
    ...but,
    attributes: [{ name: 'hidden', value: 'one' }],
    unknown: [{ index: 0, element: { name: 'Secret', attributes: [], children: [] } }],
  }
}

it('everything that a BIR says is named where it is lost', async () => {
  const bir = async () => ({
    ...birOfFinger({ position: 2, missing: false, data: await png() }),
    ...{ attributes: [{ name: 'kind', value: 'x' }] },
    birInfo: full('BirInfo'),
    bdbInfo: full('BdbInfo', { type: ['Finger'], subtype: ['Right', 'IndexFinger'] }),
    sbInfo: full('SbInfo'),
    sb: Uint8Array.of(1, 2, 3, 4),
    others: [
      { key: 'RETRIES', value: '1' },
      { key: 'RETRIES', value: '2' },
    ],
  })
  const own = await bir()
  const { bdb: _, ...around } = { ...own, birs: [own], bdbInfo: { type: ['Face'] } }
  const said = [
    ...STRUCTURES.BdbInfo.map(({ property }) => (property === 'quality' ? 'CBEFF quality' : property)).filter(
      name => name !== 'type' && name !== 'subtype',
    ),
    ...STRUCTURES.BirInfo.map(({ property }) => `BIR ${property}`),
    ...STRUCTURES.SbInfo.map(({ property }) => `SB ${property}`),
    ...['BDBInfo', 'BIRInfo', 'SBInfo'].flatMap(name => [`${name} attributes`, `${name} unknown elements`]),
    ...['BIR attributes', 'security block', 'RETRIES', 'RETRIES (2)'],
  ]
  const named = (await lossesOf(around)).map(line => line.slice(0, line.indexOf(':')))
  expect(named).toEqual(expect.arrayContaining(['fingerPosition', ...said]))
  const bySurrounding = said.filter(name => /^(BIR|SB|BIRInfo|SBInfo|security|RETRIES)\b/.test(name))
  expect(named).toEqual(expect.arrayContaining(bySurrounding.map(name => `around it, ${name}`)))
})

it('attributes are one line, however many there are', async () => {
  const attributes = Array.from({ length: 20_000 }, (_, i) => ({ name: `a${i}`, value: '1' }))
  const finger = birOfFinger({ position: 2, missing: false, data: await png() })
  const losses = await lossesOf({ ...finger, attributes })
  expect(losses.filter(line => line.startsWith('BIR attributes: 20000 (a0 "1", '))).toHaveLength(1)
  expect(losses.length).toBeLessThan(10)
})

describe('dates', () => {
  const dated = (creationDate: string) => {
    const heard: string[] = []
    const xml = writeCbeff(birOfFinger({ position: 2, missing: false, data: PIXELS, creationDate }))
    readCbeff(xml, { onDeviation: ({ message }) => heard.push(message) })
    return heard
  }

  it.each([
    ...['2026-13-45', '2026-11-25', '2026-13-01T00:00:00Z', '2026-02-29T00:00:00Z', '2026-11-31T00:00:00Z'],
    ...['2026-11-25T24:00:01Z', '2026-11-25T09:60:00Z', '2026-11-25T09:30:00+15:00', '25.11.2026', ''],
  ])('%j deviates', date => {
    expect(dated(date)).toEqual([`is ${JSON.stringify(date)}, no date and time`])
  })

  it.each([
    ...[DAY, '2019-06-27T13:40:06.211', '2024-02-29T24:00:00', '2026-11-25T09:30:00+07:00', '0001-01-01T00:00:00Z'],
  ])('%s is sound', date => expect(dated(date)).toEqual([]))
})
