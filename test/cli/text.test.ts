import { expect, it } from 'vitest'
import { counted, formatCount, formatMs, formatTable } from '../../dist/cli/text.js'

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
