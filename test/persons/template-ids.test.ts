import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeFingers,
  encodeFingers,
  MAX_PERSON_ID_BYTES,
  personId,
  readTemplateId,
  templateId,
} from '../../dist/persons/template-ids.js'

const missing = fc.constantFrom('amputated', 'bandaged', 'unreadable', 'not-captured' as const)
const finger = fc.oneof(
  fc.record({ position: fc.integer({ min: 0, max: 10 }) }),
  fc.record({ position: fc.integer({ min: 0, max: 10 }), missing }),
)
const fingers = fc.array(finger, { minLength: 1, maxLength: 10 })
const id = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom('3276012304560001', 'a/b', '/', 'x/f1:1,2/1', 'x/f1:1,2/1/f1:1,2/1', 'two\nlines', ' '),
)

describe('template ids', () => {
  it('give person, list and place back, whatever the person is called', () => {
    fc.assert(
      fc.property(id, fingers, fc.nat(), (person, all, n) => {
        const list = encodeFingers(all)
        expect(decodeFingers(list)).toEqual(all)
        const index = n % all.length
        const read = readTemplateId(templateId(person, list, index))
        if ('missing' in all[index]) expect(read).toBeUndefined()
        else expect(read).toEqual({ person, list, index })
      }),
    )
  })

  it('are bytes that stay the same', () => {
    const list = encodeFingers([{ position: 2 }, { position: 3, missing: 'amputated' }, { position: 0 }])
    expect(templateId('3276012304560001', list, 2)).toBe('3276012304560001/f1:2,3a,0/3')
    expect(readTemplateId('3276012304560001/f1:2,3a,4b,5u,10n,0/6')?.list).toBe('2,3a,4b,5u,10n,0')
  })

  it('are not seen in other ids', () => {
    for (const other of [
      '',
      'x',
      'x/right-index',
      'x/f1:/1',
      'x/f1:1/2',
      'x/f1:1/0',
      'x/f1:11/1',
      'x/f2:1/1',
      '/f1:1/1',
      'x/f1:1,2c/1',
      'x/f1:1,2 /1',
      'x/f1:1/1\n',
      'x/f1:1a/1',
      `x/f1:${Array(11).fill(0).join(',')}/1`,
    ]) {
      expect(readTemplateId(other), other).toBeUndefined()
    }
  })

  it('have room for every person id that is allowed', () => {
    const longest = 'é'.repeat(MAX_PERSON_ID_BYTES / 2) + 'x'.repeat(MAX_PERSON_ID_BYTES % 2)
    const all = Array.from({ length: 10 }, (_, i) => ({
      position: i + 1,
      ...(i > 0 && { missing: 'bandaged' as const }),
    }))
    expect(new TextEncoder().encode(templateId(personId(longest), encodeFingers(all), 9)).length).toBeLessThanOrEqual(
      1_024,
    )
    expect(() => personId(`${longest}x`)).toThrow(RangeError)
    expect(() => personId('')).toThrow(RangeError)
    expect(() => personId(7)).toThrow(TypeError)
  })
})
