import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { invariantLines, SIMULATE_EXIT_HELP } from '../../dist/cli/invariant-lines.js'
import { cli } from './run.js'

const of = (name: string, looked: number, first: readonly string[]) => ({
  name,
  says: `${name} says`,
  holds: looked > 0 && first.length === 0,
  looked,
  violations: first.length,
  first,
})

describe('lines of invariants', () => {
  it('tell what is broken from what nobody could look at', () => {
    const lines = invariantLines([
      of('a', 3, []),
      of('b', 0, []),
      of('c', 2, ['one', 'two']),
      of('d', 0, ['odd']),
      of('e', 0, []),
    ])
    const [table, ...rest] = lines
    expect(
      table
        .split('\n')
        .slice(1)
        .map(line => line.split(/\s+/).slice(0, 4)),
    ).toEqual([
      ['holds', 'a', '3', '0'],
      ['UNSEEN', 'b', '0', '0'],
      ['BROKEN', 'c', '2', '2'],
      ['BROKEN', 'd', '0', '1'],
      ['UNSEEN', 'e', '0', '0'],
    ])
    expect(rest).toEqual([
      'c: one',
      'c: two',
      'd: odd',
      'UNSEEN: there was nothing to look at for b, e; run longer, larger or with another seed',
    ])
  })

  it('say no more where all holds', () => {
    expect(invariantLines([of('a', 1, [])])).toHaveLength(1)
  })
})

describe('the exit code of a simulation', () => {
  const words = (text: string) => text.replace(/\s+/g, ' ')

  it.each(['outage', 'shortage'])('is said alike in the help and in the page of the %s', async kind => {
    const { stdout } = await cli('simulate', kind, '--help')
    expect(words(stdout)).toContain(SIMULATE_EXIT_HELP)
    const page = { outage: 'station-outage', shortage: 'shortage' }[kind]
    expect(words(readFileSync(`docs/${page}.md`, 'utf8'))).toContain(words(SIMULATE_EXIT_HELP))
  })
})
