import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Deviation, imagesOf, minutiaeOf, readAnsiNist, type TaggedRecord, writeAnsiNist } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

/** Transactions of NIST's reference set and of NBIS, which are not ours to publish: skipped where they are absent. */
const FOLDER = new URL('../../../../shared/data/formats/ansi-nist/', import.meta.url)
const present = existsSync(FOLDER)

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)))

function heard(bytes: Uint8Array) {
  const deviations: Deviation[] = []
  return { transaction: readAnsiNist(bytes, { onDeviation: one => deviations.push(one) }), deviations }
}

const asText = ({ field, offset, message }: Deviation) => `${field} (offset ${offset}) ${message}`

/** Deviations of good ones: NBIS writes NISTDATA where its version allows four characters. */
const KNOWN_DEVIATIONS = /^1\.004 TOT \(offset \d+\) must have 3 or 4 characters before version 0500$/

/** What must be said of each damaged one; null where it is as the standard allows. */
const DAMAGED: Readonly<Record<string, string | null>> = {
  'a001-extra-byte.an2': 'end of the transaction (offset 676042) has 1 bytes behind it',
  'a001-headless.an2': '676522 bytes that do not begin with field 1.001 LEN (offset 0)',
  'a001-item-too-small.an2': '1.004 TOT (offset 116) must have 3 or 4 characters before version 0500',
  'a001-missing-field.an2': '1.011 NSR (offset 0) is missing, and mandatory',
  'a001-one-dup.an2': '14.013 FGP (offset 42817) is a second image of position 2 (right index finger)',
  'a001-seg-missing-item.an2': '14.021 SEG (offset 127403) must be sets of five',
  'a001-t1-len-1.an2': '1.001 LEN (offset 0) says 222 bytes, the record ends after 223',
  'a001-t1-len-fid-null-1.an2': 'do not begin with field 1.001 LEN (offset 0)',
  'a001-t1-term-del-223.an2': 'field after 1.012 NTR (offset 235) has no tag of a Type-1 record',
  'a001-t1-term-trunc-222.an2': '1.012 NTR (offset 211) has neither GS nor FS up to the end at 222',
  'a001-t14-len+1.an2': '14.999 DATA (offset 418) does not end with FS at 42723, where 14.001 LEN says',
  'a001-t14-len-fid-null-224.an2': 'LEN (offset 223) is not there',
  'a001-t14-len-fid-trunc-224.an2': '14.001 LEN (offset 223) is not there: 1.003 CNT lists 14 records, 0 came',
  'a001-t14-len-val-null-232.an2': '14.001 LEN (offset 223) begins with "4\\u0000500',
  'a001-t14-term-del-42723.an2': '14.999 DATA (offset 418) does not end with FS at 42722, where 14.001 LEN says',
  'a001-t14-term-trunc-42722.an2': '14.001 LEN (offset 223) says 42500 bytes, there are 42499',
  'empty.an2': '0 bytes that do not begin with field 1.001 LEN (offset 0)',
  'face-jp2-image-height.an2': '10.007 VLL (offset 212) says 1023, the image has 1024 lines',
  // Its only oddity is field 10.216, and 10.200 to 10.998 are the user's own (1-2007).
  'face-udf.an2': null,
  't3-raw-console-displays-garbage.an2': '3.004 FGP (offset 142) has 98, 116, which are no positions of table 8',
  'vxt1-len-type-eof.an2': '1 bytes that do not begin with field 1.001 LEN (offset 0)',
  'vxt1-len-val-too-big.an2': '1.001 LEN (offset 0) begins with "9223372036854775"',
}

describe.skipIf(!present)('transactions made by others', () => {
  const names = present ? readdirSync(new URL('good/', FOLDER)) : []

  it('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(12)
    expect(readdirSync(new URL('bad/', FOLDER)).sort()).toEqual(Object.keys(DAMAGED).sort())
  })

  it.each(names)('%s is read and written byte for byte', name => {
    const bytes = bytesOf(`good/${name}`)
    const { transaction, deviations } = heard(bytes)
    expect(Buffer.compare(writeAnsiNist(transaction), bytes)).toBe(0)
    expect(deviations.map(asText).filter(text => !KNOWN_DEVIATIONS.test(text))).toEqual([])
    expect(deviations.length).toBe(name.startsWith('nbis-') ? 1 : 0)
    for (const image of imagesOf(transaction)) {
      expect(image.image).toBeDefined()
      expect([500, 1000]).toContain(image.xPpi)
    }
  })

  it.each(Object.entries(DAMAGED))('%s: %s', (name, text) => {
    const bytes = bytesOf(`bad/${name}`)
    const said: string[] = []
    try {
      const { transaction, deviations } = heard(bytes)
      said.push(...deviations.map(asText))
      expect(Buffer.compare(writeAnsiNist(transaction), bytes)).toBe(0)
    } catch (error) {
      expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^RECORD_/) })
      said.push((error as Error).message)
    }
    if (text === null) expect(said).toEqual([])
    else expect(said).toContainEqual(expect.stringContaining(text))
  })

  it('give UTF-8, missing fingers and qualities', () => {
    const { transaction } = heard(bytesOf('good/jnbis-type-14-amp-nqm-utf8.an2'))
    const typeTwo = transaction.records[1] as TaggedRecord
    expect(typeTwo.fields[2]).toEqual({ number: 3, subfields: [['two chinese characters: 華裔']] })
    expect(imagesOf(transaction)[2]).toMatchObject({
      idc: 3,
      positions: [14],
      widthPx: 1608,
      heightPx: 1000,
      xPpi: 500,
      compression: 'WSQ20',
      missingFingers: [{ position: 9, reason: 'XX' }],
      nistQualities: [
        { position: 7, quality: 2 },
        { position: 8, quality: 2 },
        { position: 10, quality: 3 },
      ],
    })
  })

  it('have the same minutiae in the block of the standard and in that of the FBI', () => {
    // The FBI counts from the upper left corner, 0.01 mm too, and turns its angles as the engine does.
    const ours = heard(bytesOf('good/nbis-nist.an2')).transaction
    const fbi = heard(bytesOf('good/nbis-iafis.an2')).transaction
    const found = minutiaeOf(ours, 3)!
    const theirs = (fbi.records[3] as TaggedRecord).fields.find(({ number }) => number === 23)!
    const places = 'subfields' in theirs ? theirs.subfields.map(([, place]) => place) : []
    expect(found).toMatchObject({ block: 'standard', positions: [8], widthPx: 800, heightPx: 768 })
    expect(found.minutiae.length).toBe(48)
    expect(places.length).toBe(48)
    found.minutiae.forEach(({ xPx, yPx, directionRad }, i) => {
      const [x, y, angle] = [places[i].slice(0, 4), places[i].slice(4, 8), places[i].slice(8)].map(Number)
      expect(Math.abs(xPx - (x * 500) / 2540)).toBeLessThanOrEqual(0.6)
      expect(Math.abs(yPx - (y * 500) / 2540)).toBeLessThanOrEqual(1)
      expect((directionRad * 180) / Math.PI).toBeCloseTo(angle, 6)
    })
  })
})
