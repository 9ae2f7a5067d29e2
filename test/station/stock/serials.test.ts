import fc from 'fast-check'
import type { SerialRange } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { SidikError } from '../../../dist/errors.js'
import { canonical, joined, overlapIn, totalOf, without } from '../../../dist/station/stock/ranges.js'
import { formatSerials, parseSerials } from '../../../dist/station/stock/serials.js'

/** As they are printed: a prefix, and a number with so many digits. */
const range = fc
  .record({
    prefix: fc.stringMatching(/^[A-Za-z0-9-]{0,16}$/),
    digits: fc.integer({ min: 1, max: 15 }),
    a: fc.nat(),
    b: fc.nat(),
  })
  .map(({ prefix, digits, a, b }): SerialRange => {
    const [x, y] = [a % 10 ** digits, b % 10 ** digits]
    return { prefix, digits, first: Math.min(x, y), last: Math.max(x, y) }
  })

/** Every serial of a range, as text. */
const each = ({ prefix, digits, first, last }: SerialRange) =>
  Array.from({ length: last - first + 1 }, (_, i) => prefix + String(first + i).padStart(digits, '0'))

describe('serials', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), ranges => {
        expect(parseSerials(formatSerials(ranges))).toEqual(ranges.map(canonical))
      }),
      { numRuns: 300 },
    )
  })

  it('are one way of writing, whatever part of them is called the number', () => {
    fc.assert(
      fc.property(range, asked => {
        const few = { ...asked, last: Math.min(asked.last, asked.first + 20) }
        expect(each(canonical(few))).toEqual(each(few))
        expect(canonical(canonical(few))).toEqual(canonical(few))
      }),
    )
  })

  it.each([
    ['AB000001-AB000500', [{ prefix: 'AB', digits: 6, first: 1, last: 500 }]],
    ['AB000007', [{ prefix: 'AB', digits: 6, first: 7, last: 7 }]],
    ['0001-0500', [{ prefix: '', digits: 4, first: 1, last: 500 }]],
    [
      'X-01-X-02, Y9',
      [
        { prefix: 'X-', digits: 2, first: 1, last: 2 },
        { prefix: 'Y', digits: 1, first: 9, last: 9 },
      ],
    ],
    ['12-7-12-7', [{ prefix: '12-', digits: 1, first: 7, last: 7 }]],
  ])('%s', (text, ranges) => {
    expect(parseSerials(text)).toEqual(ranges)
  })

  it.each([
    '',
    ',',
    'AB',
    'AB000500-AB000001',
    'AB000001-AB00500',
    'AB000001-CD000500',
    'AB000001-500',
    'AB000001 AB000002',
    'AB000001-AB000002-AB000003',
    '-',
    'ä1',
    '１２',
    'ABCDEFGHIJKLMNOPQ1',
    'A'.repeat(100_000),
    `${'1,'.repeat(1_000)}1`,
  ])('are not %j', text => {
    expect(() => parseSerials(text)).toThrow(expect.objectContaining({ code: 'STOCK_FORMAT' }))
  })

  it('are read or refused from any text, in no other way', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[A-C0-9-]{0,24}$/), fc.stringMatching(/^[A0-9, -]{0,40}$/))
    fc.assert(
      fc.property(text, text => {
        try {
          const ranges = parseSerials(text)
          expect(parseSerials(formatSerials(ranges))).toEqual(ranges)
        } catch (error) {
          expect(error).toBeInstanceOf(SidikError)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('ranges', () => {
  const short = fc
    .tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }))
    .map(([prefix, first, more]): SerialRange => ({ prefix, digits: 3, first, last: first + more }))
  const list = fc.array(short, { maxLength: 8 })

  it('are sets of serials', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const [all, others] = [a.flatMap(each), new Set(b.flatMap(each))]
        const set = [...new Set(all)].sort()
        expect(joined(a).flatMap(each)).toEqual(set)
        expect(without(a, b).flatMap(each)).toEqual(set.filter(serial => !others.has(serial)))
        expect(overlapIn(a) === undefined).toBe(set.length === all.length)
        expect(totalOf(a)).toBe(all.length)
      }),
      { numRuns: 200 },
    )
  })

  it('are written from ranges alone', () => {
    const one = { prefix: 'A', digits: 3, first: 1, last: 2 }
    for (const none of [undefined, null, 'A001', {}, [one, null], { ...one, first: '1' }])
      expect(() => formatSerials(none as never)).toThrow(/^serials must be a range/)
    expect(formatSerials([])).toBe('')
  })
})
