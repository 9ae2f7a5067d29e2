import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type Bir, CBEFF_NAMESPACE, type Deviation, fingersOfBir, readCbeff, writeCbeff } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../src/formats/cbeff/xml-tree.js'
import { FUZZ_RUNS, isRefusal, mutated, mutatedByParts } from '../fuzzing.js'

const PERSON = new Uint8Array(readFileSync(new URL('../../../fixtures/cbeff/person.xml', import.meta.url)))

/** Short, with something of everything: prefixes, unknown elements, CDATA, references, several lists of entries. */
const SMALL = new TextEncoder().encode(
  `<b:BIR xmlns:b="${CBEFF_NAMESPACE}" xmlns="urn:o" q="&#49;"><b:BIRInfo><b:Integrity>1</b:Integrity></b:BIRInfo><u a='1'>x<v/>y</u>` +
    '<b:BDBInfo><b:Type>Finger</b:Type><b:Subtype>Left Thumb</b:Subtype></b:BDBInfo><b:BDB><![CDATA[QUJD]]></b:BDB>' +
    '<b:others><b:entry key="EXCEPTION">false</b:entry></b:others></b:BIR>',
)
const SEEDS = [PERSON, SMALL]
const LIKELY = [...new TextEncoder().encode('<>/&;"\'= ![]-?:xBIR0=\u00e9')]

/**
 * What is accepted must be written so that it is read as the same, and written the same again: laying out, base64 and numbers are
 * normalised, nothing else.
 */
function outcomeOf(bytes: Uint8Array): 'refused' | 'accepted' | 'with deviations' {
  const deviations: Deviation[] = []
  let bir: Bir
  try {
    bir = readCbeff(bytes, { onDeviation: one => deviations.push(one) })
  } catch (error) {
    if (isRefusal(error)) return 'refused'
    throw error
  }
  const written = writeCbeff(bir)
  const again = readCbeff(written, { onDeviation: () => {} })
  expect(again).toEqual(bir)
  expect(writeCbeff(again)).toBe(written)
  fingersOfBir(bir)
  return deviations.length === 0 ? 'accepted' : 'with deviations'
}

const refused = (xml: string, message: string) => {
  expect(() => readCbeff(xml, { onDeviation: () => {} })).toThrow(
    expect.objectContaining({ name: 'SidikError', message: expect.stringContaining(message) }),
  )
}

describe('entities', () => {
  it('that grow a thousand million times are refused with their document type', () => {
    const levels = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    refused(
      `<!DOCTYPE x [<!ENTITY l0 "ha">${levels.join('')}]><BIR>&l10;</BIR>`,
      'has a document type declaration, which is refused',
    )
  })

  it('of files and addresses are never opened', () => {
    refused('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><BIR>&f;</BIR>', 'has a document type declaration')
    refused('<!DOCTYPE BIR SYSTEM "http://127.0.0.1:9/x.dtd"><BIR/>', 'has a document type declaration')
    refused('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><BIR/>', 'has a document type declaration')
  })

  it('that nobody declared are refused', () => {
    refused('<BIR>&f;</BIR>', 'is not well-formed')
    refused('<BIR>&#0;</BIR>', 'is not well-formed')
  })
})

describe('size', () => {
  const namespace = ` xmlns="${CBEFF_NAMESPACE}"`

  it('in depth is bounded', () => {
    refused(`<BIR${namespace}>${'<BIR>'.repeat(100_000)}`, 'has elements 33 deep, 32 are read')
    const deep = (levels: number) => `<BIR${namespace}>${'<BIR>'.repeat(levels - 1)}${'</BIR>'.repeat(levels)}`
    expect(writeCbeff(readCbeff(deep(32), { onDeviation: () => {} }))).toContain('<BIR/>')
    refused(deep(33), 'has elements 33 deep')
  })

  it('in elements is bounded', () => {
    refused(`<BIR${namespace}>${'<BIR/>'.repeat(100_000)}</BIR>`, 'has more than 100000 elements')
    const many = `<BIR${namespace}><BIRInfo/>${'<BIR/><x/>'.repeat(40_000)}</BIR>`
    const bir = readCbeff(many, { onDeviation: () => {} })
    expect(bir.birs?.length).toBe(40_000)
    expect(readCbeff(writeCbeff(bir), { onDeviation: () => {} })).toEqual(bir)
  })

  it('in elements between texts is bounded alike', () => {
    const children = 99_900
    const mixed = `<x xmlns="urn:x">${'<y/>a'.repeat(children)}</x>`
    expect(parseXml(mixed).children.length).toBe(2 * children)
    const bir = readCbeff(`<BIR${namespace}><BIRInfo/>${mixed}</BIR>`, { onDeviation: () => {} })
    expect(readCbeff(writeCbeff(bir), { onDeviation: () => {} })).toEqual(bir)
  })

  it('in characters is bounded', () => {
    refused(`<BIR>${' '.repeat(64 * 1024 * 1024)}</BIR>`, 'characters, 67108864 are read')
    expect(() => readCbeff(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT' }),
    )
  })

  it('of attributes, names and texts is bounded or read', () => {
    const attributes = Array.from({ length: 49_000 }, (_, i) => ` a${i}="1"`).join('')
    expect(
      readCbeff(`<BIR${namespace}${attributes}><BIRInfo><Integrity>0</Integrity></BIRInfo></BIR>`).attributes?.length,
    ).toBe(49_000)
    refused(`<${'x'.repeat(1_000_000)}>`, 'is not well-formed')
    refused(`<BIR${namespace}><BDB>${'Q'.repeat(4_000_001)}</BDB></BIR>`, 'not base64')
    refused(`<BIR${namespace}><BDB>${'='.repeat(1_000_000)}</BDB></BIR>`, 'not base64')
    refused(`<BIR${namespace}><BDB>${' '.repeat(1_000_000)}.</BDB></BIR>`, 'not base64')
    refused(`<BIR${namespace}>${'<![CDATA[x]]>'.repeat(100_000)}</BIR>`, 'must have elements')
  })

  it('of a megabyte of data is kept', () => {
    const bdb = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7) & 0xff)
    expect(Buffer.compare(readCbeff(writeCbeff({ birInfo: { integrity: true }, bdb })).bdb!, bdb)).toBe(0)
  })
})

