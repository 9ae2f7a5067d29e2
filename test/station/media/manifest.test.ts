/** The manifest: what was written is read, and one bit that flips anywhere is found and located. */
import { createHash, createPublicKey } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { signingKeyOf } from '../../../dist/station/identity.js'
import { encodeManifest, isSignedBy, type Manifest, readManifest } from '../../../dist/station/media/manifest.js'
import { bytesOf, centre, kiosk } from './sealed-bundle.js'

const key = signingKeyOf(kiosk)
const verifyKey = createPublicKey(key)

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567')
const bundleId = fc.array(letter, { minLength: 16, maxLength: 16 }).map(letters => letters.join(''))
const station = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/)
const part = (chunkBytes: number) =>
  fc.integer({ min: 1, max: 9 * chunkBytes }).map(sizeBytes => ({
    sizeBytes,
    sha256: createHash('sha256').update(String(sizeBytes)).digest(),
    chunkHashes: Buffer.from(bytesOf(32 * Math.ceil(sizeBytes / chunkBytes), sizeBytes)),
  }))
const manifests: fc.Arbitrary<Manifest> = fc.integer({ min: 10, max: 24 }).chain(power =>
  fc.record({
    bundle: bundleId,
    from: station,
    to: station,
    chunkBytes: fc.constant(2 ** power),
    parts: fc.array(part(2 ** power), { minLength: 1, maxLength: 6 }),
  }),
)

/** Where the bytes of a manifest are not sound, as first and last byte; undefined when they are. */
function damageIn(bytes: Buffer): [number, number] | undefined {
  try {
    const read = readManifest(bytes, 'the file')
    return 'what' in read ? [read.offset, read.offset + Math.max(read.bytes, 1) - 1] : undefined
  } catch (error) {
    expect(error).toBeInstanceOf(SidikError)
    const told = /bytes (\d+) to (\d+)/.exec((error as Error).message)
    return told === null ? [-1, -1] : [Number(told[1]), Number(told[2])]
  }
}

describe('a manifest', () => {
  it('is read as it was written, and is known as its sender made it', () => {
    fc.assert(
      fc.property(manifests, manifest => {
        const read = readManifest(encodeManifest(manifest, key), 'the file')
        if ('what' in read) throw new Error(read.what)
        const { digest, signature, ...rest } = read
        expect(rest).toEqual(manifest)
        expect([digest.length, signature.length]).toEqual([32, 64])
        expect(isSignedBy(read, verifyKey)).toBe(true)
        expect(isSignedBy(read, createPublicKey(signingKeyOf(centre)))).toBe(false)
      }),
    )
  })

  it('shows where a bit was flipped, whichever it is', () => {
    const bundle = 'k3m7q2xdwhz5ab6t'
    const parts = [3_000, 1_025].map(sizeBytes => ({
      sizeBytes,
      sha256: Buffer.alloc(32, 1),
      chunkHashes: Buffer.alloc(32 * Math.ceil(sizeBytes / 1_024), 2),
    }))
    const bytes = encodeManifest({ bundle, from: 'kiosk-1', to: 'centre', chunkBytes: 1_024, parts }, key)
    expect(bytes.length).toBe(176 + 44 + 96 + 44 + 64 + 68)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes)
      altered[bit >> 3] ^= 1 << (bit & 7)
      const [from, to] = damageIn(altered) ?? [-1, -1]
      const at = bit >> 3
      if (at < from || at > to) expect.fail(`bit ${bit} was located at ${from} to ${to}`)
      // No wider than what says of one part: of the first, 140 bytes; its size itself may point to the end.
      if (to - from >= 176 && !(at >= 176 && at < 184)) expect.fail(`bit ${bit} was located to ${to - from + 1} bytes`)
    }
  })

  it('that ends early is said to', () => {
    const manifest = fc.sample(manifests, { numRuns: 1, seed: 7 })[0]
    const bytes = encodeManifest(manifest, key)
    for (let length = 0; length < bytes.length; length++) {
      const found = damageIn(bytes.subarray(0, length))
      if (found === undefined) expect.fail(`${length} bytes of ${bytes.length} pass`)
    }
    expect(damageIn(Buffer.concat([bytes, Buffer.alloc(3)]))).toEqual([bytes.length, bytes.length + 2])
  })

  it('of any bytes gives nothing but a manifest, damage or an error of ours', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 1_000 }),
      fc.tuple(manifests, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 })).map(([manifest, changes]) => {
        const bytes = encodeManifest(manifest, key)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      }),
    )
    fc.assert(fc.property(hostile, bytes => void damageIn(Buffer.from(bytes))))
  })

  it('of a newer version is not taken for damage', () => {
    const manifest = fc.sample(manifests, { numRuns: 1, seed: 7 })[0]
    const bytes = encodeManifest(manifest, key)
    bytes.writeUInt16LE(2, 8)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 172)), 172)
    expect(() => readManifest(bytes, 'the file')).toThrow(expect.objectContaining({ code: 'BUNDLE_VERSION' }))
  })
})
