import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import {
  decodeTemplates,
  encodeTemplates,
  type RecordedFinger,
  readTemplates,
} from '../../../dist/station/enrol/templates-payload.js'

const FIXTURE = fileURLToPath(new URL('../../../fixtures/payloads/templates-v1.bin', import.meta.url))
const REASONS = ['amputated', 'bandaged', 'unreadable', 'not-captured'] as const

const finger = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map(template => ({ template })),
  fc.constantFrom(...REASONS).map(missing => ({ missing })),
)
const persons = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { minLength: 1 }),
    fc.array(finger, { minLength: 10, maxLength: 10 }),
  )
  .map(([positions, fingers]) => positions.map((position, i) => ({ position, ...fingers[i] }) as RecordedFinger))
const byPosition = (fingers: readonly RecordedFinger[]) => [...fingers].sort((a, b) => a.position - b.position)

describe('the payload of templates', () => {
  it('comes back as it was given, in ascending order of position', () => {
    fc.assert(
      fc.property(persons, fingers => {
        const bytes = encodeTemplates(fingers)
        expect(readTemplates(bytes)).toEqual(byPosition(fingers))
        // From the middle of a buffer too.
        expect(readTemplates(new Uint8Array([1, ...bytes, 2]).subarray(1, 1 + bytes.length))).toEqual(
          byPosition(fingers),
        )
      }),
    )
  })

  it('is read as it was first written, for ever', () => {
    const bytes = new Uint8Array(readFileSync(FIXTURE))
    const fingers = decodeTemplates(bytes)
    const [first, second, ...missing] = fingers.map(({ template, ...rest }) =>
      template === undefined ? rest : { ...rest, sha256: createHash('sha256').update(template).digest('hex') },
    )
    expect([first, second]).toEqual([
      { position: 1, sha256: 'fe4a0167239d7ee5ef6deab75971e815d85015cda71c332c9d1c2e430198e81f' },
      { position: 2, sha256: 'd78139925fdf963c4718063fb9b5f00dc07719d55b95a50bdc4ca3a9b0704be5' },
    ])
    expect(missing).toEqual([
      { position: 3, missing: 'amputated' },
      { position: 4, missing: 'bandaged' },
      { position: 5, missing: 'unreadable' },
      { position: 10, missing: 'not-captured' },
    ])
    expect(encodeTemplates([...fingers].reverse())).toEqual(bytes)
  })

  it('gives a documented error for anything else, and nothing else', () => {
    const codes = new Set<string>()
    fc.assert(
      fc.property(persons, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (fingers, at, value, cut) => {
        const bytes = encodeTemplates(fingers)
        bytes[at % bytes.length] = value
        for (const given of [bytes, bytes.subarray(0, cut % bytes.length), new Uint8Array([...bytes, 0])]) {
          try {
            const read = readTemplates(given)
            // What is read is what is there: each form has one meaning.
            expect(encodeTemplates(read)).toEqual(new Uint8Array(given))
          } catch (error) {
            if (!(error instanceof SidikError)) throw error
            codes.add(error.code)
          }
        }
      }),
      { numRuns: 500 },
    )
    expect([...codes].sort()).toEqual(['RECORD_CORRUPT', 'RECORD_FORMAT', 'RECORD_VERSION'])
    const lying = encodeTemplates([{ position: 1, template: new Uint8Array(1) }])
    new DataView(lying.buffer).setUint32(10, 0xffffffff)
    expect(() => decodeTemplates(lying)).toThrow(/at offset 10: length is 4294967295, 1 bytes are left/)
  })

  it('refuses what is no person', () => {
    const one = { position: 1, template: new Uint8Array(3) }
    expect(() => encodeTemplates([])).toThrow(RangeError)
    expect(() => encodeTemplates([one, one])).toThrow(/position 1 twice/)
    expect(() => encodeTemplates([{ position: 0, missing: 'amputated' }])).toThrow(RangeError)
    expect(() => encodeTemplates([{ position: 1, template: new Uint8Array(0) }])).toThrow(RangeError)
    expect(() => encodeTemplates([{ position: 1, missing: 'lost' as 'amputated' }])).toThrow(RangeError)
  })

  it('of templates that are none, or are one template twice, is refused with the position', () => {
    const template = syntheticTemplate(7, 3)
    const flipped = new Uint8Array(template)
    flipped[60] ^= 1
    const refusal = (fingers: RecordedFinger[]) => {
      try {
        return decodeTemplates(encodeTemplates(fingers)).length
      } catch (error) {
        return [(error as SidikError).code, (error as Error).message]
      }
    }
    expect(refusal([{ position: 4, template }])).toBe(1)
    expect(refusal([{ position: 4, template: new Uint8Array(40) }])).toEqual([
      'TEMPLATE_FORMAT',
      expect.stringContaining('position 4'),
    ])
    expect(refusal([{ position: 5, template: flipped }])).toEqual([
      'TEMPLATE_CORRUPT',
      expect.stringContaining('position 5'),
    ])
    // With other codes, another order and another quality it is the same print.
    const contents = decodeTemplate(template)
    const order = contents.minutiae.map((_, i) => contents.minutiae.length - 1 - i)
    const other = encodeTemplate({
      ...contents,
      quality: 1,
      fingerPosition: 9,
      minutiae: order.map(i => ({ ...contents.minutiae[i], quality: 7 })),
      learnedCodes: { ...contents.learnedCodes!, bits: new Uint8Array(contents.learnedCodes!.bits.length).fill(3) },
    })
    expect(
      refusal([
        { position: 2, template },
        { position: 7, template: other },
      ]),
    ).toEqual(['TEMPLATE_IMPLAUSIBLE', 'positions 2 and 7 have the very same print'])
  })
})