describe('hostile documents', () => {
  it('of the seeds are none', () => {
    expect(SEEDS.map(outcomeOf)).toEqual(['accepted', 'accepted'])
  })

  it('cut anywhere are refused', () => {
    for (let length = 0; length < SMALL.length; length++) {
      expect(outcomeOf(SMALL.subarray(0, length))).toBe('refused')
    }
  })

  it('with any bit altered are refused or read, never wrong', () => {
    for (let bit = 0; bit < 8 * SMALL.length; bit++) {
      const bytes = SMALL.slice()
      bytes[bit >> 3] ^= 1 << (bit & 7)
      outcomeOf(bytes)
    }
  })

  it(
    `of ${FUZZ_RUNS} mutations are refused or read, never wrong`,
    () => {
      const counts = { refused: 0, accepted: 0, 'with deviations': 0 }
      fc.assert(
        // A line of the person is an element with its text, or one of its tags.
        fc.property(fc.oneof(mutated(SEEDS, LIKELY), mutatedByParts([PERSON], 0x0a, LIKELY)), bytes => {
          counts[outcomeOf(bytes)]++
        }),
        { numRuns: FUZZ_RUNS },
      )
      if (process.env.SIDIK_FUZZ_RUNS) console.log('CBEFF', counts)
      expect(counts.refused).toBeGreaterThan(0)
      expect(counts.accepted).toBeGreaterThan(0)
    },
    60_000 + FUZZ_RUNS * 5,
  )
})

describe('any BIR', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aB 1&<>"\'\t\n\r]é華😀'), maxLength: 12 })
  const id = fc.record({ organization: text, type: text })
  const version = fc.record({ major: fc.nat({ max: 999_999_999 }), minor: fc.nat({ max: 9 }) })
  const bytes = fc.uint8Array({ maxLength: 40 })
  const bdbInfo = fc.record(
    {
      index: text,
      format: id,
      encryption: fc.boolean(),
      creationDate: text,
      type: fc.uniqueArray(fc.constantFrom('Finger', 'Face', 'Iris'), { minLength: 1 }),
      subtype: fc.array(fc.constantFrom('Left', 'Right', 'Thumb', 'RingFinger'), { maxLength: 3 }),
      level: fc.constantFrom('Raw', 'Processed'),
      purpose: fc.constantFrom('Enroll', 'Verify'),
      quality: fc.record({ algorithm: id, score: fc.nat({ max: 100 }) }),
    },
    { requiredKeys: [] },
  )
  const attribute = fc.record({ name: fc.constantFrom('a', 'b', 'c-d'), value: text })
  const element = fc.letrec(tie => ({
    element: fc.record({
      name: fc.constantFrom('p', 'q.r', 'é'),
      attributes: fc
        .uniqueArray(attribute, { selector: ({ name }) => name, maxLength: 3 })
        .map(all => [...all, { name: 'xmlns', value: 'urn:x' }]),
      children: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('element'), { maxLength: 2 })),
    }),
  })).element as fc.Arbitrary<NonNullable<Bir['unknown']>[number]['element']>
  const bir = fc.record(
    {
      version,
      cbeffVersion: version,
      birInfo: fc.record({ integrity: fc.boolean() }),
      bdbInfo,
      bdb: bytes,
      sb: bytes,
      others: fc.array(fc.record({ key: text, value: text }), { maxLength: 3 }),
      attributes: fc.uniqueArray(attribute, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['birInfo'] },
  )

  it('is read as it was written', () => {
    fc.assert(
      fc.property(bir, fc.array(bir, { maxLength: 3 }), element, (one, others, unknown) => {
        const birs = others.length > 0 ? { birs: others } : {}
        const whole: Bir = { ...one, ...birs, unknown: [{ index: 0, element: unknown }] }
        const xml = writeCbeff(whole)
        expect(readCbeff(xml, { onDeviation: () => {} })).toEqual(whole)
        expect(writeCbeff(readCbeff(xml, { onDeviation: () => {} }))).toBe(xml)
      }),
    )
  })

  it('has the same tree of elements when it is written again', () => {
    fc.assert(
      fc.property(bir, one => {
        const xml = writeCbeff(one)
        const loose = xml.replace(/>\n *</g, '><').replace('?>', '?><!-- a comment -->')
        const tree = (document: string) =>
          JSON.stringify(parseXml(document), (key, value) => (key === 'offset' ? 0 : value))
        expect(tree(writeCbeff(readCbeff(loose, { onDeviation: () => {} })))).toBe(tree(loose))
      }),
    )
  })
})
