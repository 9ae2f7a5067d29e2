import { describe, expect, it } from 'vitest'
import { Readers } from '../../dist/gallery/readers.js'

describe('Readers', () => {
  it('gives back at once when nobody reads', () => {
    const readers = new Readers()
    const given: string[] = []
    readers.whenUnseen(() => given.push('a'))
    expect(given).toEqual(['a'])
  })

  it('waits for those who were there, not for those who came later', () => {
    const readers = new Readers()
    const given: string[] = []
    const early = readers.enter()
    readers.whenUnseen(() => given.push('a'))
    const late = readers.enter()
    readers.whenUnseen(() => given.push('b'))
    readers.leave(early)
    expect(given).toEqual(['a'])
    readers.leave(late)
    expect(given).toEqual(['a', 'b'])
  })

  it('waits for the oldest, whoever leaves first', () => {
    const readers = new Readers()
    const given: string[] = []
    const [one, two] = [readers.enter(), readers.enter()]
    readers.whenUnseen(() => given.push('a'))
    readers.leave(two)
    expect(given).toEqual([])
    readers.leave(one)
    expect(given).toEqual(['a'])
  })

  it('tells what came before a reader from what came after', () => {
    const readers = new Readers()
    const before = readers.stamp()
    const entered = readers.enter()
    expect(before).toBeLessThan(entered)
    expect(readers.stamp()).toBeGreaterThan(entered)
  })
})
