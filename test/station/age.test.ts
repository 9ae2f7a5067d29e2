import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { AgeError, open, seal } from '../../dist/station/age.js'

const CHUNK = 65_536

let identity: string
let recipient: string

beforeAll(async () => {
  identity = await generateX25519Identity()
  recipient = await identityToRecipient(identity)
})

async function* inPieces(bytes: Uint8Array, ...lengths: number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? bytes.length
    yield bytes.subarray(at, at + length)
    at += length
  }
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const whole: Uint8Array[] = []
  for await (const piece of pieces) whole.push(piece)
  return Buffer.concat(whole)
}

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255)
}

/** Lengths at which chunks begin and end, and others. */
const lengths = fc.oneof(
  fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1),
  fc.nat(3 * CHUNK),
)
const pieces = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 })

describe('files of age', () => {
  it('are opened by the library when they were sealed here, and here when it sealed them, in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, pieces, async (length, cut) => {
        const plain = patterned(length)
        const ours = await all(seal(inPieces(plain, ...cut), recipient))
        const decrypter = new Decrypter()
        decrypter.addIdentity(identity)
        expect(Buffer.from(await decrypter.decrypt(ours)).equals(plain)).toBe(true)
        const encrypter = new Encrypter()
        encrypter.addRecipient(recipient)
        const theirs = await encrypter.encrypt(plain)
        expect(theirs.length).toBe(ours.length)
        for (const sealed of [ours, theirs]) {
          expect((await all(open(inPieces(sealed, ...cut), identity))).equals(plain)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('open for each of several recipients', async () => {
    const other = await generateX25519Identity()
    const encrypter = new Encrypter()
    for (const to of [await identityToRecipient(other), recipient]) encrypter.addRecipient(to)
    const sealed = await encrypter.encrypt(patterned(100))
    for (const key of [identity, other]) expect(await all(open(inPieces(sealed, 7), key))).toHaveLength(100)
  })

  it('do not open for others', async () => {
    const sealed = await all(seal(inPieces(patterned(100), 100), recipient))
    const error = await all(open(inPieces(sealed, 50), await generateX25519Identity())).catch(error => error)
    expect(error).toBeInstanceOf(AgeError)
    expect(error.forOthers).toBe(true)
  })

  it('do not open when a byte was altered, taken off or added', async () => {
    const plain = patterned(2 * CHUNK + 500)
    const sealed = await all(seal(inPieces(plain, plain.length), recipient))
    const codeOf = (bytes: Uint8Array) =>
      all(open(inPieces(bytes, 10_000), identity)).then(
        () => 'opened',
        error => (error instanceof AgeError ? 'AgeError' : String(error)),
      )
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const altered = Buffer.from(sealed)
        altered[at] ^= bits
        expect(await codeOf(altered)).toBe('AgeError')
        expect(await codeOf(sealed.subarray(0, at))).toBe('AgeError')
      }),
      { numRuns: 60 },
    )
    const head = sealed.length - plain.length - 3 * 16
    for (const cut of [head, head + 16, head + CHUNK + 16, head + 2 * (CHUNK + 16), sealed.length - 1]) {
      expect(await codeOf(sealed.subarray(0, cut))).toBe('AgeError')
    }
    expect(await codeOf(Buffer.concat([sealed, Buffer.alloc(1)]))).toBe('AgeError')
    // The chunks in another order.
    const [a, b] = [
      sealed.subarray(head, head + CHUNK + 16),
      sealed.subarray(head + CHUNK + 16, head + 2 * (CHUNK + 16)),
    ]
    expect(
      await codeOf(Buffer.concat([sealed.subarray(0, head), b, a, sealed.subarray(head + 2 * (CHUNK + 16))])),
    ).toBe('AgeError')
    // A header without end.
    expect(await codeOf(Buffer.from(`age-encryption.org/v1\n${'-> x y\nAAAA\n'.repeat(10_000)}--- x\n`))).toBe(
      'AgeError',
    )
  })

  it('pass on what their source throws, and end it when they are given up', async () => {
    let ended = 0
    async function* broken(): AsyncGenerator<Uint8Array> {
      try {
        yield patterned(300)
        throw new RangeError('the stick was pulled')
      } finally {
        ended++
      }
    }
    await expect(all(open(broken(), identity))).rejects.toThrow(RangeError)
    await expect(all(seal(broken(), recipient))).rejects.toThrow(RangeError)
    const sealed = await all(seal(inPieces(patterned(3 * CHUNK), CHUNK), recipient))
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield sealed.subarray(0, 2 * CHUNK)
      throw new RangeError('the stick was pulled')
    }
    await expect(all(open(cut(), identity))).rejects.toThrow(RangeError)
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        yield* inPieces(sealed, 1000)
      } finally {
        ended++
      }
    }
    for await (const _ of open(watched(), identity)) break
    expect(ended).toBe(3)
  })
})
