import { readFileSync } from 'node:fs'
import {
  type Bir,
  birOfFinger,
  CBEFF_NAMESPACE,
  type CbeffFinger,
  type Deviation,
  fingersOfBir,
  readCbeff,
  writeCbeff,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'

/** A person written by hand from the schema: a thumb, an index finger, a missing finger, a face and an iris. */
const PERSON = readFileSync(new URL('../../../fixtures/cbeff/person.xml', import.meta.url))

function heard(xml: string | Uint8Array): { bir: Bir; deviations: string[] } {
  const deviations: string[] = []
  const onDeviation = ({ field, message }: Deviation) => deviations.push(`${field}: ${message}`)
  return { bir: readCbeff(xml, { onDeviation }), deviations }
}

/** A BIR around `inner`. */
const within = (inner: string, attributes = '') =>
  `<BIR xmlns="${CBEFF_NAMESPACE}"${attributes}><BIRInfo><Integrity>false</Integrity></BIRInfo>${inner}</BIR>`

const text = (value: string) => new TextEncoder().encode(value)

describe('a person of MOSIP', () => {
  const bir = readCbeff(PERSON)

  it('is read without a deviation', () => {
    expect(bir.birInfo).toEqual({ integrity: false })
    expect(bir.birs?.map(({ bdbInfo }) => [bdbInfo?.type, bdbInfo?.subtype])).toEqual([
      [['Finger'], ['Right', 'Thumb']],
      [['Finger'], ['Left', 'IndexFinger']],
      [['Finger'], ['Left', 'LittleFinger']],
      [['Face'], undefined],
      [['Iris'], ['Right']],
    ])
    expect(bir.birs?.[0]).toEqual({
      version: { major: 1, minor: 1 },
      cbeffVersion: { major: 1, minor: 1 },
      birInfo: { integrity: false },
      bdbInfo: {
        index: '0b9a1c2e-1234-4abc-9def-0123456789ab',
        format: { organization: 'Mosip', type: '7' },
        creationDate: '2026-11-25T09:30:00.000Z',
        type: ['Finger'],
        subtype: ['Right', 'Thumb'],
        level: 'Raw',
        purpose: 'Enroll',
        quality: { algorithm: { organization: 'HMAC', type: 'SHA-256' }, score: 81 },
      },
      bdb: text('FIR\x00020\x00 a finger image'),
      sb: text('a.b.c'),
      others: [
        { key: 'EXCEPTION', value: 'false' },
        { key: 'RETRIES', value: '1' },
        { key: 'FORCE_CAPTURED', value: 'false' },
        { key: 'SDK_SCORE', value: '77.0' },
        { key: 'SPEC_VERSION', value: '0.9.5' },
      ],
    })
  })

  it('is written byte for byte, as it was laid out as we do', () => {
    expect(writeCbeff(bir)).toBe(PERSON.toString())
    expect(readCbeff(PERSON.toString())).toEqual(bir)
  })

  it('has three fingers, one of which is missing', () => {
    const fingers = fingersOfBir(bir)
    expect(fingers.map(({ position, missing, format }) => [position, missing, format?.type])).toEqual([
      [1, false, '7'],
      [7, false, '2'],
      [10, true, '7'],
    ])
    expect(fingers[2]).not.toHaveProperty('data')
    expect(fingers[2].quality?.score).toBe(0)
    expect(fingers[0].others?.map(({ key }) => key)).toEqual(['RETRIES', 'FORCE_CAPTURED', 'SDK_SCORE', 'SPEC_VERSION'])
  })
})

describe('fingers', () => {
  const fingers: CbeffFinger[] = [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(position => ({ position, missing: false, data: Uint8Array.of(position) })),
    { position: 10, missing: true },
  ]

  it('are written and read again', () => {
    const more: CbeffFinger = {
      position: 2,
      missing: false,
      data: text('FMR'),
      format: { organization: '257', type: '2' },
      index: '0b9a1c2e-1234-4abc-9def-0123456789ab',
      creationDate: '2026-11-25T09:30:00Z',
      level: 'Processed',
      purpose: 'Enroll',
      quality: { algorithm: { organization: 'HMAC', type: 'SHA-256' }, score: 60 },
      others: [{ key: 'RETRIES', value: '3' }],
    }
    const xml = writeCbeff([...fingers, more].map(birOfFinger))
    expect(fingersOfBir(readCbeff(xml))).toEqual([...fingers, more])
    expect(writeCbeff(readCbeff(xml))).toBe(xml)
  })

  it('that are missing have EXCEPTION true and no BDB', () => {
    const xml = writeCbeff(birOfFinger({ position: 10, missing: true }))
    expect(xml).toContain('<Subtype>Left LittleFinger</Subtype>')
    expect(xml).toContain('<entry key="EXCEPTION">true</entry>')
    expect(xml).not.toContain('<BDB>')
  })

  it('of several at once, or of no side, are none', () => {
    const info = (subtype: string) => within(`<BDBInfo><Type>Finger</Type><Subtype>${subtype}</Subtype></BDBInfo>`)
    expect(fingersOfBir(readCbeff(info('Left IndexFinger MiddleFinger')))).toEqual([])
    expect(fingersOfBir(readCbeff(info('Thumb')))).toEqual([])
    expect(fingersOfBir(readCbeff(info('Thumb Left')))).toEqual([{ position: 6, missing: false }])
    expect(fingersOfBir(readCbeff(within('')))).toEqual([])
  })

  it.each<[CbeffFinger, string]>([
    [{ position: 11, missing: true }, 'position is 11, must be 1 to 10'],
    [{ position: 0, missing: true }, 'position is 0, must be 1 to 10'],
    [{ position: 1, missing: false }, 'missing is false, and data is not there'],
    [{ position: 1, missing: true, data: text('x') }, 'missing is true, and data is there'],
  ])('like %j are refused', (finger, message) => {
    expect(() => birOfFinger(finger)).toThrow(new RangeError(message))
  })
})

describe('what the schema does not have', () => {
  it('is kept where it was, with its namespaces', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<BIR xmlns="${CBEFF_NAMESPACE}" xmlns:x="urn:x" x:a="1">
  <x:first key="&quot;v&#10;w&quot;">
    <x:inner>text &amp; &lt;more&gt;</x:inner>
    <plain xmlns="urn:y"/>
  </x:first>
  <BIRInfo>
    <x:before/>
    <Integrity>true</Integrity>
    <x:after/>
  </BIRInfo>
  <x:middle>1</x:middle>
  <BDB>QQ==</BDB>
  <x:last/>
</BIR>
`
      .replaceAll('&amp;', '&#38;')
      .replaceAll('&lt;', '&#60;')
      .replaceAll('&gt;', '&#62;')
      .replaceAll('&quot;', '&#34;')
    const bir = readCbeff(xml)
    expect(bir.unknown?.map(({ index, element }) => [index, element.name])).toEqual([
      [0, 'x:first'],
      [2, 'x:middle'],
      [4, 'x:last'],
    ])
    expect(bir.unknown?.[0].element).toEqual({
      name: 'x:first',
      attributes: [{ name: 'key', value: '"v\nw"' }],
      children: [
        { name: 'x:inner', attributes: [], children: ['text & <more>'] },
        { name: 'plain', attributes: [{ name: 'xmlns', value: 'urn:y' }], children: [] },
      ],
    })
    expect(writeCbeff(bir)).toBe(xml)
  })

  it('of the same namespace deviates, and is kept', () => {
    const xml = within('<Extra>1</Extra>')
    const { bir, deviations } = heard(xml)
    expect(deviations).toEqual(['BIR Extra: is not in the schema of CBEFF'])
    expect(writeCbeff(bir)).toContain('<Extra>1</Extra>')
  })

  it('keeps its namespace when that was declared above it', () => {
    const xml = `<b:BIR xmlns:b="${CBEFF_NAMESPACE}" xmlns="urn:other"><b:BIRInfo><b:Integrity>1</b:Integrity></b:BIRInfo><own><inner/></own></b:BIR>`
    const written = writeCbeff(readCbeff(xml))
    expect(written).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<BIR xmlns="${CBEFF_NAMESPACE}" xmlns:b="${CBEFF_NAMESPACE}">
  <BIRInfo>
    <Integrity>true</Integrity>
  </BIRInfo>
  <own xmlns="urn:other">
    <inner/>
  </own>
</BIR>
`)
    expect(writeCbeff(readCbeff(written))).toBe(written)
  })
})

