import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { treeLines } from '../../dist/cli/tree.js'

describe('a text of several lines', () => {
  const shown = (text: string) => treeLines({ text }, {})

  it('is on one', () => {
    expect(shown('a b \n\n  c\r\n\td\n')).toEqual(['  text: a b | c | d'])
    expect(shown(`a${' '.repeat(10_000)}b\nc`)).toEqual([`  text: a${' '.repeat(10_000)}b | c`])
  })

  it('loses nothing but space', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', 'b') }), text => {
        const [line] = shown(text)
        expect(line.slice('  text:'.length).replaceAll(/[\s|]/g, '')).toBe(text.replaceAll(/\s/g, ''))
        expect(line).not.toContain('\n')
      }),
    )
  })
})
