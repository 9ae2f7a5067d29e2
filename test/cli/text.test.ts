import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counted, formatCount, formatLines, formatMs, formatTable, visible, visibleJson } from '../../dist/cli/text.js'

it('aligns columns, numbers to the right', () => {
  const table = formatTable(
    [
      ['id', 'score'],
      ['a', 7],
      ['longer', 120],
    ],
    [1],
  )
  expect(table).toBe('id      score\na           7\nlonger    120')
})

it('writes numbers and durations for people', () => {
  expect(formatCount(1234567)).toBe('1,234,567')
  expect([counted(1, 'minutia', 'minutiae'), counted(0, 'print')]).toEqual(['1 minutia', '0 prints'])
  expect([3.14, 31.4, 3140].map(formatMs)).toEqual(['3.1 ms', '31 ms', '3.1 s'])
})

/**
 * Whether a character steers a terminal or turns the order of what is shown; the end of a line does
 * not.
 */
function steers(character: string): boolean {
  const code = character.codePointAt(0)!
  if (character === '\n') return false
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || [0x061c, 0x200e, 0x200f].includes(code)) return true
  return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || (code >= 0xd800 && code < 0xe000)
}

const steering = (text: string) => [...text.replaceAll('\r\n', '\n')].filter(steers)

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\x1b[2J', '\x1b]0;x\x07', '\x9b31m', '\u202e', '\u2066', '\r', '\b', '\u2028', '\ud800'),
    ),
  )
  .map(parts => parts.join(''))

it('lets nothing through to a terminal that steers it', () => {
  fc.assert(
    fc.property(hostile, text => {
      expect(steering(visible(text))).toEqual([])
      const json = visibleJson({ text })
      expect(steering(json)).toEqual([])
      // As a document it says the same.
      expect(JSON.parse(json)).toEqual({ text })
    }),
    { numRuns: 1_000 },
  )
  expect(visible('Siti Ayu\n\u0627\u0644\u0639\u200d\u0647')).toBe('Siti Ayu\n\u0627\u0644\u0639\u200d\u0647')
})

it('keeps a row in one line, whatever is in its cells', () => {
  expect(formatTable([['a\nrecord-2  cleared', 'b']])).toBe('a record-2  cleared  b')
})

it('keeps each line one, whatever somebody wrote into a name', () => {
  const said = formatLines(['valid until 2027-01-01: 7, issued by hub', '  3276  Siti\r\nvalid until 2099-01-01'])
  expect(said.split('\n')).toEqual(['valid until 2027-01-01: 7, issued by hub', '  3276  Siti valid until 2099-01-01'])
})