describe('other ways to write the same', () => {
  const record = (bdb: string) => readCbeff(within(`<BDB>${bdb}</BDB>`)).bdb

  it('are read: base64 in lines, for URLs, without padding; CDATA; comments; no indentation', () => {
    expect(record('\n  +/8A\n  QQ==\n')).toEqual(Uint8Array.of(0xfb, 0xff, 0, 0x41))
    expect(record('-_8AQQ')).toEqual(Uint8Array.of(0xfb, 0xff, 0, 0x41))
    expect(record('')).toEqual(new Uint8Array(0))
    expect(record('<![CDATA[QQ]]><!-- no -->==')).toEqual(Uint8Array.of(0x41))
    expect(readCbeff(`\ufeff<?xml version="1.1"?><?pi x?><!-- c -->${within('')}<!-- d -->`)).toEqual({
      birInfo: { integrity: false },
    })
  })

  it('are all elements of the schema', () => {
    const id = (name: string) => `<${name}><Organization>257</Organization><Type>1</Type></${name}>`
    const xml = within(
      `<BDBInfo><ChallengeResponse>QQ==</ChallengeResponse><Index>i</Index>${id('Format')}<Encryption>0</Encryption>
      <CreationDate>2026-11-25T09:30:02Z</CreationDate><NotValidBefore>2026-11-25T09:30:01Z</NotValidBefore><NotValidAfter>2026-11-25T09:30:00Z</NotValidAfter><Type>Finger
      Palm</Type><Subtype>Left</Subtype><Level>Raw</Level>${['Product', 'CaptureDevice', 'FeatureExtractionAlgorithm', 'ComparisonAlgorithm', 'CompressionAlgorithm'].map(id).join('')}
      <Purpose>Audit</Purpose><Quality>${id('Algorithm')}<QualityCalculationFailed>no</QualityCalculationFailed></Quality></BDBInfo>
      <SBInfo>${id('Format')}</SBInfo>`,
    )
    const one = { organization: '257', type: '1' }
    expect(readCbeff(xml)).toEqual({
      birInfo: { integrity: false },
      bdbInfo: {
        challengeResponse: text('A'),
        index: 'i',
        format: one,
        encryption: false,
        creationDate: '2026-11-25T09:30:02Z',
        notValidBefore: '2026-11-25T09:30:01Z',
        notValidAfter: '2026-11-25T09:30:00Z',
        type: ['Finger', 'Palm'],
        subtype: ['Left'],
        level: 'Raw',
        product: one,
        captureDevice: one,
        featureExtractionAlgorithm: one,
        comparisonAlgorithm: one,
        compressionAlgorithm: one,
        purpose: 'Audit',
        quality: { algorithm: one, qualityCalculationFailed: 'no' },
      },
      sbInfo: { format: one },
    })
    expect(readCbeff(writeCbeff(readCbeff(xml)))).toEqual(readCbeff(xml))
  })
})

