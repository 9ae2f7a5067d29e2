import { type Bir, birOfFinger, type Deviation, fingersOfBir, readCbeff, writeCbeff } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { printsOf } from '../../../dist/convert/prints.js'
import { ISO_2005 } from '../images/golden.js'

/** Ten fingers of one person, one of which is damaged: the nine others are read. */

const FINGERS = 10
const SIDES = ['Right', 'Left']
const NAMES = ['Thumb', 'IndexFinger', 'MiddleFinger', 'RingFinger', 'LittleFinger']
const nameOf = (position: number) => `${SIDES[position > 5 ? 1 : 0]} ${NAMES[(position - 1) % 5]}`

const person = writeCbeff(
  Array.from({ length: FINGERS }, (_, i) =>
    birOfFinger({
      ...{ position: i + 1, missing: false, data: Uint8Array.from([...ISO_2005.slice(0, -1), i]) },
      format: { organization: 'Mosip', type: '7' },
      quality: { algorithm: { organization: 'HMAC', type: 'SHA-256' }, score: 50 + i },
      level: 'Raw',
    }),
  ),
)

/** Changes what `pattern` finds within the BIR of a finger. */
function damagedAt(position: number, pattern: RegExp | string, replacement: string): string {
  const parts = person.split('<BIR>')
  const changed = parts[position].replace(pattern, replacement)
  expect(changed).not.toBe(parts[position])
  return parts.map((part, i) => (i === position ? changed : part)).join('<BIR>')
}

function looked(xml: string) {
  const deviations: Deviation[] = []
  const damages: Deviation[] = []
  const bir = readCbeff(xml, { onDeviation: one => deviations.push(one), onDamage: one => damages.push(one) })
  return { bir, deviations, damages }
}

const sound = readCbeff(person)
const birAt = (bir: Bir, position: number) => bir.birs?.[position - 1]

const DAMAGES: readonly (readonly [name: string, pattern: RegExp | string, replacement: string, field: string])[] = [
  ['a score', /<Score>\d+/, '<Score>good', 'BDBInfo Quality Score'],
  ['base64', '<BDB>', '<BDB>!', 'BDB'],
  ['a major version', '<Major>1', '<Major>one', 'Version Major'],
  ['a minor version that is missing', /<Minor>1<\/Minor>/, '', 'Version Minor'],
  ['a flag', '<Integrity>false', '<Integrity>maybe', 'BIRInfo Integrity'],
  ['an element twice', /<Level>.*?<\/Level>/, '$&$&', 'BDBInfo Level'],
  ['an element within a text', '<Level>Raw', '<Level><x/>Raw', 'BDBInfo Level'],
  ['a text between elements', '<BDBInfo>', '<BDBInfo>stray', 'BDBInfo'],
  ['an entry without a key', / key="EXCEPTION"/, '', 'others entry'],
  ['a registry without its type', '<Type>SHA-256</Type>', '', 'BDBInfo Quality Algorithm Type'],
]

describe.each(DAMAGES)('%s that cannot be', (_, pattern, replacement, field) => {
  it('is named with its BIR and finger, and the other fingers are read', () => {
    for (let position = 1; position <= FINGERS; position++) {
      const xml = damagedAt(position, pattern, replacement)
      expect(() => readCbeff(xml, { onDeviation: () => {} })).toThrow(
        expect.objectContaining({ code: 'RECORD_CORRUPT' }),
      )
      const { bir, damages, deviations } = looked(xml)
      expect(damages.map(one => one.field)).toEqual([`BIR BIR ${position} (${nameOf(position)}) ${field}`])
      expect(deviations).toEqual([])
      expect(bir.birs).toHaveLength(FINGERS)
      for (let other = 1; other <= FINGERS; other++) {
        if (other !== position) expect(birAt(bir, other)).toEqual(birAt(sound, other))
      }
      const readable = fingersOfBir(bir).filter(({ data }) => data !== undefined)
      expect(readable).toHaveLength(pattern === '<BDB>' ? FINGERS - 1 : FINGERS)
    }
  })
})

describe('a document that is no XML from somewhere on', () => {
  it('gives the BIRs that are complete before', () => {
    for (let position = 1; position <= FINGERS; position++) {
      const parts = person.split('<BIR>')
      const cut = `${parts.slice(0, position).join('<BIR>')}<BIR>${parts[position].slice(0, 100)}`
      for (const xml of [cut, `${cut}<&`]) {
        const { bir, damages } = looked(xml)
        expect(bir.birs ?? []).toEqual(sound.birs?.slice(0, position - 1))
        expect(damages).toEqual([
          expect.objectContaining({ field: 'document', message: expect.stringContaining('is not well-formed') }),
        ])
        expect(damages[0].offset).toBeGreaterThan(cut.length - 100)
      }
    }
  })

  it('is told of no further than its end', () => {
    const xml = `${person.trimEnd()}x\n`
    const { damages } = looked(xml)
    expect(damages).toMatchObject([{ field: 'document', offset: xml.length }])
  })

  it('is refused for a document type, and where there are too many elements', () => {
    const options = { onDeviation: () => {}, onDamage: () => {} }
    expect(() => readCbeff(`<!DOCTYPE x>${person.slice(person.indexOf('<BIR'))}`, options)).toThrow('document type')
    expect(() => readCbeff(person.replace('<BIR>', '<BIR/>'.repeat(100_001)), options)).toThrow('100000 elements')
  })
})

it('its prints are those that can be read', () => {
  const damages: Deviation[] = []
  const listening = { onDeviation: () => {}, onDamage: (one: Deviation) => damages.push(one) }
  const bir = readCbeff(damagedAt(4, '<BDB>', '<BDB>!'), listening)
  const names = new Set(printsOf({ kind: 'cbeff', bir }, listening).map(({ name }) => name))
  expect(names.size).toBe(FINGERS - 1)
  expect(names).not.toContain('right ring finger')
  expect(damages).toHaveLength(1)
})

it('a listener that is no function is a TypeError', () => {
  expect(() => readCbeff(person, { onDamage: 1 as never })).toThrow(TypeError)
})
