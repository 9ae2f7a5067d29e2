/** MACs of texts: the same as Node's own HMAC makes, whatever the text, one after the other. */
import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Mac } from '../../../dist/station/store/mac.js'

const hmacOf = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('hex')

it('is the example of RFC 4231, case 2', () => {
  const mac = new Mac(Buffer.from('Jefe'))
  const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  expect(mac.of('what do ya want for nothing?').toString('hex')).toBe(expected)
})

it('is the HMAC of any text, also after a longer one', () => {
  const key = randomBytes(32)
  const mac = new Mac(key)
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 8 })
  fc.assert(
    fc.property(texts, texts => {
      for (const text of texts) expect(mac.of(text).toString('hex')).toBe(hmacOf(key, text))
    }),
  )
})

it('is that of texts around the most that it has room for, of one, two and three bytes a letter', () => {
  const mac = new Mac(new Uint8Array(0))
  for (const letter of ['a', 'é', '€', '\u{1f600}', '\ud800']) {
    for (const length of [0, 1, 63, 64, 255, 256, 511, 512, 513, 1_535, 1_536, 1_537, 5_000]) {
      const text = letter.repeat(length)
      expect(mac.of(text).toString('hex')).toBe(hmacOf(new Uint8Array(0), text))
    }
  }
})