describe('what deviates and is read', () => {
  it.each<[string, string]>([
    [
      '<BIR><BIRInfo><Integrity>false</Integrity></BIRInfo></BIR>',
      `BIR: has no namespace, must be of ${CBEFF_NAMESPACE}`,
    ],
    [
      `<BIR><BIRInfo><Integrity>false</Integrity></BIRInfo>${within('<BDB>QQ==</BDB>')}</BIR>`,
      `BIR: has no namespace, must be of ${CBEFF_NAMESPACE}`,
    ],
    [`<BIR xmlns="${CBEFF_NAMESPACE}"/>`, 'BIR BIRInfo: is missing'],
    [`<BIR xmlns="${CBEFF_NAMESPACE}"><BIRInfo/></BIR>`, 'BIR BIRInfo Integrity: is missing'],
    [within('<BDB>QQ==</BDB><SBInfo/>'), 'BIR SBInfo: comes after BDB'],
    [within('<BDBInfo><Type>Nose</Type></BDBInfo>'), 'BIR BDBInfo Type: is "Nose", which the schema does not have'],
    [
      within('<BDBInfo><Level>Cooked</Level></BDBInfo>'),
      'BIR BDBInfo Level: is "Cooked", which the schema does not have',
    ],
    [within('<BDBInfo><Quality><Score>5</Score></Quality></BDBInfo>'), 'BIR BDBInfo Quality Algorithm: is missing'],
    [
      within('<BDBInfo><Quality><Algorithm><Organization/><Type/></Algorithm><Score>93.5</Score></Quality></BDBInfo>'),
      'BIR BDBInfo Quality Score: is 93.5, no whole number up to 100',
    ],
    [within('<BDB id="1">QQ==</BDB>'), 'BIR BDB: has the attribute id, which is not kept'],
    [within('<others/><others><entry key="a"/></others>'), 'BIR others: is there a second time'],
    [
      within(
        '<BDBInfo><Type>Finger</Type></BDBInfo><BDB>QQ==</BDB><others><entry key="EXCEPTION">True</entry></others>',
      ),
      'BIR BDB: is there, and EXCEPTION is true: the finger is said to be missing',
    ],
  ])('case %#', (xml, message) => {
    const { bir, deviations } = heard(xml)
    expect(deviations).toEqual([message])
    expect(() => readCbeff(xml)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    const written = writeCbeff(bir)
    expect(heard(written).bir).toEqual(bir)
  })
})

describe('what is refused', () => {
  it.each<[string, string, string?]>([
    ['', 'is not well-formed (document must contain a root element.)'],
    ['<BIR', 'is not well-formed'],
    [within('<a></b>'), 'is not well-formed'],
    [within('&nbsp;'), 'is not well-formed'],
    [within('<x:a/>'), 'is not well-formed'],
    ['<other/>', "a document of other of namespace ''", 'RECORD_FORMAT'],
    ['<BIR xmlns="urn:x"/>', "a document of BIR of namespace 'urn:x', not a BIR of CBEFF", 'RECORD_FORMAT'],
    [within('text'), 'BIR (offset 61) has the text "text", must have elements'],
    [within('<BDB>Q</BDB>'), 'is "Q", not base64'],
    [within('<BDB>Q?==</BDB>'), 'is "Q?==", not base64'],
    [within('<BDB><x/></BDB>'), 'has an element in it, must have text'],
    [within('<BDB>QQ==</BDB><BDB>QQ==</BDB>'), 'BIR BDB (offset'],
    [within('<Version><Major>1</Major></Version>'), 'BIR Version Minor (offset'],
    [within('<Version><Major>x</Major><Minor>1</Minor></Version>'), 'is "x", not a whole number'],
    [within('<BDBInfo><Encryption>yes</Encryption></BDBInfo>'), 'is "yes", not true or false'],
    [within('<BDBInfo><Quality><Score>good</Score></Quality></BDBInfo>'), 'is "good", not a number'],
    [within('<others><other/></others>'), 'BIR others other (offset'],
    [within('<others><entry/></others>'), 'must be an entry with a key'],
  ])('case %#', (xml, message, code = 'RECORD_CORRUPT') => {
    const message_ = expect.stringContaining(message)
    expect(() => heard(xml)).toThrow(expect.objectContaining({ code, message: message_ }))
  })

  it('arguments of other kinds, and bytes that are not UTF-8', () => {
    expect(() => readCbeff(5 as never)).toThrow(TypeError)
    expect(() => readCbeff('<BIR/>', null as never)).toThrow(TypeError)
    expect(() => readCbeff('<BIR/>', { onDeviation: 1 as never })).toThrow(TypeError)
    expect(() => readCbeff(Uint8Array.of(0xff, 0xfe, 0x3c, 0))).toThrow(
      expect.objectContaining({ code: 'RECORD_FORMAT' }),
    )
  })
})

describe('what cannot be written', () => {
  it.each<[Bir, string]>([
    [{ version: { major: 1 } as never }, 'bir.version.minor is missing'],
    [{ version: { major: -1, minor: 0 } }, 'bir.version.major is -1'],
    [{ bdbInfo: { type: ['Left Hand'] } }, 'bir.bdbInfo.type has "Left Hand", must have words'],
    [{ bdbInfo: { quality: { score: Number.NaN } } }, 'bir.bdbInfo.quality.score is NaN, must be 0 to 100'],
    [{ others: [{ key: 'a', value: '\0' }] }, 'has the character 0, which XML does not have'],
    [{ others: [{ key: '\ud800', value: '' }] }, 'has half a surrogate pair'],
    [{ attributes: [{ name: 'a b', value: '' }] }, '"a b" is no name of an element or attribute'],
    [{ attributes: [{ name: 'xmlns', value: 'urn:x' }] }, 'bir.attributes has xmlns, which the record declares'],
  ])('case %#', (bir, message) => {
    expect(() => writeCbeff(bir)).toThrow(RangeError)
    expect(() => writeCbeff(bir)).toThrow(message)
  })
})
