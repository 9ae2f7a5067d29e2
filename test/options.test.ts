import { describe, expect, it } from 'vitest'
import * as options from '../dist/options.js'

describe('readOptions', () => {
  it.each([
    ['thread', "did you mean 'threads'?"],
    ['Threads', "did you mean 'threads'?"],
    ['treads', "did you mean 'threads'?"],
    ['colour', 'known: threads, signal'],
  ])('refuses %s', (name, message) => {
    const call = () => options.readOptions('createEngine', { [name]: 1 }, ['threads', 'signal'] as never)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(`createEngine: there is no option '${name}'`)
    expect(call).toThrow(message)
  })

  it.each([null, 3, 'threads', []])('refuses %j', given => {
    expect(() => options.readOptions('createEngine', given as never, [])).toThrow(TypeError)
  })

  it('takes frozen options and none', () => {
    const given = Object.freeze({ limit: 3 })
    expect(options.readOptions('search', given, ['limit'])).toBe(given)
    expect(options.readOptions('search', undefined, [])).toEqual({})
  })
})

describe('the checks of single values', () => {
  it.each([
    [() => options.wholeNumber('limit', '3', 1, 9), TypeError, 'limit must be a number, not string'],
    [() => options.wholeNumber('limit', 2.5, 1, 9), RangeError, 'limit is 2.5, must be a whole number from 1 to 9'],
    [() => options.wholeNumber('limit', 10, 1, 9), RangeError, 'limit is 10'],
    [() => options.wholeNumber('limit', Number.NaN, 1, 9), RangeError, 'limit is NaN'],
    [() => options.atMostOneOf({ a: 1, b: undefined, c: 0 }, ['b', 'c', 'a']), TypeError, 'c and a say the same thing'],
    [() => options.finiteNumber('minScore', null), TypeError, 'minScore must be a number, not null'],
    [() => options.finiteNumber('minScore', Infinity), RangeError, 'minScore is Infinity'],
    [() => options.falseMatchRate('targetFmr', '1e-4'), TypeError, 'targetFmr must be a number, not string'],
    [() => options.falseMatchRate('targetFmr', 0), RangeError, 'targetFmr is 0, must be above 0 and at most 1'],
    [() => options.falseMatchRate('targetFmr', 1.5), RangeError, 'targetFmr is 1.5'],
    [() => options.falseMatchRate('targetFmr', Number.NaN), RangeError, 'targetFmr is NaN'],
    [() => options.flag('replace', 1), TypeError, 'replace must be true or false'],
    [() => options.abortSignal('signal', {}), TypeError, 'signal must be an AbortSignal'],
    [() => options.callback('onProgress', 'x' as never), TypeError, 'onProgress must be a function'],
    [() => options.galleryId(5), TypeError, 'id must be a string, not number'],
    [() => options.galleryId(''), RangeError, 'id is empty'],
    [() => options.galleryId('\ud800'), TypeError, 'surrogate'],
    [() => options.galleryId('é'.repeat(513)), RangeError, 'longer than 1024 bytes'],
  ])('%s', (check, kind, message) => {
    expect(check).toThrow(kind)
    expect(check).toThrow(message)
  })

  it('lets good values through', () => {
    expect(options.galleryId('é'.repeat(512))).toBe('é'.repeat(512))
    expect(options.galleryId('3276012304560001/right-index 👍')).toBe('3276012304560001/right-index 👍')
    expect(options.wholeNumber('limit', 9, 1, 9)).toBe(9)
    expect(options.finiteNumber('minScore', -1)).toBe(-1)
    expect([options.falseMatchRate('fmr', 1), options.falseMatchRate('fmr', 5e-324)]).toEqual([1, 5e-324])
    expect(() => options.atMostOneOf({ a: 0, b: undefined }, ['a', 'b'])).not.toThrow()
    expect([options.flag('replace', undefined), options.flag('replace', true)]).toEqual([false, true])
  })
})
