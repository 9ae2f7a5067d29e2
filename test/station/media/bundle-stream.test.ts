/** What is sealed in a bundle: messages of any lengths, in order, without more memory than they need; opened by the age of everybody. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Encrypter, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { openBundle, sealBundle } from '../../../dist/station/media/bundle-stream.js'
import { bytesOf, centre, kiosk, writeBundle } from './sealed-bundle.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-stream-'))
afterAll(() => rmSync(parent, { recursive: true }))

const BUNDLE = 'k3m7q2xdwhz5ab6t'
const sealTo = await identityToRecipient(centre.openingKey)

async function* inPieces(bytes: Uint8Array, pieceBytes = 10_000) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function sealed(messages: Uint8Array[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of sealBundle(BUNDLE, messages, sealTo)) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function opened(
  pieces: AsyncIterable<Uint8Array>,
  { bundle = BUNDLE, key = centre.openingKey, most = 1e6 } = {},
) {
  const messages: Uint8Array[] = []
  for await (const message of openBundle(bundle, pieces, key, most)) messages.push(new Uint8Array(message))
  return messages
}

async function sealedPlain(plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(sealTo)
  return encrypter.encrypt(plain)
}

const head = (version = 1, bundle = BUNDLE) => Buffer.from(`SDKB${String.fromCharCode(version)}\0${bundle}`, 'latin1')

describe('the stream of a bundle', () => {
  it('gives the messages that went in', async () => {
    const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 65_000, max: 140_000 })), {
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1_000, max: 100_000 }), async (lengths, pieceBytes) => {
        const messages = lengths.map(bytesOf)
        const found = await opened(inPieces(await sealed(messages), pieceBytes))
        expect(found.map(message => Buffer.from(message).equals(messages[found.indexOf(message)]))).toEqual(
          messages.map(() => true),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('refuses what is not whole, and what is for others', async () => {
    const bytes = await sealed([bytesOf(100_000), bytesOf(100)])
    const corrupt = expect.objectContaining({ code: 'BUNDLE_CORRUPT' })
    for (const length of [0, 10, 150, 250, 70_000, bytes.length - 1]) {
      await expect(opened(inPieces(bytes.subarray(0, length)))).rejects.toEqual(corrupt)
    }
    const altered = new Uint8Array(bytes)
    altered[80_000] ^= 1
    await expect(opened(inPieces(altered))).rejects.toEqual(corrupt)
    await expect(opened(inPieces(bytes), { bundle: 'aaaaaaaaaaaaaaaa' })).rejects.toEqual(corrupt)
    await expect(opened(inPieces(bytes), { most: 99_999 })).rejects.toEqual(corrupt)
    const forOthers = opened(inPieces(bytes), { key: kiosk.openingKey })
    await expect(forOthers).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOR_US' })
  })

  it('refuses a sender that seals something else', async () => {
    const cases: [Uint8Array, string][] = [
      [Buffer.from('hello'), 'BUNDLE_FORMAT'],
      [Buffer.from('hello, this is something else'), 'BUNDLE_FORMAT'],
      [head(2), 'BUNDLE_VERSION'],
      [Buffer.concat([head(), Buffer.from([1, 0])]), 'BUNDLE_CORRUPT'],
      [Buffer.concat([head(), Buffer.from([5, 0, 0, 0, 1])]), 'BUNDLE_CORRUPT'],
      [Buffer.concat([head(), Buffer.from([0, 0, 0, 0])]), 'BUNDLE_CORRUPT'],
    ]
    for (const [plain, code] of cases) {
      await expect(opened(inPieces(await sealedPlain(plain)))).rejects.toMatchObject({ code })
    }
    expect(await opened(inPieces(await sealedPlain(head())))).toEqual([])
  })

  it('lets errors of what is read and written through as they are, and ends what is given up', async () => {
    const broken = new RangeError('broken')
    async function* failing() {
      yield await sealed([bytesOf(100_000)]).then(bytes => bytes.subarray(0, 80_000))
      throw broken
    }
    await expect(opened(failing())).rejects.toBe(broken)
    async function* messages() {
      yield bytesOf(10)
      throw broken
    }
    await expect(
      (async () => {
        for await (const _ of sealBundle(BUNDLE, messages(), sealTo));
      })(),
    ).rejects.toBe(broken)
    let ended = false
    async function* watched() {
      try {
        yield* inPieces(await sealed([bytesOf(300_000), bytesOf(300_000)]))
      } finally {
        ended = true
      }
    }
    for await (const _ of openBundle(BUNDLE, watched(), centre.openingKey, 1e6)) break
    expect(ended).toBe(true)
  })

  it('holds no more in memory than it must, however long it is', async () => {
    const message = bytesOf(1_000_000)
    let highest = 0
    function* many() {
      for (let i = 0; i < 40; i++) {
        global.gc?.()
        highest = Math.max(highest, process.memoryUsage().arrayBuffers)
        yield message
      }
    }
    const before = process.memoryUsage().arrayBuffers
    let count = 0
    for await (const each of openBundle(BUNDLE, sealBundle(BUNDLE, many(), sealTo), centre.openingKey, 1e6)) {
      count += each.length
    }
    expect(count).toBe(40_000_000)
    // Garbage that was not collected yet is in it; all of the bundle, three times over, would be 120 MB.
    expect(highest - before).toBeLessThan(50_000_000)
  })

  const hasAge = spawnSync('age', ['--version']).status === 0
  it.skipIf(!hasAge)('is opened by the age of everybody, once its parts are put together', async () => {
    const messages = [bytesOf(300_000, 3), bytesOf(400_000, 4)]
    const { files, bundle } = await writeBundle(join(parent, 'age'), messages)
    expect(files.length).toBe(1 + 3)
    const keyFile = join(parent, 'key.txt')
    writeFileSync(keyFile, `${centre.openingKey}\n`)
    const input = Buffer.concat(files.slice(1).map(path => readFileSync(path)))
    const plain = execFileSync('age', ['--decrypt', '-i', keyFile], { input, maxBuffer: 1e7 })
    const length = (bytes: Uint8Array) => Buffer.from(new Uint32Array([bytes.length]).buffer)
    const expected = Buffer.concat([head(1, bundle), ...messages.flatMap(each => [length(each), each])])
    expect(plain.equals(expected)).toBe(true)
  })
})
