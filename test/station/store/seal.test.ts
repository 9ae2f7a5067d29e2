import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEY_BYTES, keyNumberOf, SEAL_BYTES, seal, unseal } from '../../../dist/station/store/seal.js'

const key = new Uint8Array(KEY_BYTES).map((_, i) => i)

describe('sealed bytes', () => {
  it('open for ever: bytes of the first version', () => {
    const sealed = Buffer.from(
      '07000000f8cc5711151282c77220a635d158386f0e7f8c958a50536359b6c8e9bf307ec66c06fca292988acbebebd80e88f582',
      'hex',
    )
    expect(keyNumberOf(sealed)).toBe(7)
    expect(unseal(key, sealed, 'payload of nobody')?.toString()).toBe('templates of nobody')
  })

  it('open to what was sealed, for the same key and the same place alone', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: 2 ** 32 - 1 }),
        fc.string(),
        (plain, number, context) => {
          const sealed = seal(key, number, plain, context)
          expect(sealed.length).toBe(plain.length + SEAL_BYTES)
          expect(keyNumberOf(sealed)).toBe(number)
          expect(unseal(key, sealed, context)).toEqual(Buffer.from(plain))
          expect(unseal(key, sealed, `${context}.`)).toBeUndefined()
          expect(unseal(new Uint8Array(KEY_BYTES), sealed, context)).toBeUndefined()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('do not open with a flipped bit anywhere but in the number of the key, nor when cut short', () => {
    const sealed = seal(key, 3, Buffer.from('Siti Rahasia'), 'here')
    for (let at = 4; at < sealed.length; at++) {
      const flipped = Buffer.from(sealed)
      flipped[at] ^= 1 << (at % 8)
      expect(unseal(key, flipped, 'here'), `byte ${at}`).toBeUndefined()
    }
    for (let length = 0; length < sealed.length; length++) {
      const cut = sealed.subarray(0, length)
      if (keyNumberOf(cut) !== undefined) expect(unseal(key, cut, 'here'), `${length} bytes`).toBeUndefined()
    }
    expect(keyNumberOf(sealed.subarray(0, SEAL_BYTES - 1))).toBeUndefined()
  })

  it('differ each time', () => {
    expect(seal(key, 1, key, 'x')).not.toEqual(seal(key, 1, key, 'x'))
  })
})
