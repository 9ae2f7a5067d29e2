import { createHash, createPrivateKey } from 'node:crypto'
import fc from 'fast-check'
import type { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { verifyKeyOf } from '../../../dist/station/identity.js'
import {
  decodeHeader,
  type EntryHeader,
  encodeHeader,
  hashHeader,
  readSignedEntry,
  signHeader,
} from '../../../dist/station/journal/entry.js'

/** RFC 8032, 7.1, test 1. */
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const verifyKey = verifyKeyOf({
  id: 'a',
  verifyKey: Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex').toString('base64'),
})
const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(SEED, 'hex')])
const signingKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })

const HASH = 'ab'.repeat(32)
const header: EntryHeader = {
  v: 1,
  station: '3276-01',
  sequence: 2,
  previous: HASH,
  at: '2026-11-25T08:30:00.000Z',
  kind: 'enrolled',
  direction: 'up',
  record: '0b9f2c',
  recordVersion: 1,
  body: { hash: HASH, size: 312 },
  payloads: [{ role: 'templates', hash: HASH, size: 9_000 }],
}

const GOLDEN =
  `{"v":1,"station":"3276-01","sequence":2,"previous":"${HASH}","at":"2026-11-25T08:30:00.000Z","kind":"enrolled",` +
  `"direction":"up","record":"0b9f2c","recordVersion":1,"body":{"hash":"${HASH}","size":312},` +
  `"payloads":[{"role":"templates","hash":"${HASH}","size":9000}]}`

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const name = fc.string({ unit: fc.constantFrom(...'aZ9._-'), minLength: 1, maxLength: 64 })
const reference = fc.record({ role: name, hash: hex, size: fc.nat({ max: 2 ** 26 }) })
const anyHeader: fc.Arbitrary<EntryHeader> = fc.record(
  {
    v: fc.constant(1 as const),
    station: name,
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    previous: fc.oneof(fc.constant(''), hex),
    at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }).map(date => date.toISOString()),
    kind: name,
    direction: fc.constantFrom('up' as const, 'down' as const, 'local' as const),
    record: name,
    recordVersion: fc.integer({ min: 1, max: 1_000 }),
    to: name,
    body: fc.record({ hash: hex, size: fc.nat({ max: 2 ** 18 }) }),
    payloads: fc.array(reference, { maxLength: 8 }),
  },
  { requiredKeys: ['v', 'station', 'sequence', 'previous', 'at', 'kind', 'direction', 'payloads'] },
)

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as SidikError).code
  }
  return undefined
}

describe('the header of an entry', () => {
  it('has one way of being written, hashed and signed', () => {
    expect(encodeHeader(header).toString()).toBe(GOLDEN)
    const prefixed = createHash('sha256').update(`sidik-journal-1\n${GOLDEN}`).digest('hex')
    const signed = signHeader(header, signingKey)
    expect(Buffer.from(signed.hash).toString('hex')).toBe(prefixed)
    expect(prefixed).toMatchInlineSnapshot(`"08b90d6ac90e9012ddff1fdc7362af86c85c84b0732bdd85707b30e2d5eb876f"`)
    // Ed25519 has one signature for a key and a text.
    expect(Buffer.from(signed.signature).toString('hex')).toMatchInlineSnapshot(
      `"8b7f62c52169f6a5a16edf0a50c3ac5a02c50f26bba723c18064e955b29bdd92d173583ce7cbfbe3ec3fd4f8b043d4b2aff243b11775c4371934685be809c101"`,
    )
    expect(readSignedEntry(Buffer.from(GOLDEN), signed.signature, verifyKey).header).toEqual(header)
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyHeader, any => {
        const bytes = encodeHeader(any)
        expect(decodeHeader(bytes)).toEqual(any)
        expect(encodeHeader(decodeHeader(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['a space', GOLDEN.replace(',', ', ')],
    ['another order', `{"station":"3276-01","v":1${GOLDEN.slice(GOLDEN.indexOf(',"sequence"'))}`],
    ['a field twice', GOLDEN.replace('"v":1', '"v":1,"v":1')],
    ['a field more', GOLDEN.replace('"v":1', '"v":1,"name":"Siti"')],
    ['a number as 2.0', GOLDEN.replace('"sequence":2', '"sequence":2.0')],
    ['sequence 0', GOLDEN.replace('"sequence":2', '"sequence":0')],
    ['another version', GOLDEN.replace('"v":1', '"v":2')],
    ['a time without milliseconds', GOLDEN.replace('.000Z', 'Z')],
    ['a local time', GOLDEN.replace('.000Z', '.000+07:00')],
    ['capital hexadecimal', GOLDEN.replaceAll('ab', 'AB')],
    ['an escaped letter', GOLDEN.replace('enrolled', '\\u0065nrolled')],
    ['a payload that is too large', GOLDEN.replace('9000', '67108865')],
    ['65 payloads', encodeHeader({ ...header, payloads: Array(65).fill(header.payloads[0]) }).toString()],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['deep nesting', '['.repeat(20_000)],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a prototype', GOLDEN.replace('"v":1', '"v":1,"__proto__":{}')],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => decodeHeader(Buffer.from(text as string)))).toBe('ENTRY_CORRUPT')
  })

  it('is refused with any byte altered, as no header or as not signed', () => {
    const { headerBytes, signature } = signHeader(header, signingKey)
    fc.assert(
      fc.property(fc.nat({ max: headerBytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = Buffer.from(headerBytes)
        altered[at] ^= flip
        expect(['ENTRY_CORRUPT', 'ENTRY_FORGED']).toContain(
          codeOf(() => readSignedEntry(altered, signature, verifyKey)),
        )
      }),
      { numRuns: 100 },
    )
    const [first, ...others] = signature
    const forged = Uint8Array.of(first ^ 1, ...others)
    expect(codeOf(() => readSignedEntry(headerBytes, forged, verifyKey))).toBe('ENTRY_FORGED')
    expect(codeOf(() => readSignedEntry(headerBytes, new Uint8Array(), verifyKey))).toBe('ENTRY_FORGED')
  })

  it('has a hash that nothing else which a station signs can have', () => {
    expect(hashHeader(Buffer.from(GOLDEN)).equals(createHash('sha256').update(GOLDEN).digest())).toBe(false)
  })
})
